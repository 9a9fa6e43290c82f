import { queryProblem } from "./problem.ts";
import { equal, identity, order, text, type Value } from "./values.ts";

type Compare = (left: Value, right: Value) => boolean | null;

const lower = (value: Value) => text(value).toLowerCase();
const alphanumeric = /[\p{L}\p{N}]/u;

/** `has`: the needle is in the text as whole terms, bounded by anything that is no letter or digit. */
export function hasTerm(haystack: string, needle: string, before = true, after = true): boolean {
  if (needle === "") return true;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + 1)) {
    const end = at + needle.length;
    const opens = !before || at === 0 || !alphanumeric.test(haystack[at - 1]!);
    const closes = !after || end === haystack.length || !alphanumeric.test(haystack[end]!);
    if (opens && closes) return true;
  }
  return false;
}

const patterns = new Map<string, RegExp>();

/** Compiles an expression of Kusto's (RE2's) language; `(?i)` in front becomes JavaScript's flag. */
export function pattern(source: string, flags = ""): RegExp {
  const key = `${flags}/${source}`;
  const known = patterns.get(key);
  if (known) return known;
  const inline = /^\(\?([ims]+)\)/.exec(source);
  const all = `${flags}${inline?.[1] ?? ""}`;
  const rest = inline ? source.slice(inline[0].length) : source;
  for (const unicode of ["u", ""]) {
    try {
      const made = new RegExp(rest, all + unicode);
      if (patterns.size > 500) patterns.clear();
      patterns.set(key, made);
      return made;
    } catch {
      // RE2 allows escapes that JavaScript's unicode mode refuses: try again without it.
    }
  }
  throw queryProblem("InvalidQuery", `'${source}' is not a valid regular expression`);
}

type Text = (left: string, right: string) => boolean;
const texts: Record<string, Text> = {
  has: (a, b) => hasTerm(a, b),
  hasprefix: (a, b) => hasTerm(a, b, true, false),
  hassuffix: (a, b) => hasTerm(a, b, false, true),
  contains: (a, b) => a.includes(b),
  startswith: (a, b) => a.startsWith(b),
  endswith: (a, b) => a.endsWith(b),
};

function ordered(test: (order: number) => boolean): Compare {
  return (left, right) => {
    const compared = order(left, right);
    return compared === undefined ? (left === null || right === null ? null : false) : test(compared);
  };
}

const negated = (compare: Compare): Compare => {
  return (left, right) => {
    const compared = compare(left, right);
    return compared === null ? null : !compared;
  };
};

/** Kusto's comparison operators by their spelling in lower case; the value is null where Kusto's is. */
export const comparisons: Record<string, Compare> = {
  "==": equal,
  "!=": negated(equal),
  "=~": (left, right) => lower(left) === lower(right),
  "!~": (left, right) => lower(left) !== lower(right),
  "<": ordered((o) => o < 0),
  "<=": ordered((o) => o <= 0),
  ">": ordered((o) => o > 0),
  ">=": ordered((o) => o >= 0),
  "matches regex": (left, right) => pattern(text(right)).test(text(left)),
};
for (const [name, test] of Object.entries(texts)) {
  const insensitive: Compare = (left, right) => test(lower(left), lower(right));
  const sensitive: Compare = (left, right) => test(text(left), text(right));
  comparisons[name] = insensitive;
  comparisons[`!${name}`] = negated(insensitive);
  comparisons[`${name}_cs`] = sensitive;
  comparisons[`!${name}_cs`] = negated(sensitive);
}

/** `in`, `in~`, `has_any`, `has_all` over a list; arrays in the list count by their elements. */
export function membership(operator: string, left: Value, list: Value[]): boolean {
  const flat = list.flatMap((one) => (Array.isArray(one) ? (one as Value[]) : [one]));
  const name = operator.replace("!", "");
  const compared =
    name === "in"
      ? left !== null && flat.some((one) => identity(one) === identity(left))
      : name === "in~"
        ? flat.some((one) => lower(one) === lower(left))
        : name === "has_any"
          ? flat.some((one) => hasTerm(lower(left), lower(one)))
          : flat.every((one) => hasTerm(lower(left), lower(one)));
  return operator.startsWith("!") ? !compared : compared;
}
