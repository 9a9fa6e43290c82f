import type { Rebuilt } from "../digest/delta.ts";
import { namedArtifact } from "../model/artifact-name.ts";
import { type Artifact, vulnerabilityKey } from "../model/finding.ts";
import { type Compared, compareFindings } from "../model/finding-sets.ts";
import { type Context, fixedOf, pick, put, remember } from "./difference-context.ts";
import { linesOf, type Move } from "./lines.ts";
import { again, changes } from "./same-artifact.ts";

/** An image that was not there before: of a line that held another one, or new altogether. */
export function appeared(artifact: Artifact, context: Context): void {
  const { before, lineage, result, dictionary, unknown } = context;
  const named = namedArtifact(artifact);
  const holders = [...lineage.holdersBefore(artifact.key)].sort();
  if (holders.length === 0 && unknown.is(artifact)) {
    put(result, { kind: "first-read", artifact: named, ids: [...artifact.findings] });
    return;
  }
  if (holders.length === 0) {
    if (artifact.findings.length > 0 && artifact.kind === "image") result.newImages.push(named);
    const kind = artifact.kind === "image" ? "new-image" : "new";
    again([...artifact.findings], named, linesOf(artifact), kind, context);
    return;
  }
  let rest = artifact.findings;
  const changed = new Map<number, Compared["changed"][number]>();
  for (const key of holders) {
    const compared = compareFindings(pick(before, key).findings, rest, dictionary);
    for (const one of compared.changed) changed.set(one.after, one);
    rest = Uint32Array.from(compared.added);
  }
  changes(named, { added: [], removed: [], changed: [...changed.values()] }, context);
  again([...rest], named, linesOf(artifact), "new", context, holders[0]);
}

/** A tag or a workload that this image had is another one's now. */
export function movedOn(artifact: Artifact, moves: Move[], context: Context): void {
  const { after, dictionary, result } = context;
  const kinds = { fixed: new Map<number, string>(), withdrawn: new Map<number, string>() };
  for (const [, alike] of Map.groupBy(moves, ({ to }) => to.join(" "))) {
    const to = alike[0]!.to;
    const heirs = to.map((key) => pick(after, key));
    let removed = artifact.findings;
    for (const { findings } of heirs) {
      removed = Uint32Array.from(compareFindings(removed, findings, dictionary).removed).sort();
    }
    const { added } = compareFindings(artifact.findings, heirs[0]!.findings, dictionary);
    const { fixed, others } = fixedOf(removed, heirs, context);
    for (const id of fixed) if (!kinds.fixed.has(id)) kinds.fixed.set(id, to[0]!);
    for (const id of others) kinds.withdrawn.set(id, to[0]!);
    remember(
      fixed,
      alike.map(({ line }) => line),
      context,
    );
    result.rebuilt.push({ ...rebuiltOf(artifact, heirs[0]!, alike), fixed, added });
  }
  for (const id of kinds.fixed.keys()) kinds.withdrawn.delete(id);
  for (const kind of ["fixed", "withdrawn"] as const)
    for (const [to, pairs] of Map.groupBy(kinds[kind], ([, heir]) => heir)) {
      const ids = pairs.map(([id]) => id).sort((a, b) => a - b);
      put(result, { kind, artifact: namedArtifact(pick(after, to)), previous: artifact.key, ids });
    }
}

function rebuiltOf(from: Artifact, to: Artifact, moves: Move[]): Omit<Rebuilt, "fixed" | "added"> {
  const best = moves.find(({ by, place }) => by === "tag" && !place.endsWith(":latest")) ?? moves[0]!;
  const { image, where } = namedArtifact(to);
  // `registry|repository:tag`, or `subscription|cluster|namespace|workload|container`.
  const parts = best.place.split("|");
  const name = best.by === "workload" ? image : best.by === "tag" ? parts.slice(1).join("|") : parts[1]!;
  return { image: name, from: from.key, to: to.key, by: best.by, where };
}

/** An image that was there before, and has a line now that another one had: what was fixed there is back. */
export function rolledBack(artifact: Artifact, gained: readonly string[], context: Context): void {
  const { before, lineage, dictionary, memory, result } = context;
  let rest = artifact.findings;
  for (const key of lineage.holdersBefore(artifact.key)) {
    rest = Uint32Array.from(compareFindings(pick(before, key).findings, rest, dictionary).added);
  }
  const ids = [...rest].filter((id) => {
    const key = vulnerabilityKey(dictionary.vulnerability(id)!);
    return gained.some((line) => memory.has(line, key));
  });
  put(result, { kind: "regressed", artifact: namedArtifact(artifact), ids });
}
