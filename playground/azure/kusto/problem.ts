/** A query that Resource Graph refuses; `details` are its `error.details`. */
export type QueryProblem = Error & { code: string; details: QueryProblemDetail[] };
type QueryProblemDetail = { code: string; message: string } & Partial<Place>;
/** Where the parser stopped [Resource Graph, details of a ParserFailure]. */
type Place = { line: number; characterPositionInLine: number; token: string };

/** Makes the refusal of a query: a syntax, semantic or capability error in the words of the service. */
export function queryProblem(code: string, message: string, place?: Place): QueryProblem {
  return Object.assign(new Error(message), { code, details: [{ code, message, ...place }] });
}

export function isQueryProblem(error: unknown): error is QueryProblem {
  return error instanceof Error && Array.isArray((error as QueryProblem).details);
}
