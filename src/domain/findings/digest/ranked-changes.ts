import type { Breathe } from "../../../text/yield-to-event-loop.ts";
import { severities } from "../../severity.ts";
import type { Delta } from "../comparison/difference-context.ts";
import { vulnerabilityKey } from "../model/finding.ts";
import { isUrgent } from "../search/find-artifacts.ts";
import { headerLine, lineWriter, mostRows, rowLine } from "./change-rows.ts";
import type { FindingChange } from "./delta.ts";

/** What is news, and worth a line of its own. */
const worthSaying = new Set<string>(["new", "regressed", "raised", "news"]);
/** What could not be read is no change: it comes last. */
const noChange = new Set<string>(["scan-missing", "not-read", "first-read"]);
const mostWorst = 20;

/** One finding of a delta, as it is and as it was. */
export type Entry = { vulnerability: FindingChange["vulnerability"]; before?: FindingChange["before"] };

type Ranked = { delta: Delta; entry: Entry };

/** Changes by how bad they are: running, exploited and fixable first; then severity, exploit, EPSS, fix, running, exposed. */
export function rankedChanges() {
  const buckets = new Map<number, Ranked[]>();
  return {
    add(delta: Delta, entries: readonly Entry[]) {
      const { running, exposed } = delta.artifact;
      for (const entry of entries) {
        const { severity, exploit, fix } = entry.vulnerability;
        const flags = [noChange.has(delta.kind), !exploit, fix !== "available", !running, !exposed];
        const [last, ...rest] = flags.map(Number);
        const first = running && isUrgent(entry.vulnerability) ? 0 : 1;
        const likely = Math.floor((entry.vulnerability.epss ?? 0) / 10);
        const worst = (last! * 2 + first) * 8 + severities.indexOf(severity);
        const [noExploit, ...others] = rest;
        const rank = others.reduce(
          (sum, flag) => sum * 2 + flag,
          (worst * 2 + noExploit!) * 11 + 10 - likely,
        );
        const bucket = buckets.get(rank);
        if (bucket) bucket.push({ delta, entry });
        else buckets.set(rank, [{ delta, entry }]);
      }
    },
    *worstFirst(): Iterable<Ranked> {
      for (const rank of [...buckets.keys()].sort((a, b) => a - b)) yield* buckets.get(rank)!;
    },
  };
}

/** The worst ones, and the rows of as many as anybody reads. */
export async function written(
  ranked: ReturnType<typeof rankedChanges>,
  slot: string,
  breathe: Breathe,
): Promise<{ worst: FindingChange[]; rows: number; deflated: string }> {
  const worst = new Map<string, FindingChange>();
  const ofNewImages = new Map<string, FindingChange>();
  const writer = lineWriter();
  let text = headerLine();
  let rows = 0;
  for (const { delta, entry } of ranked.worstFirst()) {
    rows++;
    if (rows > mostRows) continue;
    const change = changeOf(delta, entry, slot);
    text += rowLine(change);
    if (text.length > 64_000) {
      await writer.write(text);
      text = "";
    }
    const list = worthSaying.has(delta.kind) ? worst : delta.kind === "new-image" ? ofNewImages : undefined;
    if (list && list.size < mostWorst) {
      // Raised and news at once is said once.
      const name = `${delta.artifact.key} ${vulnerabilityKey(entry.vulnerability)}`;
      if (!list.has(name)) list.set(name, change);
    }
    const pause = breathe(25);
    if (pause) await pause;
  }
  await writer.write(text);
  const deflated = await writer.base64();
  return {
    worst: [...worst.values(), ...ofNewImages.values()].slice(0, mostWorst),
    rows,
    deflated: rows > 0 ? deflated : "",
  };
}

function changeOf(
  { kind, artifact, previous }: Delta,
  { vulnerability, before }: Entry,
  slot: string,
): FindingChange {
  const isNew = ["new", "new-image", "regressed"].includes(kind);
  return {
    kind,
    vulnerability,
    ...(before && { before }),
    image: artifact.image,
    artifact: artifact.key,
    ...(previous && { previous }),
    kindOfArtifact: artifact.kind,
    where: artifact.where,
    registries: artifact.registries,
    clusters: artifact.clusters,
    running: artifact.running,
    exposed: artifact.exposed,
    ...(isNew && { since: slot.slice(0, 10) }),
  };
}
