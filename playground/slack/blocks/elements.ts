import {
  boolean,
  type Check,
  type Fields,
  list,
  number,
  object,
  oneOf,
  problem,
  string,
  url,
} from "./check.ts";
import { confirm, initialAmong, option, plainText } from "./composition.ts";

/** Interactive elements. Source: docs.slack.dev "Block elements". */

const actionable: Fields = { action_id: string(255), confirm };
const focusable: Fields = { focus_on_load: boolean, placeholder: plainText(150) };

const button = object(
  { type: oneOf("button"), text: plainText(75) },
  {
    ...actionable,
    url: url(),
    value: string(2000),
    style: oneOf("primary", "danger"),
    accessibility_label: string(75),
  },
);

const static_select = object(
  { type: oneOf("static_select"), options: list(option(false), { max: 100 }) },
  { ...actionable, ...focusable, initial_option: option(false) },
  initialAmong,
);

const overflow = object(
  { type: oneOf("overflow"), options: list(option(true), { min: 2, max: 5 }) },
  actionable,
);

const length = number({ min: 0, max: 3000, integer: true });
const plain_text_input = object(
  { type: oneOf("plain_text_input") },
  {
    ...focusable,
    action_id: string(255),
    initial_value: string(3000, 0),
    multiline: boolean,
    min_length: length,
    max_length: number({ min: 1, max: 3000, integer: true }),
  },
  (value, at, report) => {
    const { min_length: min, max_length: max, initial_value: initial } = value;
    if (typeof min === "number" && typeof max === "number" && min > max)
      problem(report, "`min_length` must not exceed `max_length`", `${at}/min_length`);
    if (typeof initial === "string" && typeof max === "number" && initial.length > max)
      problem(report, `must be less than ${max + 1} characters`, `${at}/initial_value`);
  },
);

/** What may be in an `actions` block and in an `input` block. */
export const elementsOf: Record<"actions" | "input", Record<string, Check>> = {
  actions: { button, overflow, static_select },
  input: { static_select, plain_text_input },
};
