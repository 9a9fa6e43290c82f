import { membersOf } from "../api/conversations.ts";
import { findChannel, isMember } from "../api/places.ts";
import { isObject } from "../blocks/check.ts";
import { type Delivery, type DeliveryOptions, deliver, newTrigger, type Receipt } from "../deliver.ts";
import type { Message } from "../message.ts";
import { post } from "../posting.ts";
import { answerThrough, newResponseUrl } from "../response-url.ts";
import { nextId, nextTs, type State, teamOf } from "../state.ts";
import type { Channel } from "../workspace.ts";

/** What a person types: slash commands and messages that mention the bot. */

export type Repeatable = Receipt & {
  /** Delivers the very same payload once more, marked as a retry. */
  again(options?: DeliveryOptions): Promise<Receipt>;
};

export type Commanded = Repeatable & {
  triggerId: string;
  responseUrl: string;
  /** What came back to the person, through the acknowledgement or the response_url, as it is now. */
  answers(): Message[];
};

export type CommandInput = {
  user: string;
  channel: string;
  text: string;
  command?: string;
} & DeliveryOptions;

export function place(state: State, channel: string): Channel {
  const known = findChannel(state, channel);
  if (!known) throw new Error(`no channel ${channel} in this workspace`);
  return known;
}

const retried: DeliveryOptions = { retry: { num: 1, reason: "http_timeout" } };

export async function command(state: State, input: CommandInput): Promise<Commanded> {
  const channel = place(state, input.channel);
  const triggerId = newTrigger(state, input.user);
  const { url, record } = newResponseUrl(state, { channel: channel.id, user: input.user });
  const channel_name = channel.is_im ? "directmessage" : channel.is_private ? "privategroup" : channel.name;
  const payload: Record<string, string> = {
    token: "verification-token-of-the-past",
    team_id: state.team.id,
    team_domain: state.team.domain,
    channel_id: channel.id,
    channel_name,
    user_id: input.user,
    user_name: state.users.get(input.user)?.name ?? input.user,
    command: input.command ?? "/defender",
    text: input.text,
    api_app_id: state.bot.app_id,
    is_enterprise_install: "false",
    response_url: url,
    trigger_id: triggerId,
  };
  const delivery: Delivery = { kind: "slash_commands", payload };
  const receipt = await deliver(state, delivery, input);
  const said = typeof receipt.body === "string" ? { text: receipt.body } : receipt.body;
  if (receipt.status === 200 && isObject(said) && (said.text || said.blocks))
    answerThrough(state, record, said);
  return {
    ...receipt,
    triggerId,
    responseUrl: url,
    answers: () => record.answers.filter((message) => !message.deleted),
    again: (options) => deliver(state, delivery, options ?? retried),
  };
}

export type Mentioned = Repeatable & {
  ts: string;
  eventId: string;
  /** What the bot said in that thread so far. */
  answers(): Message[];
  /** Changes the words after the mention, and delivers the event that Slack sends of it. */
  edit(words: string): Promise<Receipt>;
};

export type MentionInput = {
  user: string;
  channel: string;
  text: string;
  thread_ts?: string;
} & DeliveryOptions;

/** Slack sends app_mention only from channels that the app is in. The text gets the mention in front if it has none. */
export async function mention(state: State, input: MentionInput): Promise<Mentioned> {
  const channel = place(state, input.channel);
  const tag = `<@${state.bot.user_id}>`;
  const text = input.text.includes(tag) ? input.text : `${tag} ${input.text}`;
  const { user, thread_ts } = input;
  const message = post(state, { channel: channel.id, user, text, thread_ts });
  const eventId = nextId(state, "Ev");
  const delivery: Delivery = { kind: "events_api", payload: mentionEvent(state, message, eventId) };
  const edit = (words: string) => editMention(state, message, words, input);
  const reached = isMember(channel) && !channel.is_archived;
  const receipt = reached
    ? await deliver(state, delivery, input)
    : { status: 0, body: "not_in_channel", ms: 0 };
  const root = thread_ts ?? message.ts;
  return {
    ...receipt,
    ts: message.ts,
    eventId,
    answers: () => answersIn(state, channel.id, root, message.ts),
    again: (options) => deliver(state, delivery, options ?? retried),
    edit,
  };
}

/** Slack brings an edited mention again: another event, the same `ts`, and `edited`. */
function editMention(
  state: State,
  message: Message,
  words: string,
  options: DeliveryOptions,
): Promise<Receipt> {
  message.text = `<@${state.bot.user_id}> ${words}`;
  const edited = { user: message.user, ts: nextTs(state) };
  const payload = mentionEvent(state, message, nextId(state, "Ev"), edited);
  return deliver(state, { kind: "events_api", payload }, options);
}

function answersIn(state: State, channel: string, root: string, after: string): Message[] {
  const everything = [
    ...(state.posts.get(channel) ?? []),
    ...state.ephemerals.filter((one) => one.channel === channel),
  ];
  return everything.filter(
    (one) => one.thread_ts === root && one.user === state.bot.user_id && Number(one.ts) > Number(after),
  );
}

function mentionEvent(
  state: State,
  message: Message,
  event_id: string,
  edited?: { user: string; ts: string },
): Record<string, unknown> {
  const { channel, user, text, ts, thread_ts } = message;
  const { id: team, enterprise_id = null } = state.team;
  const bot = { team_id: team, user_id: state.bot.user_id, is_bot: true, is_enterprise_install: false };
  const shared = state.channels.get(channel)?.is_ext_shared ?? false;
  const user_team = teamOf(state, user);
  return {
    token: "verification-token-of-the-past",
    team_id: team,
    api_app_id: state.bot.app_id,
    ...(enterprise_id && { enterprise_id }),
    event: {
      type: "app_mention",
      user,
      text,
      ts,
      channel,
      team,
      event_ts: edited?.ts ?? ts,
      thread_ts,
      ...(edited && { edited }),
      ...(shared && { user_team, source_team: user_team }),
    },
    type: "event_callback",
    event_id,
    event_time: Math.floor(Number(ts)),
    authorizations: [{ enterprise_id, ...bot }],
    is_ext_shared_channel: shared,
    event_context: `4-${event_id}`,
  };
}

/** A person says something that does not concern the bot. */
export function say(state: State, input: MentionInput): Message {
  const channel = place(state, input.channel);
  if (!membersOf(channel, state).includes(input.user))
    throw new Error(`${input.user} is not in ${channel.name}`);
  return post(state, { channel: channel.id, user: input.user, text: input.text, thread_ts: input.thread_ts });
}
