import type { Snapshot } from "../domain/findings/model/snapshot.ts";
import type { FindingsPort } from "../ports/findings.ts";

/** The last complete snapshot of findings; undefined where there was none yet. */
export async function lastSnapshot(
  findings: Pick<FindingsPort, "current" | "open">,
): Promise<Snapshot | undefined> {
  // Between the two questions another scan may have ended, and the one before may be gone.
  for (let tries = 0; tries < 3; tries++) {
    const head = await findings.current();
    const snapshot = head && (await findings.open(head.slot));
    if (snapshot || !head) return snapshot;
  }
  return undefined;
}
