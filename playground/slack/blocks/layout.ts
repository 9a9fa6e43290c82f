import {
  boolean,
  byType,
  type Check,
  type Fields,
  isObject,
  list,
  object,
  oneOf,
  problem,
  type Report,
  string,
} from "./check.ts";
import { plainText, textObject } from "./composition.ts";
import { elementsOf } from "./elements.ts";
import { richText } from "./rich-text.ts";

/** Layout blocks that every surface knows. Source: docs.slack.dev "Blocks". */

const block: Fields = { block_id: string(255) };

/** An `action_id` is unique within a block. The wording is Slack's. */
function uniqueActionIds(value: Record<string, unknown>, at: string, report: Report): void {
  const seen = new Set<string>();
  for (const [index, element] of (Array.isArray(value.elements) ? value.elements : []).entries()) {
    if (!isObject(element) || typeof element.action_id !== "string") continue;
    if (seen.has(element.action_id))
      problem(
        report,
        `\`action_id\` "${element.action_id}" already exists`,
        `${at}/elements/${index}/action_id`,
      );
    seen.add(element.action_id);
  }
}

export const basic: Record<string, Check> = {
  header: object({ type: oneOf("header"), text: plainText(150) }, block),
  divider: object({ type: oneOf("divider") }, block),
  section: object(
    { type: oneOf("section") },
    { ...block, text: textObject(3000), fields: list(textObject(2000), { max: 10 }) },
    (value, at, report) => {
      if (!("text" in value) && !("fields" in value))
        problem(report, "must define either `text` or `fields`", `${at}/type`);
    },
  ),
  context: object({ type: oneOf("context"), elements: list(textObject(3000), { max: 10 }) }, block),
  actions: object(
    {
      type: oneOf("actions"),
      elements: list(
        byType(() => elementsOf.actions),
        { max: 25 },
      ),
    },
    block,
    uniqueActionIds,
  ),
  input: object(
    { type: oneOf("input"), label: plainText(2000), element: byType(() => elementsOf.input) },
    { ...block, hint: plainText(2000), optional: boolean, dispatch_action: boolean },
  ),
  rich_text: richText,
};
