import type { ChangeKind } from "../digest/delta.ts";
import type { NamedArtifact } from "../model/artifact-name.ts";
import { namedArtifact } from "../model/artifact-name.ts";
import { type Artifact, vulnerabilityKey } from "../model/finding.ts";
import { type Compared, compareFindings, isNews, isRaised } from "../model/finding-sets.ts";
import { type Context, fixedOf, put, remember } from "./difference-context.ts";
import { linesOf } from "./lines.ts";

/** The same digest, or the same node pool. */
export function same(before: Artifact, after: Artifact, context: Context): void {
  const { dictionary, result } = context;
  const compared = compareFindings(before.findings, after.findings, dictionary);
  const { added, removed, changed } = compared;
  if (added.length + removed.length + changed.length === 0) return;
  const named = namedArtifact(after);
  changes(named, compared, context);
  again(added, named, linesOf(after), "new", context);
  // A digest never changes: what is no longer reported was withdrawn. A pool's nodes do.
  const { fixed, others } =
    after.kind === "node-pool" ? fixedOf(removed, [after], context) : { fixed: [], others: removed };
  put(result, { kind: "fixed", artifact: named, ids: fixed });
  put(result, { kind: "withdrawn", artifact: named, ids: others });
  remember(fixed, linesOf(after), context);
}

export function changes(
  artifact: NamedArtifact,
  { changed }: Compared,
  { before: snapshot, dictionary, result }: Context,
): void {
  const learning = snapshot.head.details?.state !== "read";
  for (const [kind, is] of [
    ["raised", isRaised],
    ["news", isNews],
  ] as const) {
    const some = changed.filter(({ before, after }) => is(before, after, dictionary, learning));
    const ids = some.map(({ after }) => after);
    put(result, { kind, artifact, ids, before: some.map(({ before }) => before) });
  }
}

/** What was fixed earlier in one of the lines is back again; the rest is of the other kind. */
export function again(
  ids: readonly number[],
  artifact: NamedArtifact,
  on: readonly string[],
  kind: ChangeKind,
  { dictionary, memory, result }: Context,
  previous?: string,
): void {
  const back = new Set(
    ids.filter((id) => {
      const key = vulnerabilityKey(dictionary.vulnerability(id)!);
      return on.some((line) => memory.has(line, key));
    }),
  );
  const others = ids.filter((id) => !back.has(id));
  put(result, { kind: "regressed", artifact, ids: [...back], ...(previous && { previous }) });
  put(result, { kind, artifact, ids: others, ...(previous && { previous }) });
}
