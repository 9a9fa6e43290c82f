import { z } from "zod";
import { again, done, job } from "../../definitions/job.ts";
import { compareCompliance } from "../../domain/compliance/watch/compare.ts";
import { UpstreamError } from "../../errors.ts";
import { announceCompliance } from "./announce.ts";

const retrySeconds = 300;
/** After so long without an answer from Azure, the comparison is left to the next slot. */
const giveUpAfterMinutes = 6 * 60;

/**
 * Compares each day's reading of compliance with the one before. What changed is stored with the reading in one write, then
 * published, then marked as published: a run that is killed in between publishes the same again, which changes nothing.
 */
export default job({
  texts: {
    en: {
      summary: "Compares compliance with the last reading, posts controls that changed and sums up each week",
    },
    ja: {
      summary:
        "規制コンプライアンスを前回の読み取り結果と比較し、変化したコントロールと週ごとのまとめを投稿します",
    },
  },
  payload: z.object({ slot: z.iso.datetime({ offset: true }).optional() }),
  schedule: "compliance",
  retries: 3,
  key: () => "watch-compliance",
  async run(payload, ports, run) {
    const { store, readings, clock, log } = ports;
    const slot = new Date(run.slot ?? payload.slot ?? clock.now()).toISOString();
    const before = await store.compliance.load();
    if (before.newer) return done("a newer version keeps the state");
    const settled = await announceCompliance(before, ports);
    if (!settled) return again(1);
    if (settled.state && settled.state.slot >= slot) return done(`${settled.state.slot} was compared`);
    const read = await readings.compliance().catch((error: unknown) => {
      if (!(error instanceof UpstreamError)) throw error;
      log.warn({ code: error.code, status: error.status, slot }, "compliance could not be read");
      return error;
    });
    if (read instanceof UpstreamError) {
      const minutes = (Date.parse(clock.now()) - Date.parse(slot)) / 60_000;
      if (minutes >= giveUpAfterMinutes) return done("compliance could not be read");
      return again(Math.max(read.retryAfter ?? 0, retrySeconds));
    }
    const state = compareCompliance(settled.state, read, slot);
    const saved = await store.compliance.save(settled, state);
    if (!saved || !(await announceCompliance(saved, ports))) return again(1);
    return done(`${state.pending?.changes.length ?? 0} changes of controls`);
  },
});
