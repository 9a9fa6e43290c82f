/**
 * The pieces from which every Block Kit schema here is composed. A check reports what Slack would report: the wording
 * and the JSON pointer follow Slack's own answers ("must be less than 3001 characters [json-pointer:/blocks/0/text/text]").
 */

/** Collects the problems of one message or view. */
export type Report = { problems: string[]; surface: "message" | "modal"; refuseNewBlocks: boolean };

/** Looks at one value; adds to the report what Slack would refuse. `at` is the value's JSON pointer. */
export type Check = (value: unknown, at: string, report: Report) => void;

export type Fields = Record<string, Check>;

export function problem(report: Report, message: string, at: string): void {
  report.problems.push(`${message} [json-pointer:${at}]`);
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A string of `min` to `max` characters. Counted in UTF-16 units: never more generous than Slack. */
export function string(max: number, min = 1): Check {
  return (value, at, report) => {
    if (typeof value !== "string") problem(report, "must provide a string", at);
    else if (value.length < min) problem(report, `must be more than ${min - 1} characters`, at);
    else if (value.length > max) problem(report, `must be less than ${max + 1} characters`, at);
  };
}

export function number(limits: { min?: number; max?: number; integer?: boolean } = {}): Check {
  return (value, at, report) => {
    if (typeof value !== "number" || !Number.isFinite(value)) problem(report, "must provide a number", at);
    else if (limits.integer && !Number.isInteger(value)) problem(report, "must provide an integer", at);
    else if (limits.min !== undefined && value < limits.min)
      problem(report, `must be greater than or equal to ${limits.min}`, at);
    else if (limits.max !== undefined && value > limits.max)
      problem(report, `must be less than or equal to ${limits.max}`, at);
  };
}

export const boolean: Check = (value, at, report) => {
  if (typeof value !== "boolean") problem(report, "must provide a boolean", at);
};

export function oneOf(...allowed: readonly (string | number)[]): Check {
  return (value, at, report) => {
    if (!allowed.includes(value as string)) problem(report, "must be a valid enum value", at);
  };
}

/** An absolute URL. */
export function url(max = 3000): Check {
  const length = string(max);
  return (value, at, report) => {
    length(value, at, report);
    if (typeof value !== "string" || value === "") return;
    if (!URL.canParse(value)) problem(report, "invalid url", at);
  };
}

export function list(item: Check, limits: { min?: number; max?: number } = {}): Check {
  const { min = 1, max = Number.POSITIVE_INFINITY } = limits;
  return (value, at, report) => {
    if (!Array.isArray(value)) return problem(report, "must provide an array", at);
    if (value.length < min) problem(report, `no less than ${min} items allowed`, at);
    if (value.length > max) problem(report, `no more than ${max} items allowed`, at);
    for (const [index, entry] of value.entries()) item(entry, `${at}/${index}`, report);
  };
}

/** An object with exactly these fields: a missing, a null and an unknown property are all refused. */
export function object(required: Fields, optional: Fields = {}, also?: ObjectRule): Check {
  return (value, at, report) => {
    if (!isObject(value)) return problem(report, "must provide an object", at);
    for (const name of Object.keys(required))
      if (!(name in value)) problem(report, `missing required field: ${name}`, at);
    for (const [name, entry] of Object.entries(value)) {
      const check = Object.hasOwn(required, name)
        ? required[name]
        : Object.hasOwn(optional, name) && optional[name];
      if (check) check(entry, `${at}/${name}`, report);
      else problem(report, `invalid additional property: ${name}`, at);
    }
    also?.(value, at, report);
  };
}

/** A rule over a whole object, run after its fields. */
export type ObjectRule = (value: Record<string, unknown>, at: string, report: Report) => void;

/** One of several kinds of object, distinguished by `type`. */
export function byType(kinds: () => Record<string, Check>): Check {
  return (value, at, report) => {
    if (!isObject(value)) return problem(report, "must provide an object", at);
    if (typeof value.type !== "string") return problem(report, "missing required field: type", at);
    const known = kinds();
    const check = Object.hasOwn(known, value.type) ? known[value.type] : undefined;
    if (check) check(value, at, report);
    else problem(report, `unsupported type: ${value.type}`, `${at}/type`);
  };
}
