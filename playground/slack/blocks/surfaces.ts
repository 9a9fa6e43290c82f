import { dataVisualization } from "./charts.ts";
import { byType, type Check, isObject, problem, type Report } from "./check.ts";
import { basic, markdown } from "./layout.ts";
import { alert, card, carousel, container } from "./newer.ts";
import { dataTable, table } from "./tables.ts";

/** Which blocks a surface knows, and the rules over all blocks together. */

const newer: Record<string, Check> = {
  data_table: dataTable,
  data_visualization: dataVisualization,
  container,
  card,
  carousel,
};

const known: Record<Report["surface"], Record<string, Check>> = {
  message: { ...basic, markdown, table, ...newer },
  modal: { ...basic, alert, container, card, carousel },
  home: { ...basic, container, card, carousel },
};

/** Checks each block and the rules between blocks. `at` is "/blocks" in a message, "/view/blocks" in a view. */
export function checkBlocks(blocks: unknown, at: string, report: Report): void {
  if (!Array.isArray(blocks)) {
    problem(report, "must provide an array", at);
    return;
  }
  const most = report.surface === "message" ? 50 : 100;
  if (blocks.length > most) problem(report, `no more than ${most} items allowed`, at);
  const ids = new Set<string>();
  for (const [index, block] of blocks.entries()) {
    checkBlock(block, `${at}/${index}`, report);
    const id = isObject(block) && typeof block.block_id === "string" ? block.block_id : undefined;
    if (id !== undefined && ids.has(id))
      problem(report, `\`block_id\` "${id}" already exists`, `${at}/${index}/block_id`);
    if (id !== undefined) ids.add(id);
  }
  countKinds(blocks, at, report);
}

function checkBlock(block: unknown, at: string, report: Report): void {
  const refused = report.refuseNewBlocks && isObject(block) && Object.hasOwn(newer, String(block.type));
  byType(() => (refused ? {} : known[report.surface]))(block, at, report);
}

/** One table or data table, two charts and 12,000 characters of markdown a message. */
function countKinds(blocks: readonly unknown[], at: string, report: Report): void {
  let tables = 0;
  let charts = 0;
  let markdowns = 0;
  for (const [index, block] of blocks.entries()) {
    if (!isObject(block)) continue;
    const inside = block.type === "container" && Array.isArray(block.child_blocks) ? block.child_blocks : [];
    for (const one of [block, ...inside]) {
      if (!isObject(one)) continue;
      const isTable = one.type === "table" || one.type === "data_table";
      if (isTable && ++tables > 1) problem(report, "only_one_table_allowed", `${at}/${index}`);
      if (one.type === "data_visualization" && ++charts > 2)
        problem(report, "no more than 2 data_visualization blocks allowed", `${at}/${index}`);
      if (one.type === "markdown" && typeof one.text === "string") markdowns += one.text.length;
    }
  }
  if (markdowns > 12_000) problem(report, "markdown blocks must be less than 12001 characters together", at);
}
