import type { Button, ConfirmationDialog, PlainTextElement } from "@slack/types";
import type { Action } from "../../message/message.ts";
import type { Naming } from "./inline.ts";
import { cut, literal, oneLine, webAddress } from "./literal.ts";
import { note } from "./note.ts";
import { type Piece, sizeOf } from "./piece.ts";
import { compileWords } from "./words.ts";

/** Source: docs.slack.dev "Button element": text 75, value 2,000; 25 elements in a block. */
const limits = { text: 75, value: 2000, perBlock: 25, characters: 5_000 };

export function plainText(text: string, max: number): PlainTextElement {
  return { type: "plain_text", text: cut(oneLine(text) || "–", max), emoji: false };
}

/** Buttons in rows that Slack takes. One whose line or address cannot be carried is named in a note instead. */
export function actionPieces(actions: readonly Action[], first: number, naming: Naming): Piece[] {
  const pieces: Piece[] = [];
  const lost: Piece[] = [];
  let row: Button[] = [];
  for (const [index, action] of actions.entries()) {
    const button = buttonOf(action, first + index);
    if (!button) {
      const line = "line" in action ? literal(action.line) : literal(action.url);
      const label = cut(oneLine(action.label) || "–", limits.text);
      lost.push(note(compileWords(naming.language)("button", { label, line }), naming));
      continue;
    }
    if (row.length === limits.perBlock || sizeOf([...row, button]) > limits.characters) {
      if (row.length > 0) pieces.push({ blocks: [{ type: "actions", elements: row }], keep: true });
      row = [];
    }
    row.push(button);
  }
  if (row.length > 0) pieces.push({ blocks: [{ type: "actions", elements: row }], keep: true });
  return [...pieces, ...lost];
}

function buttonOf(action: Action, index: number): Button | undefined {
  const text = plainText(action.label, limits.text);
  if ("url" in action) {
    const url = webAddress(action.url);
    return url ? { type: "button", text, url, action_id: `link-${index}` } : undefined;
  }
  const value = typeof action.line === "string" ? action.line.toWellFormed().trim() || "help" : "";
  // A shortened command line would be another command.
  if (value === "" || value.length > limits.value) return undefined;
  return {
    type: "button",
    text,
    value,
    action_id: `line-${index}`,
    ...((action.style === "primary" || action.style === "danger") && { style: action.style }),
    ...(action.confirm && { confirm: confirmation(action.confirm) }),
  };
}

/** Source: docs.slack.dev "Confirmation dialog object": title 100, text 300, buttons 30. */
function confirmation({
  title,
  text,
  yes,
  no,
}: NonNullable<Extract<Action, { line: string }>["confirm"]>): ConfirmationDialog {
  return {
    title: plainText(title, 100),
    text: plainText(text, 300),
    confirm: plainText(yes, 30),
    deny: plainText(no, 30),
  };
}
