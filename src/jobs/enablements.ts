import { z } from "zod";
import { bringUpToDate } from "../approvals/kept.ts";
import { again, done, job } from "../definitions/job.ts";
import { isSettled } from "../domain/enablement/enablement.ts";
import { enablementsJob, keptEnablements } from "../enablement/request.ts";

/** Makes what was approved, one request at a time for itself, and looks for the evidence that it works. */
export default job({
  texts: {
    en: {
      summary:
        "Turns on in Azure what was approved with enable, and reports when the evidence shows that it works",
    },
    ja: { summary: "enable で承認された設定を Azure で有効にし、動作が確認できた時点で報告します" },
  },
  payload: z.object({ id: z.string().optional() }),
  schedule: { cron: "*/5 * * * *" },
  retries: 10,
  // One request at a time: two runs of the same one would write twice.
  key: ({ id }) => `enablements-${id ?? "all"}`,
  async run({ id }, ports) {
    const { store, queue } = ports;
    if (id === undefined) {
      const all = await store.enablements.list();
      for (const one of all.filter(isSettled)) await bringUpToDate(one, keptEnablements(ports), ports);
      const open = all.filter((one) => !isSettled(one));
      for (const one of open) await queue.enqueue(enablementsJob, { id: one.id });
      return done(open.length > 0 ? `${open.length} open` : undefined);
    }
    const [{ carryOut }, { prove }] = await Promise.all([
      import("../enablement/carry-out.ts"),
      import("../enablement/prove.ts"),
    ]);
    let one = await store.enablements.get(id);
    if (one) await bringUpToDate(one, keptEnablements(ports), ports);
    if (one?.state === "approved") one = await carryOut(one, ports);
    if (one?.state !== "proving") return done();
    const seconds = await prove(one, ports);
    return seconds === undefined ? done() : again(seconds);
  },
});
