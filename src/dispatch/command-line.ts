import type { CommandDefinition } from "../definitions/command.ts";
import { type ArgumentShape, argumentShapes } from "../definitions/schema.ts";
import { optionName } from "../message/line.ts";
import {
  extraWord,
  noValue,
  openQuote,
  tooLong,
  unknownCommand,
  unknownOption,
  wrongValue,
} from "./command-line-errors.ts";
import { type Token, tokenise } from "./tokens.ts";

/** A line that was understood. `args` has passed the command's schema. */
export type ParsedLine = {
  name: string;
  definition: CommandDefinition;
  args: Record<string, unknown>;
  /** What was typed, without its confirmation: what a confirmation is bound to, what is audited and shown. */
  line: string;
  /** The token of a confirmation: `--confirmed TOKEN`, which dispatch itself put into the line. */
  confirmed?: string;
};

/** Where a confirmation is in a line, its value included. */
type Span = Pick<Token, "start" | "end">;

/** A longer line is refused before it is read. */
const longestLine = 4000;

type Raw = Record<string, string | string[] | boolean>;

/**
 * Reads what a person typed, or what a button or form carries. An empty line, `--help` and `COMMAND --help` are read
 * as `help`. Letter case of keywords does not matter; of an option given twice the last counts, unless it is a list.
 * @throws UserError with a suggestion and an example that works
 */
export function parseLine(line: string, commands: ReadonlyMap<string, CommandDefinition>): ParsedLine {
  if (line.length > longestLine) throw tooLong(line.length, longestLine);
  const tokens = tokenise(line);
  if (!tokens) throw openQuote();
  const [first, ...rest] = tokens;
  if (!first || isHelp(first)) return helpOn(commands, undefined, line);
  const name = first.text.toLowerCase();
  const definition = commands.get(name);
  if (!definition) {
    throw unknownCommand(
      first.text,
      [...commands].filter(([, { hidden }]) => !hidden).map(([known]) => known),
    );
  }
  const ends = rest.findIndex(isEnd);
  if (rest.slice(0, ends < 0 ? undefined : ends).some(isHelp)) return helpOn(commands, name, line);
  const { raw, confirmed, spans } = collect(name, definition, rest);
  const args = coerce(definition, raw);
  return { name, definition: asAsked(definition, args), args, line: without(line, spans), confirmed };
}

/** With a flag that changes something, what it declares holds. */
function asAsked(definition: CommandDefinition, args: Record<string, unknown>): CommandDefinition {
  const flag = Object.keys(definition.changing ?? {}).find((name) => args[name] === true);
  return flag === undefined ? definition : { ...definition, ...definition.changing?.[flag] };
}

/** The line with a confirmation after its first word, where neither a quotation nor `--` can swallow it. */
export function confirmedLine(line: string, token: string): string {
  const end = tokenise(line)?.[0]?.end ?? line.length;
  return `${line.slice(0, end)} --confirmed ${token}${line.slice(end)}`;
}

function without(line: string, spans: readonly Span[]): string {
  const ends = [0, ...spans.map(({ end }) => end)];
  const starts = [...spans.map(({ start }) => start), line.length];
  const kept = starts.map((start, index) => line.slice(ends[index], start));
  return kept
    .map((piece, index) => (index === 0 ? piece.trimEnd() : ` ${piece.trim()}`))
    .join("")
    .trim();
}

function helpOn(
  commands: ReadonlyMap<string, CommandDefinition>,
  command: string | undefined,
  line: string,
): ParsedLine {
  const definition = commands.get("help");
  if (!definition) throw new Error("src/commands/help.ts is missing.");
  const args = definition.arguments.parse({ name: command ? [command] : [] });
  return { name: "help", definition, args, line: line.trim() };
}

function collect(
  command: string,
  definition: CommandDefinition,
  tokens: Token[],
): { raw: Raw; confirmed?: string; spans: Span[] } {
  const shapes = argumentShapes(definition.arguments);
  const example = definition.examples[0];
  const raw: Raw = {};
  const positional: string[] = [];
  let confirmed: string | undefined;
  const spans: Span[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (isEnd(token)) {
      positional.push(...tokens.slice(at + 1).map(({ text }) => text));
      break;
    }
    if (!isOption(token)) {
      positional.push(token.text);
      continue;
    }
    const [, word = "", , given] = /^(--?[^=]*)(=([\s\S]*))?$/.exec(token.text) ?? [];
    const next = tokens[at + 1];
    const following = given === undefined && next && !isOption(next) && !isEnd(next) ? next.text : undefined;
    if (word === "--confirmed") {
      confirmed = given ?? following;
      if (following !== undefined) at++;
      spans.push({ start: token.start, end: tokens[at]!.end });
      continue;
    }
    const shape = word.startsWith("--") ? shapes.find(({ name }) => sameName(name, word)) : undefined;
    if (!shape) throw unknownOption(command, word, shapes, example);
    if (shape.flag) {
      raw[shape.name] = given === undefined || switchOf(given, shape, word, example);
      continue;
    }
    const value = given ?? following;
    if (value === undefined) throw noValue("empty", shape, `--${optionName(shape.name)}`, example);
    if (following !== undefined) at++;
    raw[shape.name] = shape.list ? [...((raw[shape.name] as string[] | undefined) ?? []), value] : value;
  }
  place(command, definition, shapes, positional, raw);
  return { raw, confirmed, spans };
}

/** Gives the plain words to the positional arguments, in order; a list at the end takes all that are left. */
function place(
  command: string,
  definition: CommandDefinition,
  shapes: ArgumentShape[],
  positional: string[],
  raw: Raw,
): void {
  const left = [...positional];
  for (const name of definition.positional ?? []) {
    if (left.length === 0) return;
    const list = shapes.find((shape) => shape.name === name)?.list;
    raw[name] = list ? left.splice(0) : left.shift()!;
  }
  if (left.length > 0) throw extraWord(command, left[0]!, definition);
}

function coerce(definition: CommandDefinition, raw: Raw): Record<string, unknown> {
  const parsed = definition.arguments.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const shape = argumentShapes(definition.arguments).find(({ name }) => name === issue?.path[0]);
  if (!shape) throw parsed.error;
  const label = definition.positional?.includes(shape.name)
    ? (shape.words?.word ?? shape.name.toUpperCase())
    : `--${optionName(shape.name)}`;
  const given = raw[shape.name];
  if (given === undefined) throw noValue("missing", shape, label, definition.examples[0]);
  const word = Array.isArray(given) ? given[Number(issue?.path[1] ?? 0)] : String(given);
  throw wrongValue(shape, label, word ?? "", definition.examples[0]);
}

function switchOf(value: string, shape: ArgumentShape, word: string, example?: string): boolean {
  if (/^(true|yes|on|1)$/i.test(value)) return true;
  if (/^(false|no|off|0)$/i.test(value)) return false;
  throw wrongValue(shape, word, value, example);
}

function sameName(argument: string, word: string): boolean {
  return argument.toLowerCase() === word.replaceAll("-", "").toLowerCase();
}

const isEnd = ({ text, unquoted }: Token) => unquoted && text === "--";
const isOption = ({ text, unquoted }: Token) => unquoted && /^--?[^\d\s-]/.test(text);
const isHelp = ({ text, unquoted }: Token) => unquoted && /^(--help|-h|-\?)$/i.test(text);
