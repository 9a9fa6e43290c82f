import { type FindingModel, type FindingPage, packageMark } from "../../domain/findings/model/finding.ts";
import { type ShapeCounter, type ShapeReading, shapeCounter } from "../../domain/reading/drift.ts";
import { hashOf } from "../../text/hash.ts";
import { jsonOf } from "../client/packed.ts";
import { count, field, text } from "../fields.ts";
import type { Names } from "../place.ts";
import { findingMemory } from "./memory.ts";
import type { NodeGroups } from "./read-artifact.ts";
import { type Row, subscriptionOfRow, tableRows, textOf } from "./table-rows.ts";

/** Which query the rows come from. */
export type RowKind = "individual" | "grouped";
/** One answer of Resource Graph to a query for findings. */
export type ParsedPage = {
  parts: FindingPage[];
  /** Rows in it, and in the whole result. */
  rows: number;
  total: number;
  truncated: boolean;
  skipToken?: string;
  /** Lower-case ids of the subscriptions that its rows lie in. */
  subscriptions: string[];
  /** Rows that name no asset, or whose details are no JSON. */
  unreadable: number;
  /** What was and was not there, of today's model. */
  shape: ShapeReading;
};
export type FindingsParser = {
  /** Throws a SyntaxError where they are no JSON. */
  read(kind: RowKind, bytes: Buffer): ParsedPage;
};
/** `partly`: artifacts that have a row whose details cannot be read. */
type Part = FindingPage & { pairsRead: number[]; partly: number[] };

/** Reads the pages of one reading, one after the other. */
export function findingsParser(names: Names, nodeGroups: NodeGroups = new Map()): FindingsParser {
  const memory = findingMemory(names, nodeGroups);
  /** False where the row cannot be read. */
  const take = (kind: RowKind, part: Part, row: Row, shape: ShapeCounter): boolean => {
    const ref = memory[kind].artifact(part, row, /internet/i.test(textOf(row("factors"))));
    if (ref === undefined) shape.unplaced("asset", exampleOf(row));
    if (ref === undefined) return false;
    const status = statusOf(textOf(row("status")));
    if (status === "notapplicable") close(part, ref, row);
    if (status !== "unhealthy") return true;
    const group = memory[kind].group(part, row);
    if (group === undefined) {
      shape.unplaced("details", exampleOf(row));
      part.partly.push(ref);
      return false;
    }
    part.pairsRead.push(ref, group);
    return true;
  };
  return {
    read(kind, bytes) {
      const answer = jsonOf(bytes);
      const data = field(answer, "data");
      // No rows may be written as nothing; nothing at all is no answer.
      if (!data && field(answer, "totalRecords") !== 0) throw new SyntaxError("an answer without data");
      const parts = new Map<FindingModel, Part>();
      const subscriptions = new Set<string>();
      const rows = tableRows(data);
      let unreadable = 0;
      const shape = shapeCounter("findings");
      for (const row of rows) {
        subscriptions.add(subscriptionOfRow(row));
        const model = (kind === "individual" ? kind : textOf(row("model"))) as FindingModel;
        const part = parts.get(model) ?? emptyPart(model);
        parts.set(model, part);
        if (kind === "individual") noteShape(row, shape);
        if (!take(kind, part, row, shape)) unreadable++;
      }
      const token = field(answer, "$skipToken");
      subscriptions.delete("");
      return {
        parts: [...parts.values()].map(({ pairsRead, ...part }) => ({
          ...part,
          pairs: Uint32Array.from(pairsRead),
        })),
        rows: rows.length,
        total: count(field(answer, "totalRecords")) ?? rows.length,
        truncated: /^true$/i.test(text(field(answer, "resultTruncated"))),
        ...(typeof token === "string" && token !== "" && { skipToken: token }),
        subscriptions: [...subscriptions],
        unreadable,
        shape: shape.reading(),
      };
    },
  };
}

/** Columns of which a row has something, or has not: a field that no row has any more is one that moved. */
export const countedColumns = [
  "status",
  "asset",
  "about",
  "package",
  "versions",
  "fix",
  "recommendation",
  "details",
] as const;

/** Nearly every row has the same few spellings. */
function statusOf(status: string): string {
  if (status === "Unhealthy") return "unhealthy";
  return status.replace(/\s+/g, "").toLowerCase();
}

function noteShape(row: Row, shape: ShapeCounter): void {
  shape.row();
  for (const column of countedColumns) if (row(column)) shape.has(column);
}

function exampleOf(row: Row): string {
  return [row("id"), row("resourceType"), text(row("details"), 60)].map(textOf).join(" ");
}

function emptyPart(model: FindingModel): Part {
  return {
    model,
    artifacts: [],
    groups: [],
    pairs: new Uint32Array(),
    closed: [],
    pairsRead: [],
    partly: [],
  };
}

/** `NotApplicable` alone asserts nothing; with a cause it says who closed the finding [assessments, status.cause]. */
function close(part: FindingPage, ref: number, row: Row): void {
  const cause = textOf(row("cause"));
  const why = /exempt/i.test(cause) ? "exempted" : /offby|disabled/i.test(cause) ? "disabled" : undefined;
  if (!why) return;
  // An image that lies in a registry and runs has a row of each package twice, and more where several models tell of it.
  const name = text(row("package"), 200) || text(field(row("software"), "packageName"), 200);
  part.closed.push({ ref, row: name ? packageMark(name) : hashOf(textOf(row("id")).toLowerCase()), why });
}
