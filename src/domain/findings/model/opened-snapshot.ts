import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import { type ArtifactRecord, artifactOf } from "./artifact-record.ts";
import type { Dictionary } from "./dictionary.ts";
import type { Snapshot, SnapshotHead } from "./snapshot.ts";

/** A snapshot over its records, which are in ascending order of their key. */
export function openedSnapshot(
  head: SnapshotHead,
  dictionary: Dictionary,
  records: readonly ArtifactRecord[],
): Snapshot {
  return {
    head,
    dictionary,
    records,
    vulnerability: dictionary.vulnerability,
    async *artifacts() {
      const breathe = breather();
      for (const record of records) {
        const artifact = artifactOf(record);
        yield artifact;
        const pause = breathe(artifact.findings.length + artifactWork);
        if (pause) await pause;
      }
    },
  };
}
