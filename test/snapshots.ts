import { recordOf } from "../src/domain/findings/model/artifact-record.ts";
import { dictionary } from "../src/domain/findings/model/dictionary.ts";
import type { Artifact, Vulnerability } from "../src/domain/findings/model/finding.ts";
import { openedSnapshot } from "../src/domain/findings/model/opened-snapshot.ts";
import type { DayCount, Snapshot, SnapshotHead } from "../src/domain/findings/model/snapshot.ts";
import type { FindingsPort, HeldScan } from "../src/ports/findings.ts";
import { headOf } from "./digests.ts";

/** An artifact with its findings written out. */
export type Written = Partial<Omit<Artifact, "findings">> & { key: string; findings: Vulnerability[] };

const place = { subscription: { id: "s1", name: "prod-east" } };
export const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
export const located = (registry: string, repository: string, ...tags: string[]) => ({
  ...place,
  registry,
  repository,
  tags,
});
export const used = (cluster: string, workload: string) => ({
  ...place,
  cluster,
  namespace: "shop",
  workload,
  container: workload,
});

export function vulnerabilityOf(id: string, about: Partial<Vulnerability> = {}): Vulnerability {
  return {
    id,
    package: "openssl",
    version: "1.1.1k",
    severity: "high",
    fix: "available",
    fixed: "1.1.1w",
    exploit: false,
    ...about,
  };
}

/** A snapshot as the store opens it. */
export function snapshotOf(artifacts: readonly Written[], about: Partial<SnapshotHead> = {}): Snapshot {
  const known = dictionary();
  // A day of its own comes from the store only.
  for (const one of artifacts.flatMap(({ findings }) => findings))
    if (one.seen) known.know(known.next(), one);
  const records = artifacts
    .map(({ findings, ...artifact }) =>
      recordOf({
        kind: "image",
        name: "",
        places: [],
        uses: [],
        models: ["individual"],
        exempted: 0,
        disabled: 0,
        ...artifact,
        findings: Uint32Array.from(findings.map((one) => known.id(one))).sort(),
      }),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  return openedSnapshot(headOf(about), known, records);
}

/** What the commands ask of the store, with this in it. */
export function findingsWith(
  snapshot: Snapshot | undefined,
  { days = [], held }: { days?: DayCount[]; held?: HeldScan } = {},
): FindingsPort {
  return {
    current: async () => snapshot?.head,
    open: async (slot: string) => (slot === snapshot?.head.slot ? snapshot : undefined),
    days: async (filter = "") => (filter === "" ? days : []),
    held: async () => held,
  } as unknown as FindingsPort;
}
