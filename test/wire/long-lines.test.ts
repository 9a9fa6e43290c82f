import { afterAll, beforeAll, expect, it } from "vitest";
import type { Ports } from "../../src/definitions/ports.ts";
import { dispatcher } from "../../src/dispatch/dispatch.ts";
import { definitions } from "../dispatch-parts.ts";
import { quiet } from "../quiet.ts";
import { signedRequests } from "../signed-requests.ts";
import { akira, olivia, type SlackBot, startBot, until } from "../slack-bot.ts";

/** What was asked of Azure, the store, the clusters, the queue and the rights. */
const work: string[] = [];
const watched = (name: string): never =>
  new Proxy({}, { get: (_, method) => work.push(`${name}.${String(method)}`) && undefined }) as never;

let bot: SlackBot;
beforeAll(async () => {
  const ports = {
    ...Object.fromEntries(
      ["store", "chat", "azure", "rights", "clusters", "queue", "settings"].map((name) => [
        name,
        watched(name),
      ]),
    ),
    definitions,
    log: quiet,
    metrics: { count() {}, gauge() {}, observe() {} },
    clock: { now: () => "2026-11-23T08:00:00.000Z" },
  } as unknown as Ports;
  bot = await startBot(dispatcher(ports));
});
afterAll(() => bot.stop());

const { payload, event, command } = signedRequests(() => bot);
const channel = "C0SECURITY1";
const long = `alerts ${"x".repeat(39_000)}`;
let numbered = 0;
const unique = () => `long-${numbered++}`;

/** The time stamp of a message that is there. */
const said = (user: string) => bot.slack.say({ user, channel, text: "hello" }).ts;
const mention = (user: string, more: object) => {
  const text = `<@U0BREAKWTR> ${long}`;
  return event({
    event_id: unique(),
    event: { type: "app_mention", channel, user, text, ts: said(user), ...more },
  });
};

/** Everything that carries a line to the bot, with a line that is too long. */
const sources: Record<string, (user: string) => Promise<[number, string]>> = {
  "a slash command": (user) => command({ user_id: user, text: long, trigger_id: unique() }),
  "spaces alone in a slash command": (user) =>
    command({ user_id: user, text: `alerts${" ".repeat(39_900)}x`, trigger_id: unique() }),
  "a mention": (user) => mention(user, {}),
  "a mention in a thread": (user) => mention(user, { thread_ts: said(user) }),
  "a mention that was edited": (user) => mention(user, { edited: { user, ts: "1900000000.000001" } }),
  "a button's value": (user) =>
    payload({
      type: "block_actions",
      user: { id: user },
      channel: { id: channel, name: "security" },
      trigger_id: unique(),
      actions: [{ type: "button", action_id: "line-0", block_id: "b", value: long }],
    }),
  "a field of a form": (user) =>
    payload({
      type: "view_submission",
      user: { id: user },
      trigger_id: unique(),
      view: {
        id: "V1",
        hash: "h",
        callback_id: "breakwater-form",
        private_metadata: JSON.stringify({ line: "alerts", channel }),
        state: { values: { b: { scope: { type: "plain_text_input", value: "x".repeat(39_000) } } } },
      },
    }),
  "a shortcut": (user) =>
    payload({ type: "shortcut", user: { id: user }, callback_id: long, trigger_id: unique() }),
  "a shortcut on a message": (user) =>
    payload({
      type: "message_action",
      user: { id: user },
      callback_id: long,
      trigger_id: unique(),
      channel: { id: channel, name: "security" },
      message: { ts: said(user), text: "hello" },
    }),
};

const sentence: Record<string, RegExp> = {
  [olivia]:
    /This command is too long \([\d,]+ characters\)\. Use at most 4,000; a pattern such as .*cluster:aks-\*/,
  [akira]: /コマンドが長すぎます \([\d,]+ 文字\)。4,000 文字以内で入力してください。.*cluster:aks-\*/,
};

const cases = Object.entries(sources).flatMap(([source, ask]) => [
  { source, ask, user: olivia, language: "English" },
  { source, ask, user: akira, language: "Japanese" },
]);
it.each(cases)(
  "$source over 4,000 characters is refused in $language, before any work",
  async ({ ask, user }) => {
    const before = bot.slack.calls.length;
    expect(await ask(user)).toEqual([200, ""]);
    const answers = () =>
      bot.slack.calls
        .slice(before)
        .filter(({ method }) => /^chat\.post(Message|Ephemeral)$/.test(method))
        .map(({ args }) => JSON.stringify(args));
    await until(() => answers().length > 0);
    expect(answers()).toEqual([expect.stringMatching(sentence[user]!)]);
    // Short itself: nothing of the line is repeated.
    expect(answers()[0]!.length).toBeLessThan(4000);
    expect(work).toEqual([]);
  },
);
