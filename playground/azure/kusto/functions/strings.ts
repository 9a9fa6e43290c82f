import { pattern } from "../comparison.ts";
import { isNumber, text, type Value } from "../values.ts";
import { conversion } from "./conversion.ts";
import type { ScalarFunction, ScalarFunctions } from "./index.ts";

const number = (value: Value | undefined, fallback: number) => (isNumber(value) ? Number(value) : fallback);

/** Trimming takes a regular expression in Kusto, not a set of letters. */
const trim: ScalarFunction = ([cut, value]) => {
  const source = text(cut);
  return text(value)
    .replace(pattern(`^(?:${source})+`), "")
    .replace(pattern(`(?:${source})+$`), "");
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

export const strings: ScalarFunctions = {
  tolower: ([value]) => text(value).toLowerCase(),
  toupper: ([value]) => text(value).toUpperCase(),
  strlen: ([value]) => [...text(value)].length,
  strcat: (args) => args.map(text).join(""),
  strcat_array: ([value, delimiter]) =>
    Array.isArray(value) ? (value as Value[]).map(text).join(text(delimiter)) : "",
  substring,
  split,
  trim,
  extract,
  replace_string: replaceAll,
  replace_regex: replaceRegex,
  indexof: indexOf,
};
