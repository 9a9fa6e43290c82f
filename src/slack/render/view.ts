import type { InputBlock, ModalView, PlainTextOption } from "@slack/types";
import type { Language } from "../../locales/language.ts";
import type { Form, FormField, Message } from "../../message/message.ts";
import { type CompileOptions, headlineBlock } from "./compile.ts";
import { richElements } from "./inline.ts";
import { oneLine } from "./literal.ts";
import { note } from "./note.ts";
import { fillPage } from "./pages.ts";
import { itemsOf } from "./parts.ts";
import type { MessageBlock } from "./piece.ts";
import { plainText } from "./text.ts";
import { compileWords } from "./words.ts";

/** What the buttons and inputs of a view need to know about where it was opened. At most 3,000 characters as JSON. */
export type ViewPlace = { channel?: string; thread?: string; message?: string };
/** The same with the command line that a form completes. */
export type FormPlace = ViewPlace & { line: string };

export const viewCallback = "breakwater-view";
export const formCallback = "breakwater-form";

/** 100 blocks; a view is one JSON of 250,000 bytes at most, of which this takes a small part. */
const most = { blocks: 95, characters: 30_000 };

/**
 * A message as a modal. Modals know neither data tables nor charts, and hold no files: the text form replaces the
 * former, a line for the latter. The message's thread follows below it.
 */
export function compileModal(
  message: Message & { title: string },
  options: CompileOptions & { place: ViewPlace },
): ModalView {
  const { language, place } = options;
  const say = compileWords(language);
  const context = { ...options, live: true, now: options.now ?? new Date().toISOString() };
  const items = [
    ...itemsOf(message, context),
    ...(message.thread ?? []).flatMap((one) => threadItems(one, context)),
  ];
  const forms = { dataTable: false, dataVisualization: false };
  const { page, rest } = fillPage([headlineBlock(message, context)], items, forms, most);
  const blocks: MessageBlock[] = [
    ...page.blocks,
    ...(page.files.length > 0
      ? note(say("file", { file: page.files.map(({ name }) => name).join(", ") }), context).blocks
      : []),
    ...(rest.length > 0 ? note(say("dropped", { count: rest.length }), context).blocks : []),
  ];
  return { ...frame(message.title, say("close"), place), callback_id: viewCallback, blocks };
}

function threadItems(
  message: Message,
  context: CompileOptions & { now: string },
): ReturnType<typeof itemsOf> {
  return [
    { blocks: [{ type: "divider" }, headlineBlock(message, context)] },
    ...itemsOf(message, context),
    ...(message.thread ?? []).flatMap((one) => threadItems(one, context)),
  ];
}

/** The view that is opened at once, because a trigger lives three seconds; or what it says where no answer fits it. */
export function compileLoading(
  title: string,
  options: { language: Language; place: ViewPlace; says?: "working" | "elsewhere" },
): ModalView {
  const say = compileWords(options.language);
  const blocks = note(say(options.says ?? "working"), options).blocks;
  return { ...frame(title, say("close"), options.place), callback_id: viewCallback, blocks };
}

/** Source: docs.slack.dev "Modal view object": title and buttons 24 characters. */
function frame(title: string, close: string, place: ViewPlace | FormPlace) {
  return {
    type: "modal" as const,
    title: plainText(title, 24),
    close: plainText(close, 24),
    private_metadata: JSON.stringify(place),
  };
}

/**
 * A form as a modal with an input for each field.
 * @returns undefined where its command line is too long for Slack's 3,000 characters of private metadata
 */
export function compileForm(
  form: Form,
  options: CompileOptions & { place: ViewPlace },
): ModalView | undefined {
  const place: FormPlace = { ...options.place, line: form.line };
  const view = frame(form.title, form.cancel, place);
  if (view.private_metadata.length > 3000) return undefined;
  const naming = { ...options, live: true };
  const intro: MessageBlock[] = form.intro
    ? [
        {
          type: "rich_text",
          elements: [{ type: "rich_text_section", elements: richElements(form.intro, naming) }],
        },
      ]
    : [];
  return {
    ...view,
    callback_id: formCallback,
    submit: plainText(form.submit, 24),
    blocks: [
      ...intro,
      ...form.fields.slice(0, most.blocks).map((field, index) => input(field, index, options.language)),
    ],
  };
}

/** The field's name is the `action_id`; the `block_id` is numbered, so that it is unique whatever the names are. */
function input(field: FormField, index: number, language: Language): InputBlock {
  const choices = field.kind === "choice" ? options(field.options) : [];
  // Slack refuses a list of choices that is empty or longer than 100.
  const shown = choices.slice(0, 100);
  const left = field.kind === "choice" ? field.options.length - shown.length : 0;
  const more = left > 0 ? compileWords(language)("options", { count: left }) : "";
  const hint = [oneLine(field.hint), more].filter(Boolean).join(" ");
  const maxLength = field.kind === "text" ? field.maxLength : undefined;
  const element: InputBlock["element"] =
    shown.length > 0
      ? { type: "static_select", action_id: field.name, options: shown }
      : {
          type: "plain_text_input",
          action_id: field.name,
          multiline: field.kind === "text" && field.multiline === true,
          max_length: Math.max(1, Math.min(1500, maxLength ?? 1500)),
        };
  return {
    type: "input",
    block_id: `field-${index}`,
    label: plainText(field.label, 200),
    optional: field.optional === true,
    element,
    ...(hint && { hint: plainText(hint, 500) }),
  };
}

/** Source: docs.slack.dev "Option object": text 75, value 150. A choice whose value is longer cannot be carried. */
function options(all: readonly { label: string; value: string }[]): PlainTextOption[] {
  return all
    .filter(({ value }) => value !== "" && value.length <= 150)
    .map(({ label, value }) => ({ text: plainText(label, 75), value }));
}
