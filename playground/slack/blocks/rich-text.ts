import { boolean, byType, type Check, list, number, object, oneOf, string, url } from "./check.ts";

/** Rich text, every level of it. Source: docs.slack.dev "Rich text block". */

const style = object(
  {},
  {
    bold: boolean,
    italic: boolean,
    strike: boolean,
    code: boolean,
    underline: boolean,
    highlight: boolean,
    client_highlight: boolean,
    unlink: boolean,
  },
);

const anyLength = Number.POSITIVE_INFINITY;

const text = object({ type: oneOf("text"), text: string(anyLength) }, { style });
const link = object({ type: oneOf("link"), url: url() }, { text: string(anyLength), unsafe: boolean, style });

const inline: Record<string, Check> = {
  text,
  link,
  user: object({ type: oneOf("user"), user_id: string(32) }, { style }),
  channel: object({ type: oneOf("channel"), channel_id: string(32) }, { style }),
  date: object(
    { type: oneOf("date"), timestamp: number({ integer: true }), format: string(255) },
    { url: url(), fallback: string(3000), style },
  ),
};

const border = oneOf(0, 1);
const inlines = list(byType(() => inline));

const section = object({ type: oneOf("rich_text_section"), elements: inlines });

const parts: Record<string, Check> = {
  rich_text_section: section,
  rich_text_list: object(
    {
      type: oneOf("rich_text_list"),
      style: oneOf("bullet", "ordered"),
      elements: list(byType(() => ({ rich_text_section: section }))),
    },
    { indent: number({ min: 0, max: 8, integer: true }), offset: number({ min: 0, integer: true }), border },
  ),
  rich_text_preformatted: object(
    { type: oneOf("rich_text_preformatted"), elements: list(byType(() => ({ text, link }))) },
    { border, language: string(64) },
  ),
  rich_text_quote: object({ type: oneOf("rich_text_quote"), elements: inlines }, { border }),
};

/** A `rich_text` block, on its own or as a cell of a table. */
export const richText: Check = object(
  { type: oneOf("rich_text"), elements: list(byType(() => parts)) },
  { block_id: string(255) },
);
