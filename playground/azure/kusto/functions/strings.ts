import { pattern } from "../comparison.ts";
import { isNumber, text, type Value } from "../values.ts";
import { conversion } from "./conversion.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const number = (value: Value | undefined, fallback: number) => (isNumber(value) ? Number(value) : fallback);

/** Trimming takes a regular expression in Kusto, not a set of letters. */
const trim =
  (start: boolean, end: boolean): ScalarFunction =>
  ([cut, value]) => {
    const source = text(cut);
    let rest = text(value);
    if (start) rest = rest.replace(pattern(`^(?:${source})+`), "");
    return end ? rest.replace(pattern(`(?:${source})+$`), "") : rest;
  };

const substring: ScalarFunction = ([value, start, length]) => {
  const whole = text(value);
  const from = number(start, 0);
  const begin = from < 0 ? Math.max(0, whole.length + from) : from;
  return whole.slice(begin, isNumber(length) ? begin + Math.max(0, Number(length)) : undefined);
};

const extract: ScalarFunction = ([source, group, value], { types }) => {
  const extracted = pattern(text(source)).exec(text(value))?.[number(group, 0)] ?? "";
  const convert = types[3] ? conversion[`to${types[3]}`] : undefined;
  return convert
    ? convert([extracted], { now: { kind: "datetime", ticks: 0n }, types: ["string"] })
    : extracted;
};

const replaceAll: ScalarFunction = ([value, from, to]) => {
  const wanted = text(from);
  return wanted === "" ? text(value) : text(value).replaceAll(wanted, () => text(to));
};
const replaceRegex: ScalarFunction = ([value, from, to]) =>
  text(value).replace(
    pattern(text(from), "g"),
    text(to)
      .replace(/\$/g, "$$$$")
      .replace(/\\(\d)/g, "$$$1"),
  );

const split: ScalarFunction = ([value, delimiter, index]) => {
  const parts = text(value).split(text(delimiter));
  if (!isNumber(index)) return parts;
  const one = parts[Number(index)];
  return one === undefined ? null : [one];
};

const indexOf: ScalarFunction = ([value, wanted, start]) => {
  const from = number(start, 0);
  const whole = text(value);
  return whole.indexOf(text(wanted), from < 0 ? whole.length + from : from);
};

function encoded(value: Value | undefined, change: (text: string) => string): string {
  try {
    return change(text(value));
  } catch {
    return "";
  }
}

export const strings: ScalarFunctions = {
  tolower: ([value]) => text(value).toLowerCase(),
  toupper: ([value]) => text(value).toUpperCase(),
  strlen: ([value]) => [...text(value)].length,
  strcat: (args) => args.map(text).join(""),
  strcat_delim: ([delimiter, ...rest]) => rest.map(text).join(text(delimiter)),
  strcat_array: ([value, delimiter]) =>
    Array.isArray(value) ? (value as Value[]).map(text).join(text(delimiter)) : "",
  strcmp: ([left, right]) => (text(left) < text(right) ? -1 : text(left) > text(right) ? 1 : 0),
  substring,
  split,
  trim: trim(true, true),
  trim_start: trim(true, false),
  trim_end: trim(false, true),
  extract,
  extract_all: ([source, value]) =>
    [...text(value).matchAll(pattern(text(source), "g"))].map((match) =>
      match.length > 2 ? match.slice(1) : (match[1] ?? match[0]),
    ),
  replace_string: replaceAll,
  replace_regex: replaceRegex,
  replace: ([from, to, value], context) => replaceRegex([value!, from!, to!], context),
  indexof: indexOf,
  countof: ([value, wanted]) => text(value).split(text(wanted)).length - 1,
  reverse: ([value]) => [...text(value)].reverse().join(""),
  url_decode: ([value]) => encoded(value, decodeURIComponent),
  url_encode: ([value]) => encoded(value, encodeURIComponent),
  base64_decode_tostring: ([value]) => Buffer.from(text(value), "base64").toString(),
  base64_encode_tostring: ([value]) => Buffer.from(text(value)).toString("base64"),
};
