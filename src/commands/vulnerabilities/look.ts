import type { Snapshot } from "../../domain/findings/model/snapshot.ts";
import {
  type ArtifactQuery,
  type FoundArtifact,
  findArtifacts,
} from "../../domain/findings/search/find-artifacts.ts";
import type { Question } from "../../domain/findings/search/question.ts";
import type { Severity } from "../../domain/severity.ts";
import type { FindingsPort } from "../../store/findings/port.ts";

/** Which findings are wanted, wherever they are. */
export type Filters = { severity?: Severity; fixable: boolean; running: boolean };

/** The last complete snapshot; undefined where there was none yet. */
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

/** What the question finds, and how a bare name was understood: as a part of the estate, else as an image. */
export async function look(
  snapshot: Snapshot,
  question: Exclude<Question, { kind: "vulnerability" }>,
  { severity, fixable, running }: Filters,
): Promise<{ found: FoundArtifact[]; of: Question }> {
  const filters: ArtifactQuery = {
    ...(severity && { severity }),
    ...(fixable && { fixable }),
    ...(running && { running }),
  };
  const find = (query: ArtifactQuery) => findArtifacts(snapshot, { ...filters, ...query });
  if (question.kind === "everything") return { found: await find({}), of: question };
  if (question.kind === "nodes") return { found: await find({ kind: "node-pool" }), of: question };
  if (question.kind === "scope") return { found: await find({ scope: question.scope }), of: question };
  if (question.kind === "image") return { found: await find({ image: question.image }), of: question };
  const scope = { kind: "any" as const, pattern: question.name };
  const inside = await find({ scope });
  if (inside.length > 0) return { found: inside, of: { kind: "scope", scope } };
  const image: Question = { kind: "image", image: question.name };
  return { found: await find({ image: question.name }), of: image };
}
