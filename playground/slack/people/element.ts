import { isObject } from "../blocks/check.ts";
import type { Block } from "../message.ts";

/** Finds the interactive elements of blocks, and what a person's hand makes of them. */

export type Element = { type: string; action_id: string } & Record<string, unknown>;
/** `option`: what is chosen in a menu that was named by the words of one of its options. */
export type Placed = { block: Block; element: Element; option?: string };

/** Every interactive element, in the order in which a person sees it. */
export function elementsIn(blocks: readonly Block[]): Placed[] {
  return blocks.flatMap((block): Placed[] => {
    const own = [block.element, ...asList(block.type === "actions" && block.elements)];
    return own.filter(isInteractive).map((element) => ({ block, element }));
  });
}

function isInteractive(value: unknown): value is Element {
  return isObject(value) && typeof value.action_id === "string";
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function labelOf(element: Record<string, unknown>): string {
  const shown = isObject(element.text)
    ? element.text
    : isObject(element.placeholder)
      ? element.placeholder
      : {};
  return String(shown.text ?? "");
}

/** Where to put the hand: by `action_id`, by `block_id`, or by the words on it. */
export type Target = { action_id?: string; block_id?: string; text?: string };

/** Throws with everything that can be pressed, if nothing fits. */
export function findElement(blocks: readonly Block[], target: Target): Placed {
  const all = elementsIn(blocks);
  const match = all.find(
    ({ block, element }) =>
      (target.action_id === undefined || element.action_id === target.action_id) &&
      (target.block_id === undefined || block.block_id === target.block_id) &&
      (target.text === undefined || labelOf(element) === target.text),
  );
  if (match) return match;
  // People name what they want, be it on a button or in a menu.
  const menu = all.find(
    ({ element }) =>
      target.action_id === undefined &&
      target.text !== undefined &&
      optionsOf(element).some((option) => labelOf(option) === target.text),
  );
  if (menu) return { ...menu, option: target.text! };
  const choices = all
    .map(({ element }) => {
      const words = [labelOf(element), ...optionsOf(element).map(labelOf)].filter(Boolean);
      return `[ ${words.join(" | ")} ] (${element.action_id})`;
    })
    .join(", ");
  throw new Error(`nothing to press fits ${JSON.stringify(target)}; there are: ${choices || "none"}`);
}

/** The options of a select or an overflow menu. */
function optionsOf(element: Record<string, unknown>): Record<string, unknown>[] {
  return asList(element.options).filter(isObject);
}

/** The option with this value or these words on it. */
function chooseOption(element: Record<string, unknown>, wanted: string): Record<string, unknown> {
  const options = optionsOf(element);
  const match = options.find((option) => option.value === wanted || labelOf(option) === wanted);
  if (!match) throw new Error(`no option "${wanted}"; there are: ${options.map(labelOf).join(", ")}`);
  return match;
}

export type Input = string | number | readonly string[];

/** What Slack reports of an element that was given this value; without a value, of its initial state. */
export function stateOf(element: Record<string, unknown>, input?: Input): Record<string, unknown> {
  const { type } = element;
  const given = input === undefined ? undefined : String(input);
  if (type !== "static_select" && type !== "overflow")
    return { type, value: given ?? element.initial_value ?? null };
  const selected_option =
    given === undefined ? (element.initial_option ?? null) : chooseOption(element, given);
  return { type, selected_option };
}

export function isEmpty(state: Record<string, unknown>): boolean {
  const [value] = Object.entries(state).flatMap(([name, entry]) => (name === "type" ? [] : [entry]));
  return (
    value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)
  );
}
