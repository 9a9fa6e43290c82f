import type { ApiAnswer, Sink } from "../api/request.ts";
import { badRequest } from "../status.ts";

type Line = { at: Date; text: string };
/** What a container wrote, line by line. */
export type LogLines = {
  lines: readonly Line[];
  /** Takes output as it comes; lines are ended by newlines. */
  take(text: string): void;
  /** No more output will come. */
  close(): void;
  read(query: URLSearchParams, over: () => boolean): ApiAnswer;
};

export function logLines(now: () => Date): LogLines {
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  let open = "";
  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  return {
    lines,
    take(text) {
      const parts = (open + text).split("\n");
      open = parts.pop() ?? "";
      for (const part of parts) lines.push({ at: now(), text: part });
      if (parts.length > 0) tell();
    },
    close() {
      if (open) lines.push({ at: now(), text: open });
      open = "";
      tell();
    },
    read(query, over) {
      const from = firstOf(lines, query);
      const shown = shownWith(query);
      if (query.get("follow") !== "true")
        return { status: 200, text: limited(lines.slice(from).map(shown).join(""), query) };
      const stream = (out: Sink) => {
        let next = from;
        const more = () => {
          for (; next < lines.length; next++) out.write(shown(lines[next]!));
          if (over() && next >= lines.length) out.end();
        };
        listeners.add(more);
        out.closed(() => void listeners.delete(more));
        more();
      };
      return { status: 200, kind: "log", stream };
    },
  };
}

function shownWith(query: URLSearchParams) {
  const stamped = query.get("timestamps") === "true";
  return ({ at, text }: Line) => `${stamped ? `${at.toISOString().replace("Z", "000000Z")} ` : ""}${text}\n`;
}

function firstOf(lines: readonly Line[], query: URLSearchParams): number {
  const tail = query.get("tailLines");
  if (tail !== null && !/^\d+$/.test(tail))
    throw badRequest(`strconv.ParseInt: parsing "${tail}": invalid syntax`);
  const since = query.get("sinceTime") ?? "";
  const seconds = Number(query.get("sinceSeconds") ?? 0);
  const from = since ? Date.parse(since) : seconds > 0 ? Date.now() - seconds * 1000 : 0;
  const first = lines.findIndex((one) => one.at.getTime() >= from);
  const start = first < 0 ? lines.length : first;
  return tail === null ? start : Math.max(start, lines.length - Number(tail));
}

function limited(text: string, query: URLSearchParams): string {
  const limit = Number(query.get("limitBytes") ?? 0);
  return limit > 0 ? Buffer.from(text).subarray(0, limit).toString() : text;
}
