import type { SnapshotHead } from "./snapshot.ts";

/** True where details of CVEs are missing: their permission, or an answer. */
export function lacksDetails({ details }: Pick<SnapshotHead, "details">): boolean {
  return details?.state === "no-access" || details?.state === "failed";
}

/** True where every source was read: only then may something be called unaffected. */
export function isReadWhole(head: SnapshotHead): boolean {
  const models = head.models.every(({ error, silent }) => !error && !silent);
  const artifacts = head.stale === 0 && !head.partial;
  return models && artifacts && head.unread.length === 0 && !lacksDetails(head);
}
