import { boolean, type Check, type Fields, list, number, object, oneOf, problem, string } from "./check.ts";
import { dispatchActionConfig, plainText } from "./composition.ts";
import { richText } from "./rich-text.ts";

/** Elements that take typed text or a file; they stand in `input` blocks. Source: docs.slack.dev "Block elements". */

const typed: Fields = {
  action_id: string(255),
  dispatch_action_config: dispatchActionConfig,
  focus_on_load: boolean,
  placeholder: plainText(150),
};

const length = number({ min: 0, max: 3000, integer: true });

const plainTextInput = object(
  { type: oneOf("plain_text_input") },
  {
    ...typed,
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

const line = string(3000, 0);

export const inputs: Record<string, Check> = {
  plain_text_input: plainTextInput,
  number_input: object(
    { type: oneOf("number_input"), is_decimal_allowed: boolean },
    { ...typed, initial_value: line, min_value: line, max_value: line },
  ),
  email_text_input: object({ type: oneOf("email_text_input") }, { ...typed, initial_value: line }),
  url_text_input: object({ type: oneOf("url_text_input") }, { ...typed, initial_value: line }),
  rich_text_input: object(
    { type: oneOf("rich_text_input") },
    {
      ...typed,
      initial_value: richText,
      min_lines: number({ min: 1, max: 100, integer: true }),
      max_lines: number({ min: 1, max: 100, integer: true }),
    },
  ),
  file_input: object(
    { type: oneOf("file_input") },
    {
      action_id: string(255),
      filetypes: list(string(32)),
      max_files: number({ min: 1, max: 10, integer: true }),
    },
  ),
};
