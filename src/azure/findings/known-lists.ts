import { randomBytes } from "node:crypto";

/**
 * Lists that stand as JSON in a text, as the details of vulnerabilities do: nine tenths of a page, and the same few
 * thousand again and again. They are recognised by their bytes, which is ten times as quick as making texts of them, and
 * a mark is put in their place before the page is parsed.
 */
export type KnownLists = {
  /**
   * The page as a text with marks. Overwrites the bytes.
   * @throws SyntaxError where such a list is no text of JSON
   */
  marked(page: Buffer): string;
  /** The text that a mark stands for, as long as no other page was marked; anything else is answered as it is. */
  opened(cell: unknown): unknown;
};

/** How a list begins that stands in a text: behind a quote that opens one. */
const opening = Buffer.from('[{\\"');
const [quote, backslash] = [0x22, 0x5c];
/** Bytes: what is shorter is parsed as it stands. */
const shortest = 200;
/** Bytes that lists are looked up by: the first id and the beginning of what is said of it. */
const glance = 120;
/** Lists that begin alike, of which the last ones are known. */
const mostAlike = 8;
/** Bytes of lists; when there are more, all are forgotten. */
const most = 32 * 1024 * 1024;

type Known = { bytes: Uint8Array; mark: string };

export function knownLists(): KnownLists {
  // Nobody who writes into a page can know it.
  const secret = `~${randomBytes(9).toString("base64url")}:`;
  let known = new Map<string, Known[]>();
  let byMark = new Map<string, Uint8Array>();
  let weight = 0;
  let count = 0;
  /** Those that the page brought, as texts. */
  let fresh = new Map<string, string>();

  function learn(bytes: Uint8Array, key: string): Known {
    const text = textOf(bytes);
    const alike = known.get(key) ?? [];
    const one = { bytes, mark: `${secret}${count++}` };
    known.set(key, [one, ...alike.slice(0, mostAlike - 1)]);
    byMark.set(one.mark, bytes);
    fresh.set(one.mark, text);
    weight += bytes.length;
    return one;
  }

  /** The list whose text begins at a quote; undefined where it is short, or does not end. */
  function listAt(page: Buffer, from: number): Known | undefined {
    const key = page.toString("latin1", from, from + glance);
    const found = known.get(key)?.find(({ bytes }) => {
      const to = from + bytes.length;
      return to <= page.length && page.compare(bytes, 0, bytes.length, from, to) === 0;
    });
    if (found) return found;
    const to = endOf(page, from);
    if (to - from < shortest) return undefined;
    return learn(Uint8Array.from(page.subarray(from, to)), key);
  }

  return {
    marked(page) {
      fresh = new Map();
      if (weight > most) {
        [known, byMark, weight] = [new Map(), new Map(), 0];
      }
      let [read, written] = [0, 0];
      for (let at = page.indexOf(opening); at >= 0; at = page.indexOf(opening, at)) {
        const from = at - 1;
        // A quote with a backslash before it is a part of a text.
        const opens = from > read && page[from] === quote && page[from - 1] !== backslash;
        const list = opens ? listAt(page, from) : undefined;
        if (!list) {
          at += opening.length;
          continue;
        }
        page.copyWithin(written, read, from);
        written += from - read;
        written += page.write(`"${list.mark}"`, written, "latin1");
        at = read = from + list.bytes.length;
      }
      page.copyWithin(written, read, page.length);
      return page.toString("utf8", 0, written + page.length - read);
    },

    opened(cell) {
      if (typeof cell !== "string" || !cell.startsWith(secret)) return cell;
      const bytes = byMark.get(cell);
      return fresh.get(cell) ?? (bytes ? textOf(bytes) : cell);
    },
  };
}

/** Throws a SyntaxError where the bytes, quotes included, are no text of JSON. */
function textOf(bytes: Uint8Array): string {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8")) as string;
}

/** The place behind the quote that ends a text; the page's beginning where none does. */
function endOf(page: Buffer, from: number): number {
  for (let at = from + 1; at < page.length; at++) {
    const byte = page[at];
    if (byte === backslash) at++;
    else if (byte === quote) return at + 1;
  }
  return 0;
}
