import { readFileSync } from "node:fs";
import { startSlack } from "../../playground/slack/server.ts";
import type { Workspace } from "../../playground/slack/workspace.ts";
import { answering } from "../peer.ts";

/** Slack's stand-in, which types lines that open a form, and says when messages have come. */
const slack = await startSlack({
  workspace: JSON.parse(readFileSync(process.env.SLACK_STAND_IN_WORKSPACE!, "utf8")) as Workspace,
});

/** `form`: a line typed by a person, until their form is open. `since`: until each channel has a message later than that. */
export type SlackQuestion =
  | { form: { events: string; user: string; channel: string; text: string } }
  | { since: number; channels: readonly string[] };
/** Milliseconds: of a form, until it was open; of messages, the time (epoch) at which the last channel had one. */
export type SlackAnswer = { ms: number };

const patienceMs = 300_000;

answering<SlackQuestion>(async (question): Promise<SlackAnswer> => {
  if ("form" in question) {
    const { events, ...typed } = question.form;
    slack.setEventsUrl(events);
    const before = slack.callsOf("views.open").length;
    const started = performance.now();
    await slack.command(typed);
    await slack.until(() => slack.callsOf("views.open").length > before, patienceMs);
    return { ms: performance.now() - started };
  }
  const { since, channels } = question;
  const left = new Set(channels);
  await slack.until(() => {
    for (const channel of left) {
      const last = slack.messages(channel).at(-1);
      if (last && Number(last.ts) * 1000 > since) left.delete(channel);
    }
    return left.size === 0;
  }, patienceMs);
  return { ms: Date.now() };
});

for (const [name, value] of Object.entries(slack.env)) console.log(`${name}=${value}`);
console.log("ready");
