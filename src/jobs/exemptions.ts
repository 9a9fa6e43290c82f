import { z } from "zod";
import { expire } from "../approvals/kept.ts";
import { done, job } from "../definitions/job.ts";
import { carryOut } from "../exemptions/carry-out.ts";
import { exemptionsJob, keptExemptions } from "../exemptions/request.ts";
import { watch } from "../exemptions/watch.ts";

/** Carries out what was approved, and watches what is in force. */
export default job({
  texts: {
    en: {
      summary:
        "Makes approved suppressions and exemptions in Azure, announces their end, and notices when someone removed them",
    },
    ja: {
      summary: "承認された抑制と除外を Azure に設定し、終了を事前に知らせ、ほかの方法での削除を検知します",
    },
  },
  payload: z.object({ id: z.string().optional() }),
  schedule: { cron: "*/5 * * * *" },
  retries: 5,
  // One at a time for itself: two runs of the same one would write and audit twice.
  key: ({ id }) => `exemptions-${id ?? "all"}`,
  async run({ id }, ports) {
    const { store, queue } = ports;
    if (id !== undefined) {
      const one = await store.exemptions.get(id);
      if (one?.state === "approved") await carryOut(one, ports);
      return done();
    }
    const all = await store.exemptions.list();
    for (const one of all) await expire(one, keptExemptions(ports), ports);
    const approved = all.filter(({ state }) => state === "approved");
    for (const one of approved) await queue.enqueue(exemptionsJob, { id: one.id });
    await watch(
      all.filter(({ state }) => state === "active"),
      ports,
    );
    return done(approved.length > 0 ? `${approved.length} approved` : undefined);
  },
});
