import { boolean, isObject, object, oneOf, problem, type Report, string } from "./check.ts";
import { plainText } from "./composition.ts";
import { checkBlocks } from "./surfaces.ts";

export type Refusal = { error: string; errors?: string[]; response_metadata?: { messages: string[] } };

/**
 * About 13,200 characters, seen live (slackapi/bolt-js issues 2509 and 2867: 9,597 characters of text in 50 blocks
 * passed, 11,341 in 45 blocks did not). Slack does not say how it counts; here every string but the types counts, and
 * a little for each block.
 */
const allBlocks = 13_200;
const perBlock = 20;

function characters(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + characters(entry), 0);
  if (!isObject(value)) return 0;
  return Object.entries(value).reduce(
    (sum, [key, entry]) => (key === "type" ? sum : sum + characters(entry)),
    0,
  );
}

/**
 * Takes the decoded `blocks` of a message. Answers undefined if Slack would take them, else the error with the
 * messages that name block and field.
 */
export function refuseBlocks(
  blocks: unknown,
  options: { refuseNewBlocks?: boolean } = {},
): Refusal | undefined {
  if (!Array.isArray(blocks)) return { error: "invalid_blocks_format" };
  const report: Report = {
    problems: [],
    surface: "message",
    refuseNewBlocks: options.refuseNewBlocks ?? false,
  };
  checkBlocks(blocks, "/blocks", report);
  if (report.problems.length > 0) return refusal("invalid_blocks", report.problems);
  if (characters(blocks) + blocks.length * perBlock > allBlocks) return { error: "msg_blocks_too_long" };
  return undefined;
}

const view = object(
  { type: oneOf("modal"), blocks: () => {} },
  {
    title: plainText(24),
    submit: plainText(24),
    close: plainText(24),
    private_metadata: string(3000, 0),
    callback_id: string(255, 0),
    external_id: string(255, 0),
    clear_on_close: boolean,
    notify_on_close: boolean,
    submit_disabled: boolean,
  },
);

/** The same for a modal: the error is `invalid_arguments`. */
export function refuseView(value: unknown, options: { refuseNewBlocks?: boolean } = {}): Refusal | undefined {
  const report: Report = {
    problems: [],
    surface: "modal",
    refuseNewBlocks: options.refuseNewBlocks ?? false,
  };
  view(value, "/view", report);
  if (isObject(value)) {
    checkBlocks(value.blocks, "/view/blocks", report);
    checkModal(value, report);
  }
  if (report.problems.length === 0) return undefined;
  return refusal("invalid_arguments", [
    "failed to match all allowed schemas [json-pointer:/view]",
    ...report.problems,
  ]);
}

function checkModal(value: Record<string, unknown>, report: Report): void {
  if (!("title" in value)) problem(report, "missing required field: title", "/view");
  const blocks = Array.isArray(value.blocks) ? value.blocks : [];
  const asks = blocks.findIndex((block) => isObject(block) && block.type === "input");
  if (asks >= 0 && !("submit" in value))
    problem(
      report,
      "bolt-app must define `submit` to use an `input` block in modals",
      `/view/blocks/${asks}/input`,
    );
  const focused = blocks.filter(
    (block) => isObject(block) && isObject(block.element) && block.element.focus_on_load,
  );
  if (focused.length > 1) problem(report, "only one element may set `focus_on_load`", "/view/blocks");
}

function refusal(error: string, problems: string[]): Refusal {
  return {
    error,
    errors: problems,
    response_metadata: { messages: problems.map((line) => `[ERROR] ${line}`) },
  };
}
