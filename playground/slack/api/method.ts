import type { Answer, State } from "../state.ts";

export type Args = Record<string, unknown>;

/** One Web API method. */
export type Method = {
  /** Scopes of which one is needed; what depends on the arguments is a function of them. */
  scopes?: readonly string[] | ((args: Args, state: State) => readonly string[]);
  /** Calls a minute, by the method's tier. */
  perMinute?: number;
  /** Which token it wants; default the bot's. `none` takes any or no token. */
  token?: "bot" | "app" | "none";
  /** Whether the pace of one message a second and channel counts. */
  paced?: boolean;
  run(args: Args, state: State): Answer;
};

export const tier2 = 20;
export const tier3 = 50;
export const tier4 = 100;

/** Thrown by a method to answer `{ ok: false, error }`. */
export class SlackRefusal extends Error {
  readonly answer: Answer;
  constructor(error: string, more: Record<string, unknown> = {}) {
    super(error);
    this.answer = { ok: false, error, ...more };
  }
}

export function text(args: Args, name: string): string | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === "") return undefined;
  return String(value);
}

/** A required argument; without it Slack answers `invalid_arguments` and names the field. */
export function required(args: Args, name: string): string {
  const value = text(args, name);
  if (value === undefined)
    throw new SlackRefusal("invalid_arguments", {
      response_metadata: { messages: [`[ERROR] missing required field: ${name}`] },
    });
  return value;
}

export function flag(args: Args, name: string): boolean | undefined {
  const value = args[name];
  if (value === undefined || value === null || value === "") return undefined;
  return value === true || value === "true" || value === "1" || value === 1;
}

/** A page size between 1 and `most`. */
export function limit(args: Args, fallback: number, most: number): number {
  const value = text(args, "limit");
  if (value === undefined) return fallback;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0) throw new SlackRefusal("invalid_limit");
  return number === 0 ? fallback : Math.min(number, most);
}

/** Cuts one page out of a list. The cursor is opaque to callers, as Slack's is. */
export function page<T>(all: readonly T[], args: Args, size: number): { page: T[]; next: string } {
  const cursor = text(args, "cursor");
  const start = cursor ? readCursor(cursor) : 0;
  const next = start + size < all.length ? Buffer.from(`offset:${start + size}`).toString("base64") : "";
  return { page: all.slice(start, start + size), next };
}

function readCursor(cursor: string): number {
  const offset = /^offset:(\d+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  if (offset === undefined) throw new SlackRefusal("invalid_cursor");
  return Number(offset);
}
