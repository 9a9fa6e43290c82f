import type { SnapshotHead } from "../model/snapshot.ts";

/**
 * An estate of at least so many findings does not lose half of them overnight, and one of so many not all; smaller ones
 * may: a team that updates its three images has done just that.
 */
const halfFrom = 500;
const allFrom = 20;

/**
 * True where far fewer findings are there than before, although what could not be read was taken over: then something is
 * wrong with the reading, or with what is read, and nothing of it is announced as fixed.
 */
export function isShrunk(before: SnapshotHead | undefined, now: Pick<SnapshotHead, "findings">): boolean {
  if (!before) return false;
  if (now.findings === 0) return before.findings >= allFrom;
  return before.findings >= halfFrom && now.findings < before.findings / 2;
}
