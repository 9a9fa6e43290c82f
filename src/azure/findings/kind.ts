import { type FindingModel, findingModels, type ModelReading } from "../../domain/findings/model/finding.ts";
import { UpstreamError } from "../../errors.ts";
import type { Log } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import { detailOf } from "../client/problem.ts";
import { patiently, type Waiting } from "../client/retry-policy.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import type { GraphAccess } from "../graph/graph.ts";
import type { GraphScope } from "../graph/graph-scope.ts";
import { partOf, queryText } from "../graph/queries.ts";
import type { Source } from "./pages.ts";
import type { ParsedPage, RowKind } from "./parser.ts";
import { type AskPage, readPart } from "./part.ts";

/** `pause`: how a reading waits where Azure says that it must. */
export type FindingsDeps = GraphDeps & { access: GraphAccess; log: Log; pause?: Waiting };
/** What the readings of all kinds of rows share. */
export type Reading = {
  deps: FindingsDeps;
  scopes: GraphScope[];
  source: (source: Source) => AskPage;
  take: (page: ParsedPage) => void;
  signal?: AbortSignal;
};

/**
 * Rows of a part on average. Parts are not equal: of 930 expected rows one part in a hundred has more than the 1,000 of a
 * page, and takes two requests; with fewer there would be more parts [docs, pagination].
 */
export const partRows = 930;
/** Parts that are read at once: one is parsed while the others are on their way. */
const atOnce = 3;

/**
 * Reads the rows of one query in parts, for all models that it tells of. Where a part cannot be had, the rest of that
 * query is left: it is unknown which subscriptions its rows are in, so its models count as not read.
 */
export async function readKind(
  kind: RowKind,
  counts: ReadonlyMap<FindingModel, number>,
  reading: Reading,
): Promise<ModelReading[]> {
  const { scopes, deps, take, signal } = reading;
  const models = findingModels.filter((model) => (model === "individual") === (kind === "individual"));
  const expected = models.reduce((sum, model) => sum + (counts.get(model) ?? 0), 0);
  if (expected === 0) return models.map((model) => ({ model, rows: 0 }));
  const text = await queryText(`findings-${kind}`);
  const parts = Math.max(1, Math.ceil(expected / partRows / scopes.length));
  const size = { top: 1000 };
  let failed: UpstreamError | undefined;
  let unreadable = 0;
  const readOne = async ({ scope, part }: { scope: GraphScope; part: number }) => {
    if (failed) return;
    const ask = reading.source({ kind, query: partOf(text, part, parts), scope, signal });
    const patient: AskPage = (top, token) => patiently(() => ask(top, token), { signal, pause: deps.pause });
    try {
      // Awaited before the sum is read: other parts add to it meanwhile.
      const read = await readPart(patient, take, size);
      unreadable += read.unreadable;
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      failed ??= error;
    }
  };
  const all = scopes.flatMap((scope) => Array.from({ length: parts }, (_, part) => ({ scope, part })));
  await each(all, readOne, atOnce);
  if (unreadable > 0) deps.log.warn({ kind, rows: unreadable }, "Rows of findings could not be read");
  if (failed) deps.log.warn({ kind, detail: detailOf(failed) }, "Findings could not be read whole");
  return models.map((model) => ({
    model,
    rows: counts.get(model) ?? 0,
    ...(failed && (counts.get(model) ?? 0) > 0 && { error: detailOf(failed) }),
  }));
}
