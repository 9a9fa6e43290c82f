import { z } from "zod";
import { done, job } from "../definitions/job.ts";
import type { Ports } from "../definitions/ports.ts";
import {
  aboutHunt,
  compareHunt,
  type HuntOutcome,
  type HuntWatch,
  huntEvent,
  huntWatchId,
} from "../domain/hunts/hunt-watch.ts";
import type { Hunt } from "../domain/hunts/hunts.ts";
import { UpstreamError } from "../errors.ts";
import { each } from "../text/each.ts";

/** Hunts are heavier than what people ask for: others go first. */
const atOnce = 2;

/**
 * Compares each watched hunt with its last reading. What changed is stored with the reading in one write, then published,
 * then marked as published: a run that is killed in between publishes the same again, which changes nothing.
 */
export default job({
  texts: {
    en: { summary: "Runs the hunts that channels watch and posts which rows appeared or went" },
    ja: { summary: "チャンネルが監視しているハントを実行し、現れた行と消えた行を投稿します" },
  },
  payload: z.object({}),
  schedule: "hunts",
  retries: 3,
  key: () => "watch-hunts",
  async run(_payload, ports) {
    const watches = await ports.store.hunts.list();
    if (watches.length === 0) return done();
    for (const watch of watches) await publishPending(watch, ports);
    const { hunts } = await ports.azure.hunts();
    // Of several channels that watch the same, one reading is for all.
    const same = Map.groupBy(watches, (watch) => huntWatchId({ ...watch, channel: "" }));
    await each([...same.values()], (group) => compareAll(group, hunts, ports), atOnce);
    return done(`${same.size} hunts`);
  },
});

async function compareAll(group: readonly HuntWatch[], hunts: readonly Hunt[], ports: Ports): Promise<void> {
  const outcome = await read(group[0]!, hunts, ports);
  const at = ports.clock.now();
  for (const { id } of group) {
    const changed = await ports.store.hunts.change(id, (watch) => compareHunt(watch, outcome, at));
    // Undefined where someone ended it meanwhile.
    if (changed) await publishPending(changed.watch, ports);
  }
}

async function read(
  { hunt: name, scope, cve }: HuntWatch,
  hunts: readonly Hunt[],
  ports: Ports,
): Promise<HuntOutcome> {
  const hunt = hunts.find((one) => one.name === name);
  if (!hunt) return { trouble: "removed", detail: "", passing: false };
  try {
    return { answer: await ports.azure.hunt(hunt, { scope, cve }), about: aboutHunt(hunt) };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    ports.log.warn({ hunt: name, code: error.code, status: error.status }, "a watched hunt failed");
    const passing = error.retryable || error.status !== 400;
    return { trouble: passing ? "no-answer" : "rejected", detail: error.message, passing };
  }
}

async function publishPending(
  watch: HuntWatch,
  { store, publish }: Pick<Ports, "store" | "publish">,
): Promise<void> {
  const event = huntEvent(watch);
  if (!event) return;
  await publish("hunt", [event]);
  const { at, kind } = event.news;
  await store.hunts.change(watch.id, ({ pending, ...rest }) =>
    pending?.at === at && pending.kind === kind ? rest : undefined,
  );
}
