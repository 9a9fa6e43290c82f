import type { Estate, Resource } from "./estate.ts";
import { groupedParents, groupedRows } from "./grouped-rows.ts";
import { individualRows } from "./individual-rows.ts";

export type FindingRows = { assessments: Resource[]; subassessments: Resource[] };
const made = new WeakMap<Estate, { revision: number; contents: unknown; rows: FindingRows }>();

/** Rows of every model that is switched on, from what the estate contains now; made once for each of its revisions. */
export function findingRows(estate: Estate): FindingRows {
  const known = made.get(estate);
  if (known?.revision === estate.revision && known.contents === estate.contents) return known.rows;
  const rows = {
    assessments: [...individualRows(estate), ...groupedParents(estate)],
    subassessments: groupedRows(estate),
  };
  made.set(estate, { revision: estate.revision, contents: estate.contents, rows });
  return rows;
}
