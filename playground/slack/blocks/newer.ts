import { boolean, byType, type Check, list, object, oneOf, problem, string } from "./check.ts";
import { mrkdwn, plainText, textObject } from "./composition.ts";
import { button, image } from "./elements.ts";
import {
  actions,
  context,
  divider,
  header,
  image as imageBlock,
  section,
  uniqueActionIds,
} from "./layout.ts";
import { richText } from "./rich-text.ts";
import { table } from "./tables.ts";

/** Blocks of 2026. Sources: docs.slack.dev "Container block", "Card block", "Carousel block", "Alert block". */

/**
 * The documentation lists more children (rich_text, input, file); Slack's live validator was seen to refuse them
 * (notes of the Rust crate slack-morphism 2.30), so only those that both accept pass here.
 */
const children: Record<string, Check> = {
  actions,
  context,
  divider,
  header,
  image: imageBlock,
  section,
  table,
};

export const container: Check = object(
  {
    type: oneOf("container"),
    child_blocks: list(
      byType(() => children),
      { max: 10 },
    ),
  },
  {
    block_id: string(255),
    title: plainText(150),
    rich_text_title: richText,
    subtitle: textObject(150),
    width: oneOf("narrow", "standard", "wide", "full"),
    icon: image,
    is_collapsible: boolean,
    default_collapsed: boolean,
    has_header_divider: boolean,
  },
  (value, at, report) => {
    if (!("title" in value) && !("rich_text_title" in value))
      problem(report, "must define either `title` or `rich_text_title`", `${at}/type`);
    if (value.default_collapsed === true && value.is_collapsible !== true)
      problem(report, "`default_collapsed` requires `is_collapsible`", `${at}/default_collapsed`);
  },
);

export const card: Check = object(
  { type: oneOf("card") },
  {
    block_id: string(255),
    hero_image: image,
    icon: image,
    title: mrkdwn(150),
    subtitle: mrkdwn(150),
    body: mrkdwn(200),
    actions: list(button, { max: 3 }),
  },
  (value, at, report) => {
    if (!["hero_image", "title", "actions", "body"].some((name) => name in value))
      problem(report, "must define one of `hero_image`, `title`, `actions` or `body`", `${at}/type`);
    uniqueActionIds({ elements: value.actions }, at, report);
  },
);

export const carousel: Check = object(
  {
    type: oneOf("carousel"),
    elements: list(
      byType(() => ({ card })),
      { max: 10 },
    ),
  },
  { block_id: string(255) },
);

/** Modals only. */
export const alert: Check = object(
  { type: oneOf("alert"), text: textObject(200) },
  { block_id: string(255), level: oneOf("default", "info", "warning", "error", "success") },
);
