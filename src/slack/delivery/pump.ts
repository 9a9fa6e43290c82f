import { planNext, type RollupRule, type Waiting } from "../../domain/alerts/rollup.ts";
import type { OutboxState, PlacedMessage, StoredEvent } from "../../ports/outbox.ts";
import type { Deliver } from "../../ports/slack.ts";
import { attempt, headIntent, settle } from "./call.ts";
import type { PumpDeps } from "./deps.ts";
import { joinEarlier } from "./renumbered.ts";
import { followIntent, followUp, update } from "./update.ts";

/** At most one message a second and channel [Slack docs, "Rate limits", posting messages]. */
const paceSeconds = 1;
/** So long a channel is left to a newer version of the bot before it is looked at again. */
const newerSeconds = 10;
/** Renewed while a call is under way; soon free again where its process died. */
const leaseSeconds = 6;
const renewMs = 2000;

/**
 * The pump of a channel: each call makes at most one call that shows something in Slack, and says when it wants to be
 * called again. What it is about to do is written down first, so that a pump that finds an unfinished call asks Slack
 * whether it had its effect before it makes it again.
 */
export function pump(given: Omit<PumpDeps, "stumbles">): Deliver {
  const deps: PumpDeps = { ...given, stumbles: new Map() };
  return async (asked) => {
    const { channel, earlier } = await deps.channels.of(asked);
    const lease = await deps.leases.acquire(`deliver:${channel}`, leaseSeconds);
    // Another process is at it; its lease ends by itself where that process died.
    if (!lease) return paceSeconds;
    const renewal = setInterval(() => void lease.renew().catch(() => undefined), renewMs);
    try {
      return (await joinEarlier(channel, earlier, deps)) ? await step(channel, deps) : paceSeconds;
    } finally {
      clearInterval(renewal);
      await lease.release();
    }
  };
}

async function step(channel: string, deps: PumpDeps): Promise<number | undefined> {
  const { outbox, clock } = deps;
  const state = await outbox.state(channel);
  if (state.newer) return newerSeconds;
  if (state.lostIntent) return recover(channel, state, deps);
  if (!hasWork(state)) {
    await outbox.rest(channel);
    return undefined;
  }
  const now = Date.parse(clock.now());
  const pausedFor = state.paused ? (Date.parse(state.paused.until) - now) / 1000 : 0;
  if (pausedFor > 0) return pausedFor;
  const pacedFor = state.called ? paceSeconds - (now - Date.parse(state.called)) / 1000 : 0;
  if (pacedFor > 0) return Math.min(pacedFor, paceSeconds);
  if (state.intent) return settle(channel, state, state.intent, deps);
  return (
    (await head(channel, state, deps)) ??
    (await update(channel, state, deps)) ??
    (state.follow ? await followUp(channel, state, deps) : newerSeconds)
  );
}

function hasWork({ intent, waiting, changed, follow }: OutboxState): boolean {
  return intent !== undefined || waiting.length > 0 || changed.length > 0 || follow !== undefined;
}

/** Posts the next message of the waiting rows, or lets a row join one that is there. */
async function head(channel: string, state: OutboxState, deps: PumpDeps): Promise<number | undefined> {
  if (state.waiting.length === 0) return undefined;
  const { outbox, clock } = deps;
  const events = await outbox.events(state.waiting);
  const lost = state.waiting.filter((id) => !events.has(id));
  const dropped = lost.length > 0 ? await outbox.drop(channel, lost) : 0;
  const now = clock.now();
  const plan = planNext(waitingRows(state.waiting, events, deps), state.open, rulesOf(deps.notifiers), now);
  // Events that are left were written by a newer version of the bot: their rows wait for it.
  if (plan.kind === "idle") return dropped > 0 ? 0 : undefined;
  if (plan.kind === "join") {
    const message = await outbox.message(channel, plan.message);
    if (message?.ts && !message.gone) {
      const joined = { ...message, members: [...message.members, plan.row.id] };
      await outbox.join(channel, plan.row.id, joined, plan.row.again ?? "", now);
      return 0;
    }
  }
  const below = plan.kind === "single" ? events.get(plan.row.id)?.below : undefined;
  if (below !== undefined && plan.kind === "single") {
    const parent = (await outbox.placed(channel, [below])).get(below);
    if (parent?.ts && !parent.gone && !parent.noReplies) {
      await outbox.join(channel, plan.row.id, parent, "", now);
      return 0;
    }
  }
  const rows = plan.kind === "bundle" ? plan.rows : [plan.row];
  const message = newMessage(channel, rows, plan.kind === "bundle", state.language ?? deps.language);
  const intent = headIntent(message, now);
  if (!(await outbox.claim(channel, message, intent, now))) return 0;
  return attempt(channel, state, intent, deps);
}

function waitingRows(
  ids: readonly string[],
  events: ReadonlyMap<string, StoredEvent>,
  { notifiers }: PumpDeps,
): Waiting[] {
  return ids.flatMap((id) => {
    const event = events.get(id);
    // A notifier that is not known here is one of a newer version: its rows wait for it.
    if (!event || !notifiers.has(event.notifier)) return [];
    return [{ id, notifier: event.notifier, severity: event.severity, again: event.again, at: event.at }];
  });
}

function rulesOf(notifiers: PumpDeps["notifiers"]): Map<string, RollupRule> {
  return new Map(
    [...notifiers].flatMap(([name, { bundle }]) =>
      bundle ? [[name, { over: bundle.over, withinSeconds: bundle.again?.withinSeconds ?? 0 }] as const] : [],
    ),
  );
}

/** A message is named after its first row, which no other message of the channel has. */
function newMessage(
  channel: string,
  rows: readonly Waiting[],
  bundle: boolean,
  language: "en" | "ja",
): PlacedMessage {
  const first = rows[0]!;
  return {
    v: 1,
    id: `${channel}-${first.id}`,
    notifier: first.notifier,
    members: rows.map(({ id }) => id),
    initial: rows.length,
    language,
    bundle,
  };
}

/**
 * What was under way can no longer be read. It is found out from what is left: a message without a time stamp was being
 * posted, else it was the first follow-up. Slack is then asked whether it has arrived, as after any call without answer.
 * @returns seconds until the next step
 */
async function recover(
  channel: string,
  state: OutboxState,
  { outbox, clock, log }: PumpDeps,
): Promise<number> {
  // Written before each call: the lost one began then at the earliest.
  const started = state.called ?? clock.now();
  const message = await outbox.unposted(channel);
  if (message) await outbox.intend(channel, headIntent(message, started));
  else if (state.follow && state.follow.kind !== "edit")
    await outbox.intend(channel, followIntent(state.follow, started));
  log.warn(
    { channel, message: message?.id },
    "the record of a call to Slack could not be read; asking Slack",
  );
  return 0;
}
