import { viewOnTheWire } from "../api/views.ts";
import { type Block, type Message, onTheWire } from "../message.ts";
import { formatTs, type State, teamOf, type View } from "../state.ts";
import { type Element, elementsIn, type Input, type Placed, stateOf } from "./element.ts";

/** Builds the payloads of interactions as Slack does. Source: docs.slack.dev "Interaction payloads". */

function everybody(state: State, user: string): Record<string, unknown> {
  const { id, domain, enterprise_id } = state.team;
  const name = state.users.get(user)?.name ?? user;
  return {
    team: { id, domain, ...(enterprise_id && { enterprise_id }) },
    user: { id: user, username: name, name, team_id: teamOf(state, user) },
    api_app_id: state.bot.app_id,
    token: "verification-token-of-the-past",
    enterprise: enterprise_id ? { id: enterprise_id, name: domain } : null,
    is_enterprise_install: false,
  };
}

export type Pressed = { user: string; trigger: string; placed: Placed; input?: Input };

function action(state: State, { block, element }: Placed, input: Input | undefined): Record<string, unknown> {
  const { action_id, type, value, text, style, placeholder } = element;
  const shown = type === "button" ? { text, value, style } : { ...stateOf(element, input), placeholder };
  const action_ts = formatTs(state.settings.clock() * 1000);
  return { action_id, block_id: block.block_id, ...shown, type, action_ts };
}

/** block_actions from a message. An ephemeral message is not repeated to the app: only its place is. */
export function messageAction(
  state: State,
  message: Message,
  url: string,
  pressed: Pressed,
): Record<string, unknown> {
  const { ts, channel, thread_ts } = message;
  const ephemeral = message.ephemeralTo !== undefined;
  const values = valuesOf(message.blocks ?? [], { [pressed.placed.element.action_id]: pressed.input });
  return {
    type: "block_actions",
    ...everybody(state, pressed.user),
    container: { type: "message", message_ts: ts, channel_id: channel, is_ephemeral: ephemeral, thread_ts },
    trigger_id: pressed.trigger,
    channel: { id: channel, name: state.channels.get(channel)?.name ?? channel },
    ...(ephemeral ? {} : { message: { ...onTheWire(message, true), team: state.team.id } }),
    state: { values },
    response_url: url,
    actions: [action(state, pressed.placed, pressed.input)],
  };
}

export function viewAction(state: State, view: View, pressed: Pressed): Record<string, unknown> {
  const values = valuesOf(view.blocks, { [pressed.placed.element.action_id]: pressed.input });
  return {
    type: "block_actions",
    ...everybody(state, pressed.user),
    container: { type: "view", view_id: view.id },
    trigger_id: pressed.trigger,
    view: viewOnTheWire(view, state, values),
    actions: [action(state, pressed.placed, pressed.input)],
  };
}

export type Values = Record<string, Input | undefined>;

/** `state.values`: block_id → action_id → what the element holds. `given` is keyed by block_id or action_id. */
export function valuesOf(blocks: readonly Block[], given: Values): Record<string, Record<string, unknown>> {
  const values: Record<string, Record<string, unknown>> = {};
  for (const { block, element } of elementsIn(blocks)) {
    if (!holdsState(element)) continue;
    const input = given[element.action_id] ?? given[block.block_id!];
    values[block.block_id!] = { ...values[block.block_id!], [element.action_id]: stateOf(element, input) };
  }
  return values;
}

function holdsState(element: Element): boolean {
  return element.type !== "button" && element.type !== "overflow";
}

export function submission(
  state: State,
  view: View,
  user: string,
  trigger: string,
  values: Record<string, unknown>,
): Record<string, unknown> {
  return {
    type: "view_submission",
    ...everybody(state, user),
    trigger_id: trigger,
    view: viewOnTheWire(view, state, values),
    response_urls: [],
  };
}

export function closing(state: State, view: View, user: string, cleared: boolean): Record<string, unknown> {
  return {
    type: "view_closed",
    ...everybody(state, user),
    view: viewOnTheWire(view, state),
    is_cleared: cleared,
  };
}

/** A global shortcut, or one on a message. */
export function shortcutPayload(
  state: State,
  pressed: { user: string; callback_id: string; trigger: string },
  on?: { message: Message; url: string },
): Record<string, unknown> {
  const { callback_id, trigger: trigger_id } = pressed;
  const common = { ...everybody(state, pressed.user), callback_id, trigger_id };
  const action_ts = formatTs(state.settings.clock() * 1000);
  if (!on) return { type: "shortcut", ...common, action_ts };
  const { channel, ts } = on.message;
  return {
    type: "message_action",
    ...common,
    action_ts,
    channel: { id: channel, name: state.channels.get(channel)?.name ?? channel },
    message_ts: ts,
    message: { ...onTheWire(on.message, true), team: state.team.id },
    response_url: on.url,
  };
}
