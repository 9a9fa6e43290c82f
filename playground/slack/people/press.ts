import { SlackRefusal } from "../api/method.ts";
import { changeView, createView, viewContent } from "../api/views.ts";
import { isObject } from "../blocks/check.ts";
import { type Delivery, type DeliveryOptions, deliver, newTrigger } from "../deliver.ts";
import type { Message } from "../message.ts";
import { newResponseUrl } from "../response-url.ts";
import { changed, type State, type View } from "../state.ts";
import { elementsIn, findElement, type Input, isEmpty, type Target } from "./element.ts";
import {
  closing,
  messageAction,
  type Pressed,
  shortcutPayload,
  submission,
  type Values,
  valuesOf,
  viewAction,
} from "./payloads.ts";
import type { Repeatable } from "./speak.ts";

/** What a person presses: buttons, menus, forms and shortcuts. */

export type PressInput = { user: string; message?: Message; view?: View } & Target & DeliveryOptions;

/** `answers`: new messages through the response_url of this press, as they stand now. */
export type Clicked = Repeatable & { triggerId: string; responseUrl?: string; answers(): Message[] };

async function dispatched(state: State, delivery: Delivery, options: DeliveryOptions): Promise<Repeatable> {
  const receipt = await deliver(state, delivery, options);
  return { ...receipt, again: (more) => deliver(state, delivery, more ?? {}) };
}

/** Presses a button, or chooses `option` in a menu. */
export async function press(state: State, input: PressInput, option?: Input): Promise<Clicked> {
  const { user, message, view } = input;
  const placed = findElement((view ?? message)?.blocks ?? [], input);
  const triggerId = newTrigger(state, user, view?.id);
  const pressed: Pressed = { user, trigger: triggerId, placed, input: option ?? placed.option };
  if (view) {
    const payload = viewAction(state, view, pressed);
    return {
      ...(await dispatched(state, { kind: "interactive", payload }, input)),
      triggerId,
      answers: () => [],
    };
  }
  if (!message) throw new Error("press what? Name a message or a view");
  if (message.ephemeralTo && message.ephemeralTo !== user)
    throw new Error(`${user} does not see this message`);
  const { url, record } = newResponseUrl(state, { channel: message.channel, user, original: message });
  const payload = messageAction(state, message, url, pressed);
  const receipt = await dispatched(state, { kind: "interactive", payload }, input);
  const answers = () => record.answers.filter((one) => !one.deleted);
  return { ...receipt, triggerId, responseUrl: url, answers };
}

export type SubmitInput = { user: string; view: View; values?: Values } & DeliveryOptions;

/** `errors`: block_id → what the app objects to; the form stays open. */
export type Submitted = Repeatable & { triggerId: string; errors?: Record<string, string>; refused?: string };

/** Sends a form. Throws where Slack's client would not let a person submit: something required is missing or too long. */
export async function submit(state: State, input: SubmitInput): Promise<Submitted> {
  const { user, view } = input;
  if (!view.open) throw new Error("this form is closed already");
  const given = input.values ?? {};
  checkFilled(view, given);
  const triggerId = newTrigger(state, user, view.id);
  const payload = submission(state, view, user, triggerId, valuesOf(view.blocks, given));
  const receipt = await dispatched(state, { kind: "interactive", payload }, input);
  if (receipt.status !== 200) return { ...receipt, triggerId };
  return { ...receipt, triggerId, ...react(state, view, user, receipt.body) };
}

function checkFilled(view: View, given: Values): void {
  const names = elementsIn(view.blocks).flatMap(({ block, element }) => [block.block_id!, element.action_id]);
  const stray = Object.keys(given).find((name) => !names.includes(name));
  if (stray) throw new Error(`the form has no field ${stray}; it has: ${names.join(", ")}`);
  const values = valuesOf(view.blocks, given);
  for (const { block, element } of elementsIn(view.blocks)) {
    const held = values[block.block_id!]?.[element.action_id] as Record<string, unknown> | undefined;
    if (block.type !== "input" || !held) continue;
    if (!block.optional && isEmpty(held))
      throw new Error(`the form needs ${block.block_id} (${element.action_id})`);
    const most = typeof element.max_length === "number" ? element.max_length : 3000;
    if (typeof held.value === "string" && held.value.length > most)
      throw new Error(`${element.action_id} takes ${most} characters at most`);
  }
}

/** What the acknowledgement of a submission asks of the client. Source: docs.slack.dev "Modals", response_action. */
function react(state: State, view: View, user: string, body: unknown): Partial<Submitted> {
  const action = isObject(body) ? body.response_action : undefined;
  try {
    if (action === "errors") return { errors: (body as { errors: Record<string, string> }).errors };
    const next = isObject(body) ? body.view : undefined;
    if (action === "update") changeView(state, view, viewContent(next, state));
    else if (action === "push") createView(state, viewContent(next, state), user, view);
    else close(state, view, action === "clear");
  } catch (error) {
    if (error instanceof SlackRefusal) return { refused: JSON.stringify(error.answer) };
    throw error;
  }
  return {};
}

function close(state: State, view: View, whole: boolean): void {
  view.open = false;
  if (whole) for (const other of state.views.values()) if (other.root === view.root) other.open = false;
  changed(state);
}

/** Closes a form without sending it. The app hears of it only if the view asked for that. */
export async function closeView(
  state: State,
  input: { user: string; view: View; clear?: boolean } & DeliveryOptions,
): Promise<Repeatable | undefined> {
  const { user, view, clear = false } = input;
  close(state, view, clear);
  if (!view.notify_on_close) return undefined;
  return dispatched(state, { kind: "interactive", payload: closing(state, view, user, clear) }, input);
}

export type ShortcutInput = { user: string; callback_id: string; message?: Message } & DeliveryOptions;

export async function shortcut(state: State, input: ShortcutInput): Promise<Clicked> {
  const { user, callback_id, message } = input;
  const triggerId = newTrigger(state, user);
  const link = message && newResponseUrl(state, { channel: message.channel, user, original: message });
  const on = message && link ? { message, url: link.url } : undefined;
  const payload = shortcutPayload(state, { user, callback_id, trigger: triggerId }, on);
  const receipt = await dispatched(state, { kind: "interactive", payload }, input);
  const answers = () => link?.record.answers.filter((one) => !one.deleted) ?? [];
  return { ...receipt, triggerId, responseUrl: link?.url, answers };
}
