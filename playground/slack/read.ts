import type { Message, SlackFile } from "./message.ts";
import { readBlocks } from "./read/blocks.ts";
import { type Names, readMrkdwn, readText } from "./read/inline.ts";
import type { State, View } from "./state.ts";

/**
 * A message as a person would read it, for a terminal: its blocks (or its text, where it has none), tables aligned,
 * charts as bars, buttons as [ Label ], files with their row count, the mark of an edit, and its thread indented below.
 */
export function readMessage(
  message: Message,
  options: { names?: Names; thread?: readonly Message[] } = {},
): string {
  const { names = {}, thread = [] } = options;
  const body = message.blocks
    ? readBlocks(message.blocks, names)
    : readMrkdwn(message.text, names).split("\n");
  if (message.edited) body[body.length - 1] += " (edited)";
  const lines = [
    ...(message.ephemeralTo ? ["(only visible to you)"] : []),
    ...body.filter((line, index) => index > 0 || line !== ""),
    ...(message.files ?? []).map(readFile),
    ...thread.flatMap((reply) =>
      readMessage(reply, { names })
        .split("\n")
        .map((line, row) => `${row ? "   " : " ↳ "}${line}`),
    ),
  ];
  return lines.join("\n");
}

function readFile(file: SlackFile): string {
  const lines = file.content
    .toString()
    .split("\n")
    .filter((line) => line.trim() !== "").length;
  const rows = Math.max(0, lines - 1);
  const size = file.filetype === "csv" ? `${rows} ${rows === 1 ? "row" : "rows"}` : `${file.size} bytes`;
  const title = file.title === file.name ? "" : `${file.title} – `;
  return `📎 ${title}${file.name} (${size})`;
}

/** A modal as a person would read it. */
export function readView(view: View, names: Names = {}): string {
  const buttons = [view.close, view.submit].filter(Boolean).map((label) => `[ ${readText(label)} ]`);
  const lines = [`╔ ${readText(view.title)}`, ...readBlocks(view.blocks, names).map((line) => `║ ${line}`)];
  return [...lines, `╚ ${buttons.join(" ")}`].join("\n");
}

/** The names of this workspace, for readMessage. */
export function namesOf(state: State): Names {
  return {
    user: (id) => state.users.get(id)?.name ?? id,
    channel: (id) => state.channels.get(id)?.name ?? id,
    group: (id) => state.usergroups.find((group) => group.id === id)?.handle ?? id,
  };
}
