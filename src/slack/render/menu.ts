import type { Overflow, PlainTextOption, StaticSelect } from "@slack/types";
import type { Menu, MenuOption } from "../../message/message.ts";
import { webAddress } from "./literal.ts";
import { packLine, unpackLine } from "./packed-line.ts";
import { plainText } from "./text.ts";

/**
 * Source: docs.slack.dev "Option object" (text 75, value 150), "Overflow menu element" (2 to 5 options), "Select menu
 * element" (100 options), and every element's `action_id` (255).
 */
const limits = { text: 75, value: 150, options: { overflow: 5, select: 100 }, actionId: 255, url: 3000 };
/** Before the end of a packed line whose beginning is in the `action_id`; no command line starts with it. */
const ending = "+";
/** The value of an option that opens an address. */
const address = "=";

/** Characters of all options of a list: a message has 12,000 for everything, and its table needs most of them. */
const mostCharacters = 3_000;

/**
 * `left`: options that can't be carried and need buttons of their own. `dropped`: how many a list has no room for; they
 * are the last ones.
 */
export type MenuElement = { element?: Overflow | StaticSelect; left: MenuOption[]; dropped: number };

/**
 * A menu as Slack takes it. An option carries 150 characters, too few for a line that names an Azure resource: long lines
 * are packed, and the beginning that they share is in the menu's `action_id`.
 */
export function menuElement({ label, menu, options }: Menu, index: number): MenuElement {
  const most = limits.options[menu];
  const start = `menu-${index}:`;
  const shared = sharedStart(
    options.flatMap((one) => ("line" in one && isLong(one.line) ? [packLine(one.line)] : [])),
  );
  const beginning = start.length + shared.length <= limits.actionId ? shared : "";
  const carried: PlainTextOption[] = [];
  const left: MenuOption[] = [];
  let [used, dropped] = [0, 0];
  for (const option of options) {
    const value = carriedBy(option, beginning, carried.length);
    const text = plainText(option.label, limits.text);
    const size = text.text.length + (value?.value.length ?? 0) + (value?.url?.length ?? 0);
    const full = carried.length === most || used + size > mostCharacters;
    if (menu === "select" && (full || dropped > 0)) dropped++;
    else if (value === undefined || full) left.push(option);
    else {
      carried.push({ text, ...value });
      used += size;
    }
  }
  const least = menu === "overflow" ? 2 : 1;
  if (carried.length < least) return { left: [...options], dropped: 0 };
  const action_id = `${start}${beginning}`;
  const element: Overflow | StaticSelect =
    menu === "overflow"
      ? { type: "overflow", action_id, options: carried }
      : { type: "static_select", action_id, options: carried, placeholder: plainText(label, 150) };
  return { element, left, dropped };
}

/** The command line of the option that was chosen; undefined for an address, and for what is no menu of ours. */
export function chosenLine(actionId: string, value: string): string | undefined {
  if (value.startsWith(address)) return undefined;
  if (!value.startsWith(ending)) return value;
  const beginning = /^menu-\d{1,6}:/.exec(actionId);
  return beginning ? unpackLine(actionId.slice(beginning[0].length) + value.slice(ending.length)) : undefined;
}

const isLong = (line: string) => line.length > limits.value;

function carriedBy(
  option: MenuOption,
  beginning: string,
  index: number,
): { value: string; url?: string } | undefined {
  if ("url" in option) {
    const url = webAddress(option.url);
    return url && url.length <= limits.url ? { value: `${address}${index}`, url } : undefined;
  }
  const line = option.line.toWellFormed().trim();
  if (line === "" || !isLong(line)) return line === "" ? undefined : { value: line };
  const packed = packLine(line);
  const end = ending + packed.slice(beginning.length);
  return packed.startsWith(beginning) && end.length <= limits.value ? { value: end } : undefined;
}

function sharedStart(lines: readonly string[]): string {
  const [first = "", ...others] = lines;
  let length = first.length;
  for (const other of others) {
    let same = 0;
    while (same < length && same < other.length && first[same] === other[same]) same += 1;
    length = same;
  }
  // The whole of a single line would leave its option nothing to say.
  return first.slice(0, lines.length > 1 ? length : first.lastIndexOf(" ") + 1);
}
