import { recordOf } from "../src/domain/findings/model/artifact-record.ts";
import { type Dictionary, dictionary } from "../src/domain/findings/model/dictionary.ts";
import type {
  Artifact,
  FindingPage,
  ImagePlace,
  ImageUse,
  Vulnerability,
} from "../src/domain/findings/model/finding.ts";
import { openedSnapshot } from "../src/domain/findings/model/opened-snapshot.ts";
import type { Snapshot, SnapshotHead } from "../src/domain/findings/model/snapshot.ts";

const production = { id: "11111111-0000-4000-8000-000000000001", name: "prod-payments" };

/** A digest that says which image it is. */
export function digestOf(name: string): string {
  return `sha256:${Buffer.from(name).toString("hex").padEnd(64, "0").slice(0, 64)}`;
}

/** `flaw("CVE-2024-1", "high")`; more where it matters. */
export function flaw(
  id: string,
  severity: Vulnerability["severity"] = "high",
  more: Partial<Vulnerability> = {},
) {
  return {
    id,
    package: "openssl",
    version: "3.0.1",
    severity,
    fix: "none",
    exploit: false,
    ...more,
  } as Vulnerability;
}

export function place(repository: string, tags?: string[], more: Partial<ImagePlace> = {}): ImagePlace {
  return { subscription: production, registry: "contoso", repository, ...(tags && { tags }), ...more };
}

export function use(workload: string, more: Partial<ImageUse> = {}): ImageUse {
  return {
    subscription: production,
    cluster: "aks-prod",
    namespace: "shop",
    workload,
    container: "app",
    ...more,
  };
}

/** What a test says of an artifact: its findings as vulnerabilities. */
export type Sketch = Partial<Omit<Artifact, "findings">> & { flaws?: Vulnerability[] };

export function artifactFrom(name: string, { flaws = [], ...more }: Sketch, words: Dictionary): Artifact {
  const pool = more.kind === "node-pool";
  return {
    key: pool ? `/subscriptions/${production.id}/pools/${name}` : digestOf(name),
    kind: "image",
    name,
    places: [],
    uses: [],
    models: ["individual"],
    exempted: 0,
    disabled: 0,
    ...more,
    findings: Uint32Array.from(new Set(flaws.map((one) => words.id(one)))).sort(),
  };
}

/** Snapshots of one dictionary. */
export function estates(words: Dictionary = dictionary()) {
  return {
    words,
    /** @param day of the month: the slot is that day at 08:00 */
    snapshot(day: number, sketches: Record<string, Sketch>, more: Partial<SnapshotHead> = {}): Snapshot {
      const artifacts = Object.entries(sketches).map(([name, sketch]) => artifactFrom(name, sketch, words));
      artifacts.sort((a, b) => (a.key < b.key ? -1 : 1));
      return openedSnapshot(headOf(day, artifacts, words, more), words, artifacts.map(recordOf));
    },
  };
}

export function slotOf(day: number): string {
  return new Date(Date.UTC(2026, 7, day, 8)).toISOString();
}

export function headOf(
  day: number,
  artifacts: readonly Artifact[],
  words: Dictionary,
  more: Partial<SnapshotHead> = {},
): SnapshotHead {
  const open: SnapshotHead["open"] = {};
  for (const { findings } of artifacts) {
    for (const id of findings) {
      const { severity } = words.vulnerability(id)!;
      open[severity] = (open[severity] ?? 0) + 1;
    }
  }
  const findings = artifacts.reduce((sum, one) => sum + one.findings.length, 0);
  return {
    v: 1,
    slot: slotOf(day),
    asOf: slotOf(day),
    subscriptions: 1,
    unread: [],
    models: [{ model: "individual", rows: findings }],
    untagged: [],
    artifacts: artifacts.length,
    findings,
    exempted: 0,
    disabled: 0,
    open,
    stale: 0,
    ...more,
  };
}

/**
 * A page as a reading hands it over: one group of vulnerabilities for each artifact.
 * @param from the first reference of its own
 */
export function pageOf(
  sketches: Record<string, Sketch>,
  model: FindingPage["model"] = "individual",
  from = 0,
): FindingPage {
  const words = dictionary();
  const all = Object.entries(sketches).map(([name, sketch], index) => {
    const {
      findings: _,
      models: __,
      exempted: ___,
      disabled: ____,
      ...artifact
    } = artifactFrom(name, sketch, words);
    return { ref: from + index, artifact, vulnerabilities: sketch.flaws ?? [] };
  });
  return {
    model,
    artifacts: all.map(({ ref, artifact }) => ({ ref, artifact })),
    groups: all.map(({ ref, vulnerabilities }) => ({ ref, vulnerabilities })),
    pairs: Uint32Array.from(all.flatMap(({ ref }) => [ref, ref])),
    closed: [],
  };
}

/** Repeatable numbers from 0 up to a limit. */
export function chances(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

/** An estate of many images, as large as is asked for: packages and their CVEs are shared by most images. */
export function manyImages(images: number, findings: number, seed = 1): Record<string, Sketch> {
  const chance = chances(seed);
  const known = Array.from({ length: findings * 4 }, (_, index) =>
    flaw(
      `CVE-2024-${10_000 + index}`,
      (["critical", "high", "medium", "low", "unknown"] as const)[index % 5],
      {
        package: `package-${index % 97}`,
        fix: index % 3 === 0 ? "available" : "none",
      },
    ),
  );
  return Object.fromEntries(
    Array.from({ length: images }, (_, index) => {
      const from = chance(findings * 3);
      const sketch: Sketch = {
        places: [place(`team-${index % 20}/app-${index}`, [`1.${chance(50)}`])],
        uses: index % 3 === 0 ? [use(`app-${index}`)] : [],
        // Most of a base image's findings, and some of its own.
        flaws: known.slice(from, from + findings + findings / 4).filter(() => chance(5) > 0),
      };
      return [`image-${index}-${seed}`, sketch];
    }),
  );
}
