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
  url,
} from "./check.ts";
import { imageSource, plainText, slackFile, textObject } from "./composition.ts";
import { elementsOf, image as imageElement } from "./elements.ts";
import { richText } from "./rich-text.ts";

/** Layout blocks that every surface knows. Source: docs.slack.dev "Blocks". */

const block: Fields = { block_id: string(255) };

/** An `action_id` is unique within a block. The wording is Slack's. */
export function uniqueActionIds(value: Record<string, unknown>, at: string, report: Report): void {
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

const contextElements: Record<string, Check> = {
  plain_text: textObject(3000),
  mrkdwn: textObject(3000),
  image: imageElement,
};

export const header: Check = object({ type: oneOf("header"), text: plainText(150) }, block);
export const divider: Check = object({ type: oneOf("divider") }, block);

export const section: Check = object(
  { type: oneOf("section") },
  {
    ...block,
    text: textObject(3000),
    fields: list(textObject(2000), { max: 10 }),
    accessory: byType(() => elementsOf.accessory),
    expand: boolean,
  },
  (value, at, report) => {
    if (!("text" in value) && !("fields" in value))
      problem(report, "must define either `text` or `fields`", `${at}/type`);
  },
);

export const context: Check = object(
  {
    type: oneOf("context"),
    elements: list(
      byType(() => contextElements),
      { max: 10 },
    ),
  },
  block,
);

export const actions: Check = object(
  {
    type: oneOf("actions"),
    elements: list(
      byType(() => elementsOf.actions),
      { max: 25 },
    ),
  },
  block,
  uniqueActionIds,
);

export const image: Check = object(
  { type: oneOf("image"), alt_text: string(2000) },
  { ...block, image_url: url(3000, true), slack_file: slackFile, title: plainText(2000) },
  imageSource,
);

export const input: Check = object(
  { type: oneOf("input"), label: plainText(2000), element: byType(() => elementsOf.input) },
  { ...block, hint: plainText(2000), optional: boolean, dispatch_action: boolean },
);

export const markdown: Check = object({ type: oneOf("markdown"), text: string(12_000) }, block);

export const basic: Record<string, Check> = {
  header,
  divider,
  section,
  context,
  actions,
  image,
  input,
  rich_text: richText,
};
