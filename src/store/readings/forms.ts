/** How each kind of shared reading is taken apart into rows, and what a stored row must have to be read again. */
import { z } from "zod";
import { type Alert, alertStates } from "../../domain/alerts/alert.ts";
import {
  type Compliance,
  controlStates,
  type StandardReading,
  type StandardTitles,
} from "../../domain/compliance/compliance.ts";
import type {
  ClusterCoverage,
  Coverage,
  RegistryCoverage,
  SubscriptionCoverage,
} from "../../domain/coverage/coverage.ts";
import {
  type Assessment,
  type Assessments,
  recommendationTypes,
  type Unassessed,
} from "../../domain/recommendations/recommendation.ts";
import type {
  ControlDefinition,
  SecureScore,
  SecureScores,
  Unscored,
} from "../../domain/recommendations/secure-score.ts";
import { severities } from "../../domain/severity.ts";
import type { ClusterRef, RegistryRef, Targets } from "../../domain/simulations/simulation.ts";
import type { SharedKinds } from "../../ports/readings.ts";
import { words } from "../values/format-parts.ts";

/** A form of one kind of reading; `T` is the value, which is stored as rows. */
export type ReadingForm<T> = {
  row: z.ZodType;
  rowsOf(value: T): Iterable<unknown>;
  valueOf(rows: readonly unknown[]): T;
};

const text = z.string();
const severity = z.enum(severities);
const place = z.looseObject({ subscription: z.looseObject({ id: text, name: text }) });
const evidence = z.looseObject({ source: text, said: text, at: text });
const pair = z.tuple([text, text]);

const unknown = z.looseObject({ known: z.literal(false), why: text, evidence });
function known(value: z.ZodType) {
  return z.union([z.looseObject({ known: z.literal(true), value, evidence }), unknown]);
}
const onOrOff = known(z.enum(["on", "off"]));

const extension = z.looseObject({ name: text, state: onOrOff, properties: z.record(text, text) });
const plan = z.looseObject({ plan: onOrOff, extensions: z.array(extension) });
const workspaceExists = known(z.boolean()).optional();
const provisioning = z.looseObject({
  ...{ kind: text, name: text, displayName: text },
  englishName: z.boolean(),
  workspaceExists,
});
const named = { id: text, name: text, location: text };

const subscriptionRow = place.extend({
  part: z.literal("subscription"),
  plan,
  overlapping: z.array(plan.extend({ name: text })).optional(),
  standards: known(words).optional(),
  provisioning: known(z.array(provisioning)),
});
const clusterRow = place.extend({
  part: z.literal("cluster"),
  ...named,
  kubernetesVersion: text,
  power: known(z.enum(["running", "stopped"])),
  passing: z.looseObject({ value: z.enum(["creating", "deleting"]), evidence }).optional(),
  private: z.boolean(),
  automatic: z.boolean(),
  nodes: known(z.looseObject({ linux: z.number(), windows: z.number() })),
  pools: z
    .array(z.looseObject({ name: text, os: z.enum(["linux", "windows"]), count: z.number() }))
    .optional(),
  sensorProfile: onOrOff,
  policyAddon: onOrOff,
  workspace: z.union([z.looseObject({ known: z.literal(true), value: text.optional(), evidence }), unknown]),
  workspaceExists,
  excluded: known(z.boolean()),
  exclusionTag: text.optional(),
  plan: plan.optional(),
});
const registryRow = place.extend({ part: z.literal("registry"), ...named, sku: text, plan: plan.optional() });

type CoverageRow =
  | ({ part: "subscription" } & SubscriptionCoverage)
  | ({ part: "cluster" } & ClusterCoverage)
  | ({ part: "registry" } & RegistryCoverage);

const coverage: ReadingForm<Coverage> = {
  row: z.discriminatedUnion("part", [subscriptionRow, clusterRow, registryRow]),
  *rowsOf({ subscriptions, clusters, registries }) {
    for (const one of subscriptions) yield { part: "subscription", ...one };
    for (const one of clusters) yield { part: "cluster", ...one };
    for (const one of registries) yield { part: "registry", ...one };
  },
  valueOf(rows) {
    const value: Coverage = { subscriptions: [], clusters: [], registries: [] };
    for (const { part, ...one } of rows as CoverageRow[]) {
      if (part === "subscription") value.subscriptions.push(one as SubscriptionCoverage);
      else if (part === "cluster") value.clusters.push(one as ClusterCoverage);
      else value.registries.push(one as RegistryCoverage);
    }
    return value;
  },
};

const assessmentRow = z.looseObject({
  key: text,
  title: text,
  type: z.enum(recommendationTypes),
  severity,
  risk: severity.optional(),
  status: z.enum(["healthy", "unhealthy", "not-applicable", "unknown"]),
  cause: text,
  resource: z.looseObject({ id: text, name: text, kind: text }),
  place,
  description: text,
  remediation: text,
});

const alertRow = z.looseObject({
  id: text,
  resource: text,
  type: text,
  title: text,
  description: text,
  severity,
  state: z.enum(alertStates),
  place,
  compromisedEntity: text,
  tactics: words,
  techniques: words,
  remediation: words,
  entities: z.array(z.looseObject({ kind: text, name: text, facts: z.array(pair) })),
  entityCount: z.number(),
  extended: z.array(pair),
  sample: z.boolean(),
  whole: z.boolean(),
});

const points = { max: z.number(), current: z.number() };
const scoreControl = z.looseObject({ ...points, id: text, healthy: z.number(), unhealthy: z.number() });
const scoreRows = {
  scored: place.extend({ ...points, weight: z.number(), controls: z.array(scoreControl) }),
  definition: z.looseObject({ id: text, title: text, keys: words }),
  unscored: z.looseObject({ id: text, name: text, detail: text }),
};

const recommendations: ReadingForm<Assessments> = {
  row: z.union([
    assessmentRow,
    z.looseObject({ unassessed: z.looseObject({ id: text, name: text, state: text, detail: text }) }),
    ...Object.entries(scoreRows).map(([name, row]) => z.looseObject({ [name]: row })),
  ]),
  *rowsOf({ assessments, unassessed, scores }) {
    yield* assessments;
    for (const one of unassessed) yield { unassessed: one };
    for (const scored of scores?.scores ?? []) yield { scored };
    for (const definition of scores?.definitions ?? []) yield { definition };
    for (const unscored of scores?.unscored ?? []) yield { unscored };
  },
  valueOf(rows) {
    const value: Assessments = { assessments: [], unassessed: [] };
    const scores: SecureScores = { scores: [], definitions: [], unscored: [] };
    for (const row of rows as RecommendationRow[]) {
      if ("unassessed" in row) value.unassessed.push(row.unassessed);
      else if ("scored" in row) scores.scores.push(row.scored);
      else if ("definition" in row) scores.definitions.push(row.definition);
      else if ("unscored" in row) scores.unscored.push(row.unscored);
      else value.assessments.push(row);
    }
    return { ...value, ...(scores.scores.length + scores.unscored.length > 0 && { scores }) };
  },
};

type RecommendationRow =
  | Assessment
  | { unassessed: Unassessed }
  | { scored: SecureScore }
  | { definition: ControlDefinition }
  | { unscored: Unscored };

const controls = z.array(
  z.looseObject({
    id: text,
    state: z.enum(controlStates),
    failed: z.number(),
    passed: z.number(),
    skipped: z.number(),
  }),
);
const standardRow = z.looseObject({ key: text, name: text, controls, missing: z.number() });
const titlesRow = z.looseObject({ key: text, titles: z.record(text, text) });

const compliance: ReadingForm<Compliance> = {
  row: z.union([standardRow.extend(place.shape), titlesRow]),
  *rowsOf({ standards, titles }) {
    yield* standards;
    yield* titles;
  },
  valueOf(rows) {
    const value: Compliance = { standards: [], titles: [] };
    for (const row of rows as (StandardReading | StandardTitles)[]) {
      if ("titles" in row) value.titles.push(row);
      else value.standards.push(row);
    }
    return value;
  },
};

const refRow = place.extend({ id: text, name: text });

const targets: ReadingForm<Targets> = {
  row: z.union([
    refRow.extend({ private: z.boolean(), tags: z.record(text, text) }),
    refRow.extend({ loginServer: text }),
  ]),
  *rowsOf({ clusters, registries }) {
    yield* clusters;
    yield* registries;
  },
  valueOf(rows) {
    const value: Targets = { clusters: [], registries: [] };
    for (const row of rows as (ClusterRef | RegistryRef)[]) {
      if ("loginServer" in row) value.registries.push(row);
      else value.clusters.push(row);
    }
    return value;
  },
};

function list<T>(row: z.ZodType): ReadingForm<T[]> {
  return { row, rowsOf: (value) => value, valueOf: (rows) => [...rows] as T[] };
}

export const readingForms: { [Kind in keyof SharedKinds]: ReadingForm<SharedKinds[Kind]> } = {
  alerts: list<Alert>(alertRow),
  compliance,
  coverage,
  recommendations,
  targets,
};
