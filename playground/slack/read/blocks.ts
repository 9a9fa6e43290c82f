import { isObject } from "../blocks/check.ts";
import type { Block } from "../message.ts";
import { readChart } from "./chart.ts";
import { type Names, readRichText, readText } from "./inline.ts";
import { readTable } from "./table.ts";

/** Blocks as lines of text. */
export function readBlocks(blocks: readonly Block[], names: Names = {}): string[] {
  return blocks.flatMap((block) => readBlock(block, names));
}

function readBlock(block: Block, names: Names): string[] {
  switch (block.type) {
    case "header":
      return [`■ ${readText(block.text, names)}`];
    case "divider":
      return ["─".repeat(40)];
    case "section":
      return readSection(block, names);
    case "context":
      return [
        list(block.elements)
          .map((one) => readText(one, names) || readImage(one))
          .join("  "),
      ];
    case "actions":
      return [
        list(block.elements)
          .map((one) => readElement(one, names))
          .join(" "),
      ];
    case "input":
      return [
        `${readText(block.label, names)}: ${readElement(block.element, names)}`,
        ...indented(block.hint, names),
      ];
    case "image":
      return [readImage(block)];
    case "rich_text":
      return readRichText(block, names);
    case "markdown":
      return String(block.text).split("\n");
    case "table":
    case "data_table":
      return readTable(block, names);
    case "data_visualization":
      return readChart(block);
    case "alert":
      return [`(${block.level ?? "default"}) ${readText(block.text, names)}`];
    case "card":
      return readCard(block, names);
    case "carousel":
      return readBlocks(list(block.elements) as Block[], names);
    case "container":
      return readContainer(block, names);
    default:
      return [`[${block.type}]`];
  }
}

function readSection(block: Block, names: Names): string[] {
  const text = readText(block.text, names);
  const fields = list(block.fields).flatMap((field) =>
    readText(field, names)
      .split("\n")
      .map((line) => `  ${line}`),
  );
  const accessory = block.accessory ? [readElement(block.accessory, names)] : [];
  return [...(text ? text.split("\n") : []), ...fields, ...accessory];
}

function readCard(block: Block, names: Names): string[] {
  const texts = [block.title, block.subtitle, block.body].map((one) => readText(one, names)).filter(Boolean);
  const buttons = list(block.actions).map((one) => readElement(one, names));
  return [...texts, ...(buttons.length > 0 ? [buttons.join(" ")] : [])].map((line) => `┃ ${line}`);
}

function readContainer(block: Block, names: Names): string[] {
  const rich = isObject(block.rich_text_title)
    ? readRichText(block.rich_text_title, names).join(" ")
    : undefined;
  const head = [rich ?? readText(block.title, names), readText(block.subtitle, names)]
    .filter(Boolean)
    .join(" · ");
  return [`┌ ${head}`, ...readBlocks(list(block.child_blocks) as Block[], names).map((line) => `│ ${line}`)];
}

/** What can be pressed or filled in. */
function readElement(element: unknown, names: Names): string {
  if (!isObject(element)) return "";
  if (element.type === "image") return readImage(element);
  if (element.type === "button") return `[ ${readText(element.text, names)} ]`;
  const options = list(element.options).map((one) => (isObject(one) ? readText(one.text, names) : ""));
  if (options.length > 0)
    return `‹ ${readText(element.placeholder, names) || "…"} ▾ ${options.join(" | ")} ›`;
  return `‹ ${readText(element.placeholder, names) || String(element.initial_value ?? element.type)} ›`;
}

function readImage(image: unknown): string {
  return isObject(image) ? `(image: ${image.alt_text})` : "";
}

function indented(text: unknown, names: Names): string[] {
  const read = readText(text, names);
  return read ? [`  ${read}`] : [];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
