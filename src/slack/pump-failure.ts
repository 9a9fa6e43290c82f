import type { UpstreamError } from "../errors.ts";
import type { OutboxState } from "../store/outbox-reading.ts";
import type { Intent } from "../store/outbox-types.ts";
import type { PumpDeps } from "./pump.ts";

/** What follows from a call that failed: wait and try again, or give this one notification up. */
export type Failure = { kind: "wait"; seconds: number } | { kind: "final"; hold: boolean; said: string };

/** Slack's words for a message that it will not take in this form [Slack docs, chat.postMessage, errors]. */
const formErrors = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "msg_too_long",
  "invalid_metadata_format",
  "metadata_too_large",
  "invalid_attachments",
]);
/** The message or thread that this follows is gone: there is nowhere to post it. */
const goneErrors = new Set([
  "thread_not_found",
  "message_not_found",
  "cannot_reply_to_message",
  "file_not_found",
]);
/** The request never left: it had no effect, nothing has to be asked. */
const unsentErrors = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const longestBackoffSeconds = 60;
/** A channel that cannot be posted to is tried again after 5 s, then less and less often, at last every minute. */
const firstPauseSeconds = 5;
const longestPauseSeconds = 60;

/** Sorts a failed call, writes down what the next run has to know, and tells the people who can mend it. */
export async function failed(
  channel: string,
  state: OutboxState,
  intent: Intent,
  error: UpstreamError,
  newBlocks: readonly string[],
  deps: PumpDeps,
): Promise<Failure> {
  const { outbox, refused, log, metrics } = deps;
  metrics.count("notifications_failed_total", { code: error.code });
  log.warn(
    { channel, code: error.code, status: error.status, attempts: intent.attempts },
    "a call to Slack failed",
  );
  if (error.code === "ratelimited" || error.status === 429) {
    await outbox.intend(channel, { ...intent, refused: true });
    return { kind: "wait", seconds: error.retryAfter ?? 1 };
  }
  if (error.retryable) {
    await outbox.intend(channel, { ...intent, refused: unsentErrors.has(error.code) || undefined });
    const backoff = Math.min(longestBackoffSeconds, 2 ** Math.min(intent.attempts, 6));
    return { kind: "wait", seconds: error.retryAfter ?? backoff };
  }
  if (formErrors.has(error.code)) {
    if (intent.form === 2) return heldBack(channel, intent, error, deps);
    if (intent.form === 0 && newBlocks.length > 0) for (const type of newBlocks) await refused.add(type);
    const form = intent.form === 0 && newBlocks.length > 0 ? 1 : 2;
    await outbox.intend(channel, { ...intent, refused: true, form });
    return { kind: "wait", seconds: 0 };
  }
  if (intent.what.kind === "follow" && goneErrors.has(error.code))
    return { kind: "final", hold: false, said: error.code };
  return paused(channel, state, intent, error, deps);
}

/** Slack refuses the notification in every form: it is kept apart, so that the rest of the channel goes on. */
async function heldBack(
  channel: string,
  intent: Intent,
  error: UpstreamError,
  deps: PumpDeps,
): Promise<Failure> {
  await deps.trouble.tell({ what: `held:${intent.id}`, kind: "held", name: channel, detail: error.message });
  return { kind: "final", hold: true, said: error.code };
}

/** The channel cannot be posted to: its outbox waits, it is tried again now and then, and somebody hears of it. */
async function paused(
  channel: string,
  state: OutboxState,
  intent: Intent,
  error: UpstreamError,
  deps: PumpDeps,
): Promise<Failure> {
  const { outbox, clock, trouble } = deps;
  const now = clock.now();
  const pauseSeconds = Math.min(
    longestPauseSeconds,
    firstPauseSeconds * 2 ** Math.min(intent.attempts - 1, 6),
  );
  const until = new Date(Date.parse(now) + pauseSeconds * 1000).toISOString();
  await outbox.intend(channel, { ...intent, refused: true });
  await outbox.pause(channel, { reason: error.code, since: state.paused?.since ?? now, until });
  await trouble.tell({ what: `channel:${channel}`, kind: "channel", name: channel, detail: error.code });
  return { kind: "wait", seconds: pauseSeconds };
}
