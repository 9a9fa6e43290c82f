import {
  boolean,
  byType,
  type Check,
  isObject,
  list,
  object,
  oneOf,
  problem,
  type Report,
  string,
  url,
} from "./check.ts";

/** Composition objects. Source: docs.slack.dev "Composition objects"; limits in facts of Block Kit, November 2026. */

export function plainText(max: number): Check {
  return byType(() => ({
    plain_text: object({ type: oneOf("plain_text"), text: string(max) }, { emoji: boolean }),
  }));
}

export function mrkdwn(max: number): Check {
  return byType(() => ({
    mrkdwn: object({ type: oneOf("mrkdwn"), text: string(max) }, { verbatim: boolean }),
  }));
}

/** `plain_text` or `mrkdwn`. */
export function textObject(max: number): Check {
  const plain = object({ type: oneOf("plain_text"), text: string(max) }, { emoji: boolean });
  const marked = object({ type: oneOf("mrkdwn"), text: string(max) }, { verbatim: boolean });
  return byType(() => ({ plain_text: plain, mrkdwn: marked }));
}

export const confirm: Check = object(
  { text: textObject(300) },
  {
    title: plainText(100),
    confirm: plainText(30),
    deny: plainText(30),
    style: oneOf("primary", "danger"),
  },
);

/** The place of an option decides what its text may be and whether it may carry a link. */
export function option(where: "select" | "overflow" | "choice"): Check {
  const text = where === "choice" ? textObject(75) : plainText(75);
  const description = where === "choice" ? textObject(75) : plainText(75);
  return object(
    { text, value: string(150) },
    where === "overflow" ? { description, url: url() } : { description },
  );
}

export const optionGroup: Check = object({
  label: plainText(75),
  options: list(option("select"), { max: 100 }),
});

/** An initially selected option must be one of the options, word for word. */
export function initialAmong(value: Record<string, unknown>, at: string, report: Report): void {
  const options = [
    ...asList(value.options),
    ...asList(value.option_groups).flatMap((group) => (isObject(group) ? asList(group.options) : [])),
  ].map((entry) => JSON.stringify(entry));
  const chosen = isObject(value.initial_option) ? [value.initial_option] : asList(value.initial_options);
  const field = value.initial_option ? "initial_option" : "initial_options";
  for (const entry of chosen)
    if (!options.includes(JSON.stringify(entry)))
      problem(report, "initial option must be one of the options", `${at}/${field}`);
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export const slackFile: Check = object({}, { id: string(255), url: url() }, (value, at, report) => {
  if (!value.id === !value.url) problem(report, "must define either `id` or `url`", at);
});

/** An image comes from a public address or from a Slack file, never both. */
export function imageSource(value: Record<string, unknown>, at: string, report: Report): void {
  if (!value.image_url === !value.slack_file)
    problem(report, "must define either `image_url` or `slack_file`", `${at}/type`);
}

export const conversationFilter: Check = object(
  {},
  {
    include: list(oneOf("im", "mpim", "private", "public")),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
);

export const dispatchActionConfig: Check = object(
  {},
  { trigger_actions_on: list(oneOf("on_enter_pressed", "on_character_entered"), { max: 2 }) },
);
