import { z } from "zod";
import { done, job } from "../definitions/job.ts";

const prefix = "stored:";

/** Reports stored values that could not be read, once for each kind of state, and once more when none are left. */
export default job({
  texts: {
    en: { summary: "Reports stored values that can't be read to the admin, and when none are left" },
    ja: { summary: "読み取れない保存値を管理者に通知し、解消したときにも通知します" },
  },
  payload: z.object({}),
  schedule: { cron: "*/5 * * * * *" },
  retries: 0,
  key: () => "report-unreadable",
  async run(_payload, { store, trouble, metrics }) {
    const values = await store.quarantine.list();
    metrics.gauge("stored_values_unreadable", values.length);
    const kinds = Map.groupBy(values, ({ kind }) => kind);
    for (const [kind, some] of kinds) {
      const { key, field, why, remove } = some.at(-1)!;
      const place = field === undefined ? key : `${key} ${field}`;
      const detail = `${place}: ${why}${some.length > 1 ? ` (+${some.length - 1})` : ""}`;
      await trouble.tell({ what: prefix + kind, kind: "stored", name: kind, detail, command: remove });
    }
    for (const { what } of await store.trouble.list()) {
      const kind = what.startsWith(prefix) && what.slice(prefix.length);
      if (kind && !values.some((value) => value.kind === kind)) await trouble.resolved(what);
    }
    return done(values.length > 0 ? `${values.length} values could not be read` : undefined);
  },
});
