import { dataVisualization } from "./charts.ts";
import { byType, type Check, isObject, problem, type Report } from "./check.ts";
import { basic } from "./layout.ts";
import { dataTable } from "./tables.ts";

/**
 * Which blocks a surface knows, and the rules over all blocks together. Of Slack's blocks and elements only those that
 * an app here has sent are known; another one is refused as unsupported until its check is written.
 */

const newer: Record<string, Check> = { data_table: dataTable, data_visualization: dataVisualization };

const known: Record<Report["surface"], Record<string, Check>> = {
  message: { ...basic, ...newer },
  modal: basic,
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

/** One data table and two charts a message. */
function countKinds(blocks: readonly unknown[], at: string, report: Report): void {
  let tables = 0;
  let charts = 0;
  for (const [index, block] of blocks.filter(isObject).entries()) {
    if (block.type === "data_table" && ++tables > 1)
      problem(report, "only_one_table_allowed", `${at}/${index}`);
    if (block.type === "data_visualization" && ++charts > 2)
      problem(report, "no more than 2 data_visualization blocks allowed", `${at}/${index}`);
  }
}
