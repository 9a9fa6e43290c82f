import { resolved } from "../playground/azure/kusto/operators.ts";
import { isQueryProblem } from "../playground/azure/kusto/problem.ts";
import { prepare, type Sources } from "../playground/azure/kusto/query.ts";
import { json, type Row } from "../playground/azure/kusto/values.ts";

/** Two small tables, and ways to ask them: what the tests of the evaluator share. */
const columns = ["id:string", "n:long", "s:string", "d:dynamic"].map((one) => {
  const [name = "", type = ""] = one.split(":");
  return { name, type };
});
const rows: Row[] = [
  [
    "/A/1",
    1,
    "Alpha beta",
    { k: { "b c": "x" }, list: [1, 2, 3], at: "2026-11-01T00:00:00.1234567Z", on: true },
  ],
  ["/A/2", null, "gamma_delta", { k: { "b c": "y" }, list: [], on: false }],
  ["/a/3", 3, "", null],
];
export const sources: Sources = {
  things: { columns, rows: () => rows.map((row) => [...row]) },
  owners: {
    columns: [
      { name: "id", type: "string" },
      { name: "owner", type: "string" },
    ],
    rows: () => [
      ["/A/1", "ann"],
      ["/A/1", "bob"],
      ["/z", "zoe"],
    ],
  },
};
export const now = new Date("2026-11-23T12:00:00.000Z");

export function run(query: string): unknown[][] {
  const table = prepare(query, sources).run(sources, now);
  return JSON.parse(json(table.rows.map(resolved))) as unknown[][];
}
export const names = (query: string) =>
  prepare(query, sources)
    .run(sources, now)
    .columns.map((one) => one.name);
export const ids = (condition: string) => run(`things | where ${condition} | project id`).map(([id]) => id);
export const value = (expression: string) => run(`things | where n == 1 | project x = ${expression}`)[0]?.[0];
export function refusal(query: string): string | undefined {
  try {
    run(query);
  } catch (error) {
    if (isQueryProblem(error)) return error.code;
    throw error;
  }
  return undefined;
}
