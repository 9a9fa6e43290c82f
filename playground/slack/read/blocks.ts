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
          .map((one) => readText(one, names))
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
    case "rich_text":
      return readRichText(block, names);
    case "data_table":
      return readTable(block, names);
    case "data_visualization":
      return readChart(block);
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
  return [...(text ? text.split("\n") : []), ...fields];
}

/** What can be pressed or filled in. */
function readElement(element: unknown, names: Names): string {
  if (!isObject(element)) return "";
  if (element.type === "button") return `[ ${readText(element.text, names)} ]`;
  const options = list(element.options).map((one) => (isObject(one) ? readText(one.text, names) : ""));
  if (options.length > 0)
    return `‹ ${readText(element.placeholder, names) || "…"} ▾ ${options.join(" | ")} ›`;
  return `‹ ${readText(element.placeholder, names) || String(element.initial_value ?? element.type)} ›`;
}

function indented(text: unknown, names: Names): string[] {
  const read = readText(text, names);
  return read ? [`  ${read}`] : [];
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
