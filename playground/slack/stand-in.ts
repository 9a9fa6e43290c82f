import { findChannel } from "./api/places.ts";
import type { Refusal } from "./blocks/validate.ts";
import { type Conversion, convert } from "./convert.ts";
import type { Faults } from "./faults.ts";
import type { Message, SlackFile } from "./message.ts";
import * as hands from "./people/press.ts";
import * as mouth from "./people/speak.ts";
import type { Disconnect } from "./sockets.ts";
import type { Call, Delivered, Response, State, View } from "./state.ts";

export type Environment = {
  SLACK_API_URL: string;
  SLACK_BOT_TOKEN: string;
  SLACK_SIGNING_SECRET: string;
  SLACK_APP_TOKEN?: string;
};

/** What a test holds in its hands: the state of the workspace and the people in it. */
export type SlackStandIn = {
  /** Base of the Web API, ends with /api/. */
  url: string;
  /** Base of the page for people. */
  page: string;
  env: Environment;
  setEventsUrl(url: string | undefined): void;
  calls: readonly Call[];
  callsOf(method: string): Call[];
  /** Everything visible in a channel (id or name), threads included, oldest first. */
  messages(channel: string): Message[];
  /** Messages that only one person sees, oldest first. */
  ephemerals(channel?: string, user?: string): Message[];
  /** The thread below a message, without it. */
  thread(message: Message): Message[];
  /** Every view so far; `open` tells which a person still sees. */
  views: readonly View[];
  /** The form on top of this person's screen. */
  openView(user: string): View | undefined;
  responses: readonly Response[];
  /** Blocks that a response_url refused, with the reasons. */
  refusals: readonly Refusal[];
  files: readonly SlackFile[];
  /** Every request brought to the bot, with how long its acknowledgement took. */
  deliveries: readonly Delivered[];
  faults: Faults;
  sockets: { count(): number; disconnect(how?: Disconnect): void; freeze(connection?: number): void };
  command(input: mouth.CommandInput): Promise<mouth.Commanded>;
  mention(input: mouth.MentionInput): Promise<mouth.Mentioned>;
  say(input: mouth.MentionInput): Message;
  click(input: hands.PressInput): Promise<hands.Clicked>;
  selectOption(input: hands.PressInput & { option: string | readonly string[] }): Promise<hands.Clicked>;
  submit(input: hands.SubmitInput): Promise<hands.Submitted>;
  closeView(input: Parameters<typeof hands.closeView>[1]): ReturnType<typeof hands.closeView>;
  shortcut(input: hands.ShortcutInput): Promise<hands.Clicked>;
  /** Gives a channel another id, as when a private one is converted: both ids address it from then on. */
  convert(channel: string, id: string, how?: Conversion): Promise<void>;
  /** Waits until the condition holds, looking after every change; answers its value. Throws after `ms` real ms. */
  until<T>(condition: () => T, ms?: number): Promise<NonNullable<T>>;
  /** Changes what the workspace is while it runs: archive a channel, remove the bot, take a scope away. */
  state: State;
  close(): Promise<void>;
};

type Machinery = Pick<SlackStandIn, "faults" | "sockets" | "close">;

export function standIn(state: State, machinery: Machinery): SlackStandIn {
  const { settings } = state;
  const url = `${state.origin}/api/`;
  return {
    url,
    page: `${state.origin}/`,
    env: {
      SLACK_API_URL: url,
      SLACK_BOT_TOKEN: settings.botToken,
      SLACK_SIGNING_SECRET: settings.signingSecret,
      ...(settings.socketMode ? { SLACK_APP_TOKEN: settings.appToken } : {}),
    },
    setEventsUrl: (events) => {
      state.eventsUrl = events;
    },
    calls: state.calls,
    callsOf: (method) => state.calls.filter((call) => call.method === method),
    messages: (channel) => [...(state.posts.get(idOf(state, channel)) ?? [])],
    ephemerals: (channel, user) =>
      state.ephemerals.filter(
        (one) => (!channel || one.channel === idOf(state, channel)) && (!user || one.ephemeralTo === user),
      ),
    thread: (message) =>
      (state.posts.get(message.channel) ?? []).filter(
        (one) => one.thread_ts === message.ts && one !== message,
      ),
    get views() {
      return [...state.views.values()];
    },
    openView: (user) =>
      [...state.views.values()].findLast((one) => one.open && one.user === user && one.type === "modal"),
    responses: state.responses,
    refusals: state.refusals,
    get files() {
      return [...state.files.values()];
    },
    deliveries: state.deliveries,
    ...machinery,
    command: (input) => mouth.command(state, input),
    mention: (input) => mouth.mention(state, input),
    say: (input) => mouth.say(state, input),
    click: (input) => hands.press(state, input),
    selectOption: (input) => hands.press(state, input, input.option),
    submit: (input) => hands.submit(state, input),
    closeView: (input) => hands.closeView(state, input),
    shortcut: (input) => hands.shortcut(state, input),
    convert: (channel, id, how) => convert(state, channel, id, how),
    until: (condition, ms) => until(state, condition, ms),
    state,
  };
}

function idOf(state: State, channel: string): string {
  return findChannel(state, channel)?.id ?? channel;
}

function until<T>(state: State, condition: () => T, ms = 30_000): Promise<NonNullable<T>> {
  return new Promise((resolve, reject) => {
    const done = () => {
      clearTimeout(timer);
      state.listeners.delete(look);
    };
    const look = () => {
      try {
        const value = condition();
        if (!value) return;
        done();
        resolve(value);
      } catch (error) {
        done();
        reject(error);
      }
    };
    const timer = setTimeout(() => {
      done();
      reject(new Error(`waited ${ms} ms in vain for: ${condition.toString()}`));
    }, ms);
    state.listeners.add(look);
    look();
  });
}
