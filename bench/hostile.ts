import type { Message } from "../src/message/message.ts";
import type { HostileText } from "./peers/hostile-text.ts";

const channel = "C0SECURITY1";
const user = "U0OLIVIA001";
const form = "application/x-www-form-urlencoded";
const json = "application/json";
/** Slack's own limit of a message; the others are as long. */
const length = 39_900;

/** What is repeated: each was quadratic, or worse, in some pattern of this or another bot. */
const pieces: Record<string, string> = {
  spaces: " ",
  letters: "x",
  "open quotes": '"',
  "nested quotes": "“'\"",
  "base64 without spaces": "eyJhbGciOi.",
  "combining marks": `Z${"\u0301".repeat(40)}`,
  entities: "<@U1|&amp;",
  "backslashes and dashes": "\\--",
  "joined emoji": "👨‍👩‍👧",
};
const filled = (piece: string, size: number) => piece.repeat(Math.ceil(size / piece.length)).slice(0, size);

export type Request = { body: string; type: string };

/** Requests that Slack would sign, by what is hostile in them; `unique` goes into what tells one from the next. */
export function hostileRequests(unique: string): Map<string, Request> {
  const requests = new Map<string, Request>();
  let numbered = 0;
  const id = () => `${unique}-${numbered++}`;
  const add = (what: string, body: string, type: string) => requests.set(what, { body, type });
  const payload = (what: string, value: object) => {
    const whole = JSON.stringify({ user: { id: user }, trigger_id: id(), ...value });
    add(what, new URLSearchParams({ payload: whole }).toString(), form);
  };
  for (const [name, piece] of Object.entries(pieces)) {
    const text = filled(piece, length);
    const command = { command: "/defender", user_id: user, channel_id: channel, trigger_id: id() };
    add(
      `command, ${name}`,
      new URLSearchParams({ ...command, text: `alerts --scope ${text}` }).toString(),
      form,
    );
    const event = { type: "app_mention", user, channel, text: `<@U0BREAKWTR> status${text}.`, ts: id() };
    add(`mention, ${name}`, JSON.stringify({ type: "event_callback", event_id: id(), event }), json);
    payload(`button, ${name}`, {
      type: "block_actions",
      channel: { id: channel, name: "security" },
      actions: [{ type: "button", action_id: "line-0", block_id: "b", value: `status ${text}` }],
    });
    payload(`form, ${name}`, {
      type: "view_submission",
      view: {
        id: "V1",
        hash: id(),
        callback_id: "breakwater-form",
        private_metadata: JSON.stringify({ line: "alerts", channel }),
        state: { values: { b: { scope: { type: "plain_text_input", value: text } } } },
      },
    });
    // Just within what is read: the tokenizer, the suggestions and the answer see all of it.
    const within = { ...command, trigger_id: id(), text: `alerts ${filled(piece, 3900)}` };
    add(`command within the limit, ${name}`, new URLSearchParams(within).toString(), form);
  }
  return requests;
}

/** 250 lines of a log of 4 kB, and a message with such texts in every place that shows text from outside. */
export function hostileTexts(): Map<string, HostileText> {
  const texts = new Map<string, HostileText>();
  for (const [name, piece] of Object.entries(pieces)) {
    texts.set(`log, ${name}`, { lines: Array<string>(250).fill(filled(piece, 4096)) });
    const text = filled(piece, length);
    const message: Message = {
      headline: text,
      parts: [{ quote: text }, { note: text }, { list: [text, { code: text }] }, { facts: [[text, text]] }],
    };
    texts.set(`message, ${name}`, { message });
  }
  return texts;
}
