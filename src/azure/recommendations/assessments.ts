import type { Assessment, AssessmentsRead } from "../../domain/recommendations/recommendation.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Log } from "../../ports/process.ts";
import { keptFor } from "../../text/kept-for.ts";
import { inTurns, type Steps } from "../../text/yield-to-event-loop.ts";
import type { Client } from "../client/client.ts";
import { detailOf } from "../client/problem.ts";
import { assessmentFields } from "../declared-fields.ts";
import { field } from "../fields.ts";
import { type GraphDeps, graphReading } from "../graph/from-graph.ts";
import type { Row } from "../graph/graph.ts";
import type { Names } from "../place.ts";
import { isUnreadable, shapeOf } from "../shape.ts";
import { namesOf } from "../subscriptions.ts";
import { foundationalReader } from "./foundational-cspm.ts";
import { type AssessmentMetadata, readAssessment, readMetadata } from "./read-assessment.ts";
import { secureScoreReader } from "./secure-scores.ts";

/** Milliseconds for which descriptions are kept: Microsoft changes them with releases. */
const kept = 3_600_000;
type Metadata = ReadonlyMap<string, AssessmentMetadata>;

const assessmentShape = {
  fields: Object.keys(assessmentFields),
  about: ({ row }: { row: unknown }) => row,
  unplaced: ({ row, assessment }: { row: unknown; assessment: Assessment }) => [
    ...(assessment.status === "unknown" ? ["status"] : []),
    ...(assessment.severity === "unknown" ? ["severity"] : []),
    ...(assessment.resource.kind === "" ? ["resource"] : []),
    ...(isUnreadable(field(row, "image")) ? ["resourceAdditionalData"] : []),
  ],
};

/** The assessments part of the port. Rows and what their keys mean are read apart and joined here. */
export function assessmentReader(client: Client, log: Log, deps: GraphDeps) {
  const fromGraph = graphReading(deps);
  const withoutPlan = foundationalReader(client, deps.clock);
  const secureScores = secureScoreReader(log, deps);
  const metadata = keptFor(
    kept,
    () => Date.parse(deps.clock.now()),
    (asked: readonly Subscription[]) => readAllMetadata(client, log, deps, asked),
    ({ size }) => size === 0,
  );
  return async (): Promise<AssessmentsRead> => {
    const asked = (await deps.subscriptions()).value;
    const [read, about, scores] = await Promise.all([
      fromGraph("assessments"),
      metadata(asked),
      secureScores(asked),
    ]);
    const rows = await inTurns(rowsSteps(read.value, about, namesOf(asked)));
    const value = rows.map(({ assessment }) => assessment);
    deps.shaped(shapeOf("assessments", rows, assessmentShape));
    // Scanners answer with plans of their own: only the other recommendations show that the plan is on.
    const assessed = new Set(
      value.filter(({ type }) => type !== "vulnerability").map(({ place }) => place.subscription.id),
    );
    const silent = asked.filter(
      (one) => !assessed.has(one.id) && !read.unread.some(({ id }) => id === one.id),
    );
    const unassessed = await withoutPlan(silent);
    return { ...read, unassessed, scores, value };
  };
}

/** What a row costs, in the unit of `Steps`. */
const rowWork = 40;

function* rowsSteps(
  rows: readonly Row[],
  about: Metadata,
  names: Names,
): Steps<{ row: Row; assessment: Assessment }[]> {
  const read: { row: Row; assessment: Assessment }[] = [];
  for (const row of rows) {
    const assessment = readAssessment(row, about, names);
    if (assessment) read.push({ row, assessment });
    yield rowWork;
  }
  return read;
}

/** Through Resource Graph, else through the API of the tenant; without either, rows still have title and severity. */
async function readAllMetadata(
  client: Client,
  log: Log,
  { graph }: GraphDeps,
  asked: readonly Subscription[],
): Promise<Metadata> {
  const ways = [
    async () => (await graph("assessment-metadata", asked)).rows,
    () => client.list("/providers/Microsoft.Security/assessmentMetadata", "2021-06-01"),
  ];
  for (const way of ways) {
    try {
      const entries = (await way()).map(readMetadata).filter((entry) => entry !== undefined);
      if (entries.length > 0) return new Map(entries);
    } catch (error) {
      log.warn({ detail: detailOf(error) }, "Descriptions of recommendations could not be read");
    }
  }
  return new Map();
}
