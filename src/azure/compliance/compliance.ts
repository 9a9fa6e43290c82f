import type {
  AssessedResource,
  Compliance,
  Control,
  ControlAssessment,
  StandardReading,
  StandardTitles,
} from "../../domain/compliance/compliance.ts";
import { standardName } from "../../domain/compliance/standards.ts";
import type { Read } from "../../domain/reading/reading.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { keptFor } from "../../text/kept-for.ts";
import { detailOf } from "../client/problem.ts";
import { complianceFields } from "../declared-fields.ts";
import { count, field, text } from "../fields.ts";
import { type GraphDeps, graphReading, subscriptionOf } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import { assessmentNamed, assessmentsOfControl, partOf, queryText } from "../graph/queries.ts";
import { plainText } from "../recommendations/plain-text.ts";
import { shapeOf } from "../shape.ts";
import { namesOf } from "../subscriptions.ts";
import {
  readAssessedResource,
  readControlAssessments,
  readControls,
  readStandard,
  readState,
} from "./read-compliance.ts";

/** Milliseconds for which the names of controls are kept: they change with a new version of a standard. */
const kept = 3_600_000;
/** An answer is at most 16 MB [Resource Graph docs, pagination]; a packed control takes some 70 bytes of it. */
const controlsInPart = 100_000;
const assessmentsInPart = 30_000;
/** More resources of one assessment than this are nothing that anyone looks through. */
const mostResources = 5000;
const standards = "Microsoft.Security/regulatoryComplianceStandards";
const controls = `${standards}/regulatoryComplianceControls`;
const needs = [`${standards}/read`, `${controls}/read`, `${controls}/regulatoryComplianceAssessments/read`];

const complianceShape = {
  fields: Object.keys(complianceFields),
  unplaced: (row: Row) => (readState(field(row, "state")) === "unknown" ? ["state"] : []),
};

type ComplianceDeps = GraphDeps & { log: Log };
type Assigned = { name: string; controls: number; subscription: string };

/** The compliance part of the port: what is assigned in one query, its controls packed in another. */
export function complianceReader(deps: ComplianceDeps) {
  const fromGraph = graphReading(deps);
  const titles = titleReader(deps);

  async function compliance(): Promise<Read<Compliance>> {
    const read = await fromGraph("compliance-standards");
    const subscriptions = (await deps.subscriptions()).value;
    deps.shaped(shapeOf("compliance", read.value, complianceShape));
    const assigned = assignedIn(read.value);
    const present = new Set(assigned.map(({ subscription }) => subscription));
    const unread = new Set(read.unread.map(({ id }) => id));
    const silent = subscriptions.filter(({ id }) => !present.has(id) && !unread.has(id));
    const [packed, named, denied] = await Promise.all([
      packedControls(assigned),
      assigned.length > 0 ? titles(subscriptions) : [],
      deps.denied(silent, needs),
    ]);
    const names = namesOf(subscriptions);
    const value = assigned.map((one) => readingOf(one, packed, names));
    return { ...read, unread: [...read.unread, ...denied], value: { standards: value, titles: named } };
  }

  /** Controls by `subscription/standard`. What fails is missing in its standard, which says how many it has. */
  async function packedControls(assigned: readonly Assigned[]): Promise<Map<string, Control[]>> {
    const total = assigned.reduce((sum, one) => sum + one.controls, 0);
    const packed = new Map<string, Control[]>();
    for (const { value } of await inParts("compliance-controls", Math.ceil(total / controlsInPart)))
      for (const row of value) {
        const key = `${subscriptionOf(row)}/${text(field(row, "standard"), 200).toLowerCase()}`;
        packed.set(key, [...(packed.get(key) ?? []), ...readControls(row)]);
      }
    return packed;
  }

  /** The rows of each part of a query. Of subscriptions without rows, only those whose query failed count as unread. */
  async function inParts(
    query: "compliance-controls" | "compliance-assessments",
    parts: number,
    narrow = (whole: string) => whole,
    only?: (subscription: Subscription) => boolean,
  ): Promise<Read<Row[]>[]> {
    const whole = narrow(await queryText(query));
    const answers: Read<Row[]>[] = [];
    for (let part = 0; part < parts; part++) {
      const asked = { name: query, text: partOf(whole, part, parts) };
      answers.push(await fromGraph(asked, only, { probing: false }));
    }
    return answers;
  }

  return {
    compliance,

    async controlAssessments(
      standard: string,
      control: string,
      { within, expected }: { within: readonly string[]; expected: number },
    ): Promise<Pick<Read<ControlAssessment[]>, "value" | "unread"> & { missing: number }> {
      const names = namesOf((await deps.subscriptions()).value);
      const wanted = new Set(within);
      const parts = Math.max(1, Math.ceil(expected / assessmentsInPart));
      const answers = await inParts(
        "compliance-assessments",
        parts,
        (whole) => assessmentsOfControl(whole, standard, control),
        // A list of subscriptions costs more requests than it saves rows, unless it is short.
        wanted.size <= 50 ? ({ id }) => wanted.has(id) : undefined,
      );
      const rows = answers.flatMap((part) => part.value).filter((row) => wanted.has(subscriptionOf(row)));
      const value = rows.flatMap((row) => readControlAssessments(row, placed(subscriptionOf(row), names)));
      const total = rows.reduce((sum, row) => sum + (count(field(row, "total")) ?? 0), 0);
      const unread = answers.flatMap((part) => part.unread).filter(({ id }) => wanted.has(id));
      return { value, unread, missing: Math.max(0, total - value.length) };
    },

    async assessedResources(key: string): Promise<Read<AssessedResource[]> & { missing: number }> {
      const query = {
        name: "assessed-resources",
        text: assessmentNamed(await queryText("assessed-resources"), key),
      };
      const read = await fromGraph(query, undefined, { probing: false, mostRows: mostResources });
      const names = namesOf((await deps.subscriptions()).value);
      const value = read.value
        .map((row) => readAssessedResource(row, names))
        .filter((one) => one !== undefined);
      return { ...read, value };
    },
  };
}

/** Standards that are assigned, each once for a subscription, in whatever letter case it came. */
function assignedIn(rows: readonly Row[]): Assigned[] {
  const assigned = rows.flatMap((row): [string, Assigned][] => {
    const [standard, subscription] = [readStandard(row), subscriptionOf(row)];
    if (!standard) return [];
    return [[`${subscription}/${standard.name.toLowerCase()}`, { ...standard, subscription }]];
  });
  return [...new Map(assigned).values()];
}

function readingOf(
  { name, controls: expected, subscription }: Assigned,
  packed: ReadonlyMap<string, Control[]>,
  names: ReadonlyMap<string, string>,
): StandardReading {
  const key = name.toLowerCase();
  const read = packed.get(`${subscription}/${key}`) ?? [];
  const missing = Math.max(0, expected - read.length);
  return {
    key,
    name: standardName(name),
    subscription: placed(subscription, names),
    controls: read,
    missing,
  };
}

function placed(id: string, names: ReadonlyMap<string, string>) {
  return { id, name: names.get(id) ?? id };
}

/** What controls are called. Without an answer, they still have their ids. */
function titleReader({ graph, clock, log }: ComplianceDeps) {
  const read = async (asked: readonly Subscription[]): Promise<StandardTitles[]> => {
    const answer = await graph("compliance-titles", asked).catch((error: unknown) => {
      log.warn({ detail: detailOf(error) }, "Names of controls could not be read");
    });
    const rows = (answer?.rows ?? []).map((row) => ({
      key: text(field(row, "standard"), 200).toLowerCase(),
      id: text(field(row, "control"), 200),
      title: plainText(field(row, "described"), 300),
    }));
    return [...Map.groupBy(rows, ({ key }) => key)].map(([key, some]) => ({
      key,
      titles: Object.fromEntries(some.map(({ id, title }) => [id, title])),
    }));
  };
  return keptFor(
    kept,
    () => Date.parse(clock.now()),
    read,
    ({ length }) => length === 0,
  );
}
