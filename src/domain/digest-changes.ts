import { type Breathe, breather } from "./breathe.ts";
import { headerLine, lineWriter, mostRows, rowLine } from "./change-rows.ts";
import { changeKinds, type FindingChange, type PlaceCount, type RescanDigest } from "./delta.ts";
import type { Delta, Difference } from "./difference-context.ts";
import { type DigestFilter, passing, severityBit } from "./digest-filter.ts";
import { worseVulnerability } from "./find-artifacts.ts";
import { vulnerabilityKey } from "./finding.ts";
import { placeCount } from "./open-counts.ts";
import { severities } from "./severity.ts";
import type { Snapshot } from "./snapshot.ts";

type Parts = Pick<RescanDigest, "counts" | "newImages" | "goneImages" | "rebuilt" | "worst" | "changes">;

/** What is news, and worth a line of its own. */
const worthSaying = new Set<string>(["new", "regressed", "raised", "news"]);
/** What could not be told is no change: it stands last. */
const noChange = new Set<string>(["scan-missing", "not-read"]);
const mostWorst = 20;

/**
 * The part of a difference that a filter lets through, worst first.
 * @param places counts of places, to which what was added and fixed is added
 * @param before the snapshot that was compared with, for what `raised` and `news` were
 */
export async function digestChanges(
  { deltas, rebuilt, newImages, goneImages }: Difference,
  filter: DigestFilter,
  { slot, snapshot }: { slot: string; snapshot: Snapshot },
  places: Map<string, PlaceCount>,
): Promise<Parts> {
  const breathe = breather();
  const counts: Parts["counts"] = {};
  const ranked = buckets();
  for (const delta of deltas) {
    const bits = passing(filter, delta.artifact.where);
    if (bits === 0) continue;
    const some = inOrder(delta, snapshot, bits);
    for (const { vulnerability } of some) {
      counts[delta.kind] ??= {};
      const kind = counts[delta.kind]!;
      kind[vulnerability.severity] = (kind[vulnerability.severity] ?? 0) + 1;
    }
    countPlaces(places, delta, some.length, filter);
    ranked.add(delta, some);
    const pause = breathe(20 * delta.ids.length);
    if (pause) await pause;
  }
  const visible = ({ where }: { where: Delta["artifact"]["where"] }) => passing(filter, where) !== 0;
  const { worst, rows, deflated } = await written(ranked, slot, breathe);
  return {
    counts,
    newImages: newImages.filter(visible).length,
    goneImages: goneImages.filter(visible).length,
    rebuilt: rebuilt
      .filter((one) => visible(one) && one.fixed + one.added > 0)
      .sort((a, b) => b.fixed + b.added - (a.fixed + a.added) || (a.image < b.image ? -1 : 1)),
    worst,
    changes: {
      rows,
      ...(rows > mostRows && { kept: mostRows }),
      deflated,
    },
  };
}

type Entry = { vulnerability: FindingChange["vulnerability"]; before?: FindingChange["before"] };

function inOrder({ ids, before }: Delta, { dictionary }: Snapshot, bits: number): Entry[] {
  const entries: Entry[] = [];
  for (const [index, id] of ids.entries()) {
    const vulnerability = dictionary.vulnerability(id);
    if (!vulnerability || !(bits & severityBit(vulnerability.severity))) continue;
    const old = before && dictionary.vulnerability(before[index]!);
    if (!old) entries.push({ vulnerability });
    else {
      const { severity, fix, fixed, exploit } = old;
      entries.push({
        vulnerability,
        before: { severity, fix, exploit, ...(fixed !== undefined && { fixed }) },
      });
    }
  }
  return entries.sort((a, b) => worseVulnerability(a.vulnerability, b.vulnerability));
}

function countPlaces(
  places: Map<string, PlaceCount>,
  { kind, artifact }: Delta,
  count: number,
  filter: DigestFilter,
): void {
  const field = kind === "fixed" ? "fixed" : ["new", "regressed", "new-image"].includes(kind) ? "added" : "";
  if (field === "" || count === 0) return;
  const inside = artifact.where.filter((place) => passing(filter, [place]) !== 0);
  const named = (of: "registry" | "cluster") => new Set(inside.flatMap((place) => place[of] ?? []));
  for (const name of named("registry")) placeCount(places, "registry", name)[field] += count;
  for (const name of named("cluster")) placeCount(places, "cluster", name)[field] += count;
}

type Ranked = { delta: Delta; entry: Entry };

/** Changes by how bad they are: severity, exploit, fix, running, exposed. */
function buckets() {
  const found = new Map<number, Ranked[]>();
  return {
    add(delta: Delta, entries: readonly Entry[]) {
      const { running, exposed } = delta.artifact;
      for (const entry of entries) {
        const { severity, exploit, fix } = entry.vulnerability;
        const flags = [noChange.has(delta.kind), !exploit, fix !== "available", !running, !exposed];
        const [last, ...rest] = flags.map(Number);
        const rank = rest.reduce((sum, flag) => sum * 2 + flag, last! * 8 + severities.indexOf(severity));
        const bucket = found.get(rank);
        if (bucket) bucket.push({ delta, entry });
        else found.set(rank, [{ delta, entry }]);
      }
    },
    *worstFirst(): Iterable<Ranked> {
      for (const rank of [...found.keys()].sort((a, b) => a - b)) yield* found.get(rank)!;
    },
  };
}

async function written(
  ranked: ReturnType<typeof buckets>,
  slot: string,
  breathe: Breathe,
): Promise<{ worst: FindingChange[]; rows: number; deflated: string }> {
  const worst = new Map<string, FindingChange>();
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
    if (worthSaying.has(delta.kind) && worst.size < mostWorst) {
      // Raised and news at once is said once.
      const name = `${delta.artifact.key} ${vulnerabilityKey(entry.vulnerability)}`;
      if (!worst.has(name)) worst.set(name, change);
    }
    const pause = breathe(25);
    if (pause) await pause;
  }
  await writer.write(text);
  const deflated = await writer.base64();
  return { worst: [...worst.values()], rows, deflated: rows > 0 ? deflated : "" };
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

/** The order in which changes of one rank stand, whatever the order in which they were found. */
export function sortDeltas(deltas: Delta[]): void {
  const text = ({ artifact }: Delta) => `${artifact.image} ${artifact.key}`;
  const order = (delta: Delta) => changeKinds.indexOf(delta.kind);
  deltas.sort((a, b) => order(a) - order(b) || (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
}
