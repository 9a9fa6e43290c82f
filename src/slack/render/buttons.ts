import type { Button as ButtonElement, ConfirmationDialog, Overflow, StaticSelect } from "@slack/types";
import type { Action, Button } from "../../message/message.ts";
import type { Naming } from "./inline.ts";
import { cut, literal, oneLine, webAddress } from "./literal.ts";
import { menuElement } from "./menu.ts";
import { note } from "./note.ts";
import { type Piece, sizeOf } from "./piece.ts";
import { plainText } from "./text.ts";
import { compileWords } from "./words.ts";

/** Source: docs.slack.dev "Button element": text 75, value 2,000; 25 elements in a block. */
const limits = { text: 75, value: 2000, perBlock: 25, characters: 5_000 };

type Element = ButtonElement | Overflow | StaticSelect;

/**
 * Buttons and menus in rows that Slack takes. What a menu can't carry gets a button; a button whose line or address
 * can't be carried is named in a note instead.
 */
export function actionPieces(actions: readonly Action[], first: number, naming: Naming): Piece[] {
  const pieces: Piece[] = [];
  const lost: Piece[] = [];
  let row: Element[] = [];
  const flush = () => {
    if (row.length > 0) pieces.push({ blocks: [{ type: "actions", elements: row }], keep: true });
    row = [];
  };
  const place = (element: Element) => {
    if (row.length === limits.perBlock || sizeOf([...row, element]) > limits.characters) flush();
    row.push(element);
  };
  const placeButton = (button: Button, index: number) => {
    const element = buttonOf(button, index);
    if (element) return place(element);
    const line = literal("line" in button ? button.line : button.url);
    const label = cut(oneLine(button.label) || "–", limits.text);
    lost.push(note(compileWords(naming.language)("button", { label, line }), naming));
  };
  let index = first;
  for (const action of actions) {
    if (!("menu" in action)) {
      placeButton(action, index++);
      continue;
    }
    const { element, left, dropped } = menuElement(action, index++);
    for (const option of left) placeButton(option, index++);
    if (element) place(element);
    if (dropped > 0) lost.push(note(compileWords(naming.language)("options", { count: dropped }), naming));
  }
  flush();
  return [...pieces, ...lost];
}

/** How many numbers the elements of these actions may take. */
export function placesOf(actions: readonly Action[]): number {
  return actions.reduce((sum, action) => sum + ("menu" in action ? action.options.length + 1 : 1), 0);
}

function buttonOf(action: Button, index: number): ButtonElement | undefined {
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
}: NonNullable<Extract<Button, { line: string }>["confirm"]>): ConfirmationDialog {
  return {
    title: plainText(title, 100),
    text: plainText(text, 300),
    confirm: plainText(yes, 30),
    deny: plainText(no, 30),
  };
}
