import { repositoryKey, useKey } from "../model/artifact-merge.ts";
import type { Artifact } from "../model/finding.ts";

/**
 * What moves on from one image to the next: a tag, a running container; and a node pool, which is its own line. Named so
 * that equal lines have equal names from day to day.
 */
export function linesOf({ kind, key, places, uses }: Artifact): string[] {
  if (kind === "node-pool") return [`pool ${key}`];
  return [
    ...places.flatMap((place) => (place.tags ?? []).map((tag) => `tag ${repositoryKey(place)}:${tag}`)),
    ...uses.map((use) => `use ${useKey(use)}`),
  ];
}

/** Who held the lines before, and who holds them now, by artifact key. */
export type Lines = {
  /** One artifact, as it was and as it is; either may be missing. */
  add(before: Artifact | undefined, after: Artifact | undefined): void;
  /** Lines of an artifact that others hold now. */
  movedFrom(key: string): Move[];
  /** Lines that others held before, and not this artifact. */
  gained(key: string): string[];
  /** Artifacts that held a line of this one before. */
  holdersBefore(key: string): Set<string>;
};

/** `to`: every holder now, those first that did not hold it before. */
export type Move = { line: string; to: string[]; by: "tag" | "workload" | "push-time"; place: string };

type Newest = { key: string; pushed: number };

export function lines(): Lines {
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  const heldBefore = new Map<string, string[]>();
  const heldNow = new Map<string, string[]>();
  const untagged = new Set<string>();
  const newestBefore = new Map<string, Newest>();
  const newestAfter = new Map<string, Newest>();

  /** Repositories without tags: the newest image there is what the one before moved on to. */
  function pushLines(): Map<string, { from: string; to: string }> {
    const moved = new Map<string, { from: string; to: string }>();
    for (const repository of untagged) {
      const [from, to] = [newestBefore.get(repository), newestAfter.get(repository)];
      if (from && to && from.key !== to.key && to.pushed > from.pushed) {
        moved.set(repository, { from: from.key, to: to.key });
      }
    }
    return moved;
  }
  let pushed: ReturnType<typeof pushLines> | undefined;

  return {
    add(old, now) {
      pushed = undefined;
      if (old) note(old, before, heldBefore, newestBefore, untagged);
      if (now) note(now, after, heldNow, newestAfter, untagged);
    },

    movedFrom(key) {
      pushed ??= pushLines();
      const moves: Move[] = [];
      for (const line of heldBefore.get(key) ?? []) {
        const holders = after.get(line) ?? [];
        if (holders.length === 0 || holders.includes(key)) continue;
        const old = before.get(line) ?? [];
        const to = [...holders].sort((a, b) => Number(old.includes(a)) - Number(old.includes(b)));
        const by = line.startsWith("tag ") ? "tag" : "workload";
        moves.push({ line, to, by, place: line.slice(4) });
      }
      for (const [repository, { from, to }] of pushed) {
        if (from !== key) continue;
        moves.push({ line: `push ${repository}`, to: [to], by: "push-time", place: repository });
      }
      return moves;
    },

    gained(key) {
      const held = heldNow.get(key) ?? [];
      return held.filter((line) => {
        const old = before.get(line);
        return old !== undefined && !old.includes(key);
      });
    },

    holdersBefore(key) {
      pushed ??= pushLines();
      const holders = new Set((heldNow.get(key) ?? []).flatMap((line) => before.get(line) ?? []));
      for (const { from, to } of pushed.values()) if (to === key) holders.add(from);
      holders.delete(key);
      return holders;
    },
  };
}

function note(
  artifact: Artifact,
  byLine: Map<string, string[]>,
  byKey: Map<string, string[]>,
  newest: Map<string, Newest>,
  untagged: Set<string>,
): void {
  const held = linesOf(artifact);
  byKey.set(artifact.key, held);
  for (const line of held) {
    const holders = byLine.get(line);
    if (holders) holders.push(artifact.key);
    else byLine.set(line, [artifact.key]);
  }
  for (const place of artifact.places) {
    const repository = repositoryKey(place);
    if (place.tags === undefined) untagged.add(repository);
    const pushed = Date.parse(place.pushed ?? "");
    const best = newest.get(repository);
    if (pushed && (!best || pushed > best.pushed)) newest.set(repository, { key: artifact.key, pushed });
  }
}
