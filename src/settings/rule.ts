import { z } from "zod";

/**
 * A text that must pass a test. `wrong` answers what is wrong with it, or undefined; `allowed` is shown to whoever
 * reads the problem.
 */
export function textWhere(wrong: (text: string) => string | undefined, allowed: string) {
  return z.string().superRefine((text, context) => {
    const problem = wrong(text);
    if (problem) context.addIssue({ code: "custom", message: problem, params: { allowed } });
  });
}

/** A text of a pattern. */
export function textLike(pattern: RegExp, what: string, allowed: string) {
  return textWhere((text) => (pattern.test(text) ? undefined : `is no ${what}`), allowed);
}

/** What is allowed instead, as far as an issue of zod says so. */
export function allowedBy(issue: z.core.$ZodIssue): string | undefined {
  if (issue.code === "custom") return issue.params?.allowed as string | undefined;
  if (issue.code === "invalid_value") return issue.values.map(String).join(", ");
  if (issue.code === "invalid_type") return wordFor[issue.expected] ?? issue.expected;
  return undefined;
}

/** What is wrong, in the words of whoever wrote the setting. */
export function problemOf(issue: z.core.$ZodIssue): string {
  if (issue.code === "invalid_value") return "is none of the values that are allowed";
  if (issue.code === "invalid_type") return issue.input === undefined ? "is missing" : "is of the wrong kind";
  if (issue.code === "too_small") {
    if (issue.origin === "array") return "is empty";
    return `is too small (${issue.inclusive ? "at least" : "more than"} ${issue.minimum})`;
  }
  if (issue.code === "too_big") return `is too large (at most ${issue.maximum})`;
  return issue.message;
}

const wordFor: Record<string, string> = {
  array: "a list",
  object: "a block of keys",
  record: "a block of keys",
  string: "a text",
  number: "a number",
  int: "a whole number",
};
