import { UpstreamError } from "../../errors.ts";
import type { ParsedPage } from "./parser.ts";

/** Asks for one page: at most `top` rows, from the beginning or from where a token says. */
export type AskPage = (top: number, skipToken?: string) => Promise<ParsedPage>;
export type PartRead = { rows: number; unreadable: number };
/** `moved`: rows were deleted between two pages, so that others moved from a page to come onto one that was read. */
type Once = PartRead & { moved?: true };

/** How often a part is begun again because a token expired, or rows were missing or may have been left out. */
const restarts = 3;
/** Pages of one part, which has one or two; what does not end by then leads round in a circle. */
const mostPages = 10_000;

/**
 * Reads one part of a result to its last row. `top` is shared by the parts of one reading: an answer that was too large
 * halves it for all. What is read twice does no harm. Throws `UpstreamError` where the part cannot be had whole.
 */
export async function readPart(
  ask: AskPage,
  take: (page: ParsedPage) => void,
  size: { top: number },
): Promise<PartRead> {
  for (let begun = 1; ; begun++) {
    const read = await once(ask, take, size.top);
    if ("rows" in read) {
      if (!read.moved || begun >= restarts) return read;
    } else if (tooLarge(read.error) && read.top > 1) {
      // Another part may have made it smaller meanwhile.
      size.top = Math.min(size.top, Math.floor(read.top / 2));
      begun = 0;
    } else if (begun >= restarts) throw read.error;
  }
}

type Failed = { error: UpstreamError; top: number };

async function once(ask: AskPage, take: (page: ParsedPage) => void, top: number): Promise<Once | Failed> {
  const sum: Once = { rows: 0, unreadable: 0 };
  let total = 0;
  const used = new Set<string>();
  for (let token: string | undefined, first = true; first || token !== undefined; first = false) {
    const asked = token;
    const page = await ask(top, asked).catch((thrown: unknown): Failed => {
      const error = thrown;
      if (!(error instanceof UpstreamError)) throw error;
      // A token belongs to one query and expires [Resource Graph docs, pagination].
      if (tooLarge(error) || (error.status === 400 && asked !== undefined)) return { error, top };
      throw error;
    });
    if ("error" in page) return page;
    take(page);
    sum.rows += page.rows;
    sum.unreadable += page.unreadable;
    if (page.total < total) sum.moved = true;
    total = Math.max(total, page.total);
    token = page.skipToken;
    if (token !== undefined && (used.has(token) || used.size > mostPages))
      return { error: missing(sum.rows, page.total), top };
    if (token !== undefined) used.add(token);
    else if (page.truncated || sum.rows < page.total) return { error: missing(sum.rows, page.total), top };
  }
  return sum;
}

/** "Response payload size is …, and has exceeded the limit": 16 MB, however few rows [docs, "Guidance for pagination"]. */
export function tooLarge({ code, message }: UpstreamError): boolean {
  return (
    /ResponsePayloadTooLarge/i.test(code) || /payload (size|too large)|ResponsePayloadTooLarge/i.test(message)
  );
}

function missing(rows: number, total: number) {
  return new UpstreamError(`Resource Graph sent ${rows} of ${total} rows and no way to the rest`, {
    system: "azure",
    status: 200,
    code: "ResultTruncated",
    retryable: true,
  });
}
