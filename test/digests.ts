import { deflateSync } from "node:zlib";
import type { FindingChange, RescanDigest } from "../src/domain/findings/digest/delta.ts";
import type { SnapshotHead } from "../src/domain/findings/model/snapshot.ts";

export const slot = "2026-11-24T08:00:00.000Z";
const before = { slot: "2026-11-23T08:00:00.000Z", asOf: "2026-11-23T08:03:00.000Z" };

export function headOf(about: Partial<SnapshotHead> = {}): SnapshotHead {
  return {
    v: 1,
    slot,
    asOf: "2026-11-24T08:03:00.000Z",
    subscriptions: 3,
    unread: [],
    models: [
      { model: "individual", rows: 1200 },
      { model: "grouped-registry", rows: 0 },
    ],
    untagged: [],
    artifacts: 40,
    findings: 812,
    exempted: 0,
    disabled: 0,
    open: { critical: 12, high: 100, unknown: 700 },
    stale: 0,
    ...about,
  };
}

export function changeOf(about: Partial<FindingChange> = {}): FindingChange {
  return {
    kind: "new",
    vulnerability: {
      id: "CVE-2024-3094",
      package: "xz-utils",
      version: "5.6.0",
      severity: "critical",
      fix: "available",
      fixed: "5.6.2",
      exploit: true,
      published: "2024-03-29",
    },
    image: "team/frontend:1.8",
    artifact: `sha256:${"c3d4e5".repeat(10)}aaaa`,
    kindOfArtifact: "image",
    where: [{ subscription: { id: "s1", name: "prod-east" }, registry: "contosoprod", cluster: "aks-web" }],
    registries: ["contosoprod"],
    clusters: ["aks-web"],
    running: true,
    exposed: false,
    since: "2026-11-24",
    ...about,
  };
}

/** A digest in which nothing changed, but for what is asked for. */
export function digestOf(about: Partial<RescanDigest> = {}): RescanDigest {
  return {
    v: 1,
    slot,
    before,
    filter: "all",
    filtered: false,
    head: headOf(),
    open: { critical: 12, high: 100, unknown: 700 },
    counts: {},
    newImages: 0,
    goneImages: 0,
    places: [],
    rebuilt: [],
    worst: [],
    trend: [],
    unread: [],
    changes: { rows: 0, deflated: deflatedRows([]) },
    ...about,
  };
}

/** Rows as the job puts them into a digest. */
export function deflatedRows(rows: readonly (readonly (string | number)[])[]): string {
  const lines = [["kind", "vulnerability", "image"], ...rows].map((row) => JSON.stringify(row));
  return deflateSync(lines.join("\n")).toString("base64");
}
