import { boolean, byType, type Check, object, oneOf, problem, type Report, string, url } from "./check.ts";

/** Composition objects. Source: docs.slack.dev "Composition objects"; limits in facts of Block Kit, November 2026. */

export function plainText(max: number): Check {
  const plain_text = object({ type: oneOf("plain_text"), text: string(max) }, { emoji: boolean });
  return byType(() => ({ plain_text }));
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

/** An option of a menu; those of an overflow menu may carry a link. */
export function option(linked: boolean): Check {
  return object(
    { text: plainText(75), value: string(150) },
    { description: plainText(75), ...(linked && { url: url() }) },
  );
}

/** An initially selected option must be one of the options, word for word. */
export function initialAmong(value: Record<string, unknown>, at: string, report: Report): void {
  if (value.initial_option === undefined || !Array.isArray(value.options)) return;
  const chosen = JSON.stringify(value.initial_option);
  if (!value.options.some((one) => JSON.stringify(one) === chosen))
    problem(report, "initial option must be one of the options", `${at}/initial_option`);
}
