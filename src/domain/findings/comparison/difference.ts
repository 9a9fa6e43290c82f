import { breather } from "../../../text/yield-to-event-loop.ts";
import { namedArtifact } from "../model/artifact-name.ts";
import type { Artifact } from "../model/finding.ts";
import { inKeyOrder } from "../model/key-order.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { firstRead } from "../reading/first-read.ts";
import { type Context, type Difference, pick, put } from "./difference-context.ts";
import type { FixedMemory } from "./fixed-before.ts";
import { lines } from "./lines.ts";
import { appeared, movedOn, rolledBack } from "./replaced-images.ts";
import { same } from "./same-artifact.ts";

/** Images are rescanned daily [facts/defender.md, section 3]; two missed ones are worth a word. */
const scanMissingMilliseconds = 2 * 86_400_000;

/**
 * What happened between two snapshots of one dictionary; each kind of change is defined in docs/findings.md.
 * @param memory what was fixed in earlier scans
 */
export async function compareSnapshots(
  before: Snapshot,
  after: Snapshot,
  memory: FixedMemory,
): Promise<Difference> {
  const { dictionary, head } = after;
  const result: Difference = { deltas: [], rebuilt: [], newImages: [], goneImages: [], fixed: [] };
  const lineage = lines();
  const fresh: string[] = [];
  const left: string[] = [];
  const unknown = firstRead(before.head);
  const context: Context = { before, after, dictionary, memory, lineage, result, unknown };
  for await (const [old, now] of inKeyOrder(before.artifacts(), after.artifacts())) {
    // What was read in part then, or is read in part now, is compared when both are whole.
    const known = old?.partial ? undefined : old;
    const whole = now?.partial ? undefined : now;
    lineage.add(known, whole);
    if (old) unknown.add(old);
    if (now) notWhole(now, Date.parse(head.asOf), result);
    if (known && whole) same(known, whole, context);
    else if (whole) fresh.push(whole.key);
    if (known && !now) left.push(known.key);
  }
  const breathe = breather();
  for (const key of fresh) {
    const artifact = pick(after, key);
    appeared(artifact, context);
    await breathe(10 * artifact.findings.length + 100);
  }
  const isFresh = new Set(fresh);
  for (const { key } of after.records) {
    const gained = isFresh.has(key) ? [] : lineage.gained(key);
    if (gained.length > 0) rolledBack(pick(after, key), gained, context);
    await breathe(5 + 100 * gained.length);
  }
  const gone = new Set(left);
  for (const { key } of before.records) {
    const moves = lineage.movedFrom(key);
    if (moves.length > 0) {
      const artifact = pick(before, key);
      if (!artifact.partial) movedOn(artifact, moves, context);
      await breathe(10 * artifact.findings.length + 100);
    } else if (gone.has(key)) {
      const artifact = pick(before, key);
      const named = namedArtifact(artifact);
      if (artifact.findings.length > 0 && artifact.kind === "image") result.goneImages.push(named);
      put(result, { kind: "gone", artifact: named, ids: [...artifact.findings] });
    }
    await breathe(5);
  }
  return result;
}

function notWhole(artifact: Artifact, asOf: number, result: Difference): void {
  const named = () => namedArtifact(artifact);
  if (artifact.stale || artifact.partial) {
    put(result, { kind: "not-read", artifact: named(), ids: [...artifact.findings] });
  } else if (asOf - Date.parse(artifact.scanned ?? "") > scanMissingMilliseconds) {
    put(result, { kind: "scan-missing", artifact: named(), ids: [...artifact.findings] });
  }
}
