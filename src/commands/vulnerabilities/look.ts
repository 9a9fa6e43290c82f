import type { Snapshot } from "../../domain/findings/model/snapshot.ts";
import {
  type ArtifactQuery,
  findArtifacts,
  type MatchedArtifact,
} from "../../domain/findings/search/find-artifacts.ts";
import type { Question } from "../../domain/findings/search/question.ts";
import type { Severity } from "../../domain/severity.ts";

/** Which findings are wanted, wherever they are. */
export type Filters = { severity?: Severity; fixable: boolean; running: boolean };
export type PlaceQuestion = Exclude<Question, { kind: "vulnerability" }>;
/** A name alone is understood as a part of the estate, else as an image. `scanned`: the scan has anything of it at all. */
export type Looked = { artifacts: MatchedArtifact[]; of: PlaceQuestion; scanned: boolean };

/** What the question finds with the filters. */
export async function look(
  snapshot: Snapshot,
  question: PlaceQuestion,
  { severity, fixable, running }: Filters,
): Promise<Looked> {
  const filters: ArtifactQuery = {
    ...(severity && { severity }),
    ...(fixable && { fixable }),
    ...(running && { running }),
  };
  const filtered = Object.keys(filters).length > 0;
  for (const of of readings(question)) {
    const query = queryOf(of);
    const artifacts = await findArtifacts(snapshot, { ...filters, ...query });
    const scanned = artifacts.length > 0 || (filtered && (await findArtifacts(snapshot, query)).length > 0);
    if (scanned) return { artifacts, of, scanned };
  }
  return { artifacts: [], of: question, scanned: false };
}

function readings(question: PlaceQuestion): PlaceQuestion[] {
  if (question.kind !== "name") return [question];
  const { name } = question;
  return [
    { kind: "scope", scope: { kind: "any", pattern: name } },
    { kind: "image", image: name },
  ];
}

function queryOf(question: PlaceQuestion): ArtifactQuery {
  if (question.kind === "nodes") return { kind: "node-pool" };
  if (question.kind === "scope") return { scope: question.scope };
  return question.kind === "image" ? { image: question.image } : {};
}
