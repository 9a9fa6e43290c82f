import { z } from "zod";
import { expire } from "../approvals/kept.ts";
import { done, job } from "../definitions/job.ts";
import { carryOut } from "../exemptions/carry-out.ts";
import { keptExemptions } from "../exemptions/request.ts";
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
  key: ({ id }) => `exemptions-${id ?? "all"}`,
  async run({ id }, ports) {
    const all = (await ports.store.exemptions.list()).filter((one) => !id || one.id === id);
    const approved = all.filter(({ state }) => state === "approved");
    for (const one of all) await expire(one, keptExemptions(ports), ports);
    const failures: unknown[] = [];
    for (const one of approved) await carryOut(one, ports).catch((error: unknown) => failures.push(error));
    await watch(
      all.filter(({ state }) => state === "active"),
      ports,
    );
    // One that Azure doesn't answer for holds up no other; the run is tried again.
    if (failures.length > 0) throw failures[0];
    return done(approved.length > 0 ? `${approved.length} carried out` : undefined);
  },
});
