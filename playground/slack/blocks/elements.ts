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
import {
  confirm,
  conversationFilter,
  imageSource,
  initialAmong,
  option,
  optionGroup,
  plainText,
  slackFile,
} from "./composition.ts";
import { inputs } from "./inputs.ts";

/** Interactive elements. Source: docs.slack.dev "Block elements". */

const actionId = string(255);
const actionable: Fields = { action_id: actionId, confirm };
const focusable: Fields = { ...actionable, focus_on_load: boolean };
const placed: Fields = { ...focusable, placeholder: plainText(150) };
const several: Fields = { max_selected_items: number({ min: 1, integer: true }) };

export const button: Check = object(
  { type: oneOf("button"), text: plainText(75) },
  {
    ...actionable,
    url: url(),
    value: string(2000),
    style: oneOf("primary", "danger"),
    accessibility_label: string(75),
  },
);

export const image: Check = object(
  { type: oneOf("image"), alt_text: string(2000) },
  { image_url: url(3000, true), slack_file: slackFile },
  imageSource,
);

function staticSelect(type: string, multiple: boolean): Check {
  const initial: Fields = multiple
    ? { initial_options: list(option("select"), { max: 100 }), ...several }
    : { initial_option: option("select") };
  const options = {
    options: list(option("select"), { max: 100 }),
    option_groups: list(optionGroup, { max: 100 }),
  };
  return object({ type: oneOf(type) }, { ...placed, ...options, ...initial }, (value, at, report) => {
    if (!value.options === !value.option_groups)
      problem(report, "must define either `options` or `option_groups`", `${at}/type`);
    initialAmong(value, at, report);
  });
}

function pick(type: string, fields: Fields): Check {
  return object({ type: oneOf(type) }, { ...placed, ...fields });
}

function choice(type: string, fields: Fields): Check {
  const required = { type: oneOf(type), options: list(option("choice"), { max: 10 }) };
  return object(required, { ...focusable, ...fields }, initialAmong);
}

const ids = list(string(32), { max: 100 });
const minQuery: Fields = { min_query_length: number({ min: 0, integer: true }) };
const conversations: Fields = {
  default_to_current_conversation: boolean,
  filter: conversationFilter,
  response_url_enabled: boolean,
};
const date = string(10, 10);

const selects: Record<string, Check> = {
  static_select: staticSelect("static_select", false),
  multi_static_select: staticSelect("multi_static_select", true),
  users_select: pick("users_select", { initial_user: string(32) }),
  multi_users_select: pick("multi_users_select", { initial_users: ids, ...several }),
  channels_select: pick("channels_select", { initial_channel: string(32), response_url_enabled: boolean }),
  multi_channels_select: pick("multi_channels_select", { initial_channels: ids, ...several }),
  conversations_select: pick("conversations_select", { initial_conversation: string(32), ...conversations }),
  multi_conversations_select: pick("multi_conversations_select", {
    initial_conversations: ids,
    ...several,
    default_to_current_conversation: boolean,
    filter: conversationFilter,
  }),
  external_select: pick("external_select", { initial_option: option("select"), ...minQuery }),
  multi_external_select: pick("multi_external_select", {
    initial_options: list(option("select"), { max: 100 }),
    ...several,
    ...minQuery,
  }),
};

const choices: Record<string, Check> = {
  checkboxes: choice("checkboxes", { initial_options: list(option("choice"), { max: 10 }) }),
  radio_buttons: choice("radio_buttons", { initial_option: option("choice") }),
  datepicker: pick("datepicker", { initial_date: date }),
  timepicker: pick("timepicker", { initial_time: string(5, 5), timezone: string(255) }),
  datetimepicker: object(
    { type: oneOf("datetimepicker") },
    { ...focusable, initial_date_time: number({ integer: true, min: 0 }) },
  ),
};

const overflow = object(
  { type: oneOf("overflow"), options: list(option("overflow"), { min: 2, max: 5 }) },
  actionable,
);

/** What may stand in an `actions` block, beside a section, in a `context` block, and in an `input` block. */
export const elementsOf = {
  actions: { button, overflow, ...selects, ...choices, rich_text_input: inputs.rich_text_input! },
  accessory: { button, overflow, image, ...selects, ...choices },
  input: { ...selects, ...choices, ...inputs },
};
