import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import type { Located } from "../../scope/scope.ts";
import { whereOf } from "../model/artifact-merge.ts";
import { type ArtifactRecord, artifactOf } from "../model/artifact-record.ts";
import { type Artifact, type IndividualKind, individualKinds, type ModelReading } from "../model/finding.ts";

/** So many findings of a kind do not vanish overnight. */
const vanishFrom = 20;

/** The kinds of things in the individual model that an artifact is known by. */
export function kindsOf({
  kind,
  places,
  uses,
  models,
}: Pick<Artifact, "kind" | "places" | "uses" | "models">): IndividualKind[] {
  if (!models.includes("individual")) return [];
  if (kind === "node-pool") return ["individual-nodes"];
  return [
    ...(places.length > 0 ? (["individual-registry"] as const) : []),
    ...(uses.length > 0 ? (["individual-running"] as const) : []),
  ];
}

/**
 * Kinds of which nothing came, although there was much before: whoever switched agentless scanning or the access to the
 * Kubernetes API off has fixed nothing. Each is judged as a model is: two readings, as it was and as it is.
 * @param unread what lies there is missing for another reason
 */
export async function quietKinds(
  built: { kinds(): ReadonlySet<IndividualKind> },
  before: { records: readonly ArtifactRecord[]; models: readonly ModelReading[] },
  unread: (place: Located) => boolean,
): Promise<{ before: ModelReading[]; now: ModelReading[] }> {
  const reported = built.kinds();
  const quiet: { before: ModelReading[]; now: ModelReading[] } = { before: [], now: [] };
  // Where nothing came at all, the estate shrank: that is judged as a whole.
  const missing = individualKinds.filter((kind) => reported.size > 0 && !reported.has(kind));
  const had = missing.length > 0 ? await findingsOf(before.records, unread) : undefined;
  for (const kind of missing) {
    const known = before.models.find(({ model, silent }) => model === kind && silent);
    const rows = had?.get(kind) ?? 0;
    if (!known && rows < vanishFrom) continue;
    quiet.before.push(known ?? { model: kind, rows });
    quiet.now.push({ model: kind, rows: 0 });
  }
  return quiet;
}

/** How many findings there were of each kind, in what could be read. */
async function findingsOf(
  records: readonly ArtifactRecord[],
  unread: (place: Located) => boolean,
): Promise<Map<IndividualKind, number>> {
  const had = new Map<IndividualKind, number>();
  const breathe = breather();
  for (const record of records) {
    const artifact = artifactOf(record);
    if (whereOf(artifact).some((place) => !unread(place))) {
      for (const kind of kindsOf(artifact)) had.set(kind, (had.get(kind) ?? 0) + artifact.findings.length);
    }
    const pause = breathe(artifactWork + artifact.findings.length);
    if (pause) await pause;
  }
  return had;
}
