import { z } from "zod";
import { again, done, job } from "../../definitions/job.ts";
import { UpstreamError } from "../../errors.ts";

const retrySeconds = 300;
/** After so long without an answer from Azure, channels are notified; later, the scan is left to the next slot. */
const tellAfterMinutes = 60;
const giveUpAfterMinutes = 12 * 60;

/**
 * One digest for each slot: reads every finding, compares with the last snapshot, and tells each channel what its filter
 * lets through. A run that is killed goes on where it was: what is written is not read again, and what was announced is
 * announced the same.
 */
export default job({
  texts: {
    en: {
      summary: "Reads all findings, compares them with the last snapshot and posts the digest of a slot",
    },
    ja: { summary: "すべての検出結果を読み取り、前回のスナップショットと比較してまとめを投稿します" },
  },
  payload: z.object({ slot: z.iso.datetime({ offset: true }).optional() }),
  schedule: "rescan",
  retries: 3,
  key: () => "rescan",
  async run(payload, ports, run) {
    const [{ scan }, { announceHeld, announceSnapshot }] = await Promise.all([
      import("./scan.ts"),
      import("./announce.ts"),
    ]);
    const { store, clock, log, trouble } = ports;
    const slot = new Date(run.slot ?? payload.slot ?? clock.now()).toISOString();
    // A digest that a killed run did not finish comes first: the next one is compared with its snapshot.
    const waiting = await store.findings.current();
    if (waiting && waiting.slot > ((await store.findings.published()) ?? "")) {
      await announceSnapshot(waiting.slot, ports);
    }
    const published = await store.findings.published();
    if (published && published >= slot) return done(`the digest of ${published} is there`);
    const held = await store.findings.held();
    try {
      const outcome = held?.slot === slot ? "held" : await scan(slot, ports);
      if (outcome === "superseded") return again(1);
      await trouble.resolved("rescan");
      return done(await (outcome === "held" ? announceHeld(ports) : announceSnapshot(slot, ports)));
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.system !== "azure") throw error;
      const minutes = (Date.parse(clock.now()) - Date.parse(slot)) / 60_000;
      log.warn({ code: error.code, status: error.status, slot }, "the findings could not be read");
      if (minutes >= tellAfterMinutes) {
        const subscribed = (await store.subscriptions.list()).filter(({ topic }) => topic === "rescan");
        const channels = [...new Set(subscribed.map(({ channel }) => channel))];
        await trouble.tell({
          what: "rescan",
          kind: "findings",
          name: "rescan",
          detail: error.message,
          channels,
        });
      }
      if (minutes >= giveUpAfterMinutes) return done("Azure could not be read");
      return again(Math.max(error.retryAfter ?? 0, retrySeconds));
    }
  },
});
