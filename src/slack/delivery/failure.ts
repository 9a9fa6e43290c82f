import type { UpstreamError } from "../../errors.ts";
import type { Intent, OutboxState } from "../../ports/outbox.ts";
import type { PumpDeps } from "./deps.ts";
import { pauseChannel } from "./pause.ts";
import type { Piece } from "./pieces.ts";
import { isFormRefusal, isGone, takesNoReplies } from "./refusals.ts";
import { learn } from "./refused-blocks.ts";

/**
 * What follows from a call that failed: wait and try again, or give this one up: `gone`, what it was to follow is no
 * longer there; `reply`, the channel takes messages but no replies; `held`, Slack takes it in no form.
 */
export type Failure =
  | { kind: "wait"; seconds: number }
  | { kind: "final"; kept: "gone" | "reply" | "held"; said: string };

/** The request never left: it had no effect, nothing has to be asked. */
const unsentErrors = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);
const longestBackoffSeconds = 60;
/**
 * So often is one form tried where it may be this very message that Slack stumbles over, or the host for uploads
 * (files.slack.com) that a firewall closes while Slack itself answers.
 */
export const triesInOneForm = 5;

/** Words alone were tried once: where that failed too, it was not the form. */
const tried = ({ attempts }: Intent) => attempts > 1 && attempts % triesInOneForm === 1;
const ownForm = ({ what }: Intent) =>
  what.kind === "follow" && what.follow.kind === "part" ? (what.follow.form ?? 0) : 0;
export const isSlackTrouble = ({ code }: UpstreamError) =>
  code === "internal_error" || code === "fatal_error";
const isUpload = ({ message }: UpstreamError) => message.startsWith("upload:");

/** Sorts a failed call, writes down what the next run has to know, and tells the people who can fix it. */
export async function failed(
  channel: string,
  state: OutboxState,
  intent: Intent,
  error: UpstreamError,
  piece: Piece,
  deps: PumpDeps,
): Promise<Failure> {
  const { outbox, log, metrics } = deps;
  metrics.count("notifications_failed_total", { code: error.code });
  log.warn(
    { channel, code: error.code, status: error.status, attempts: intent.attempts },
    "a call to Slack failed",
  );
  if (error.code === "ratelimited" || error.status === 429) {
    await outbox.intend(channel, { ...intent, refused: true });
    return { kind: "wait", seconds: error.retryAfter ?? 1 };
  }
  const stuck = intent.attempts % triesInOneForm === 0 && (isSlackTrouble(error) || isUpload(error));
  if (stuck && "file" in piece) return withoutFile(channel, intent, error, deps);
  if (error.retryable) {
    const form = stuck ? 2 : tried(intent) ? ownForm(intent) : intent.form;
    await outbox.intend(channel, { ...intent, form, refused: unsentErrors.has(error.code) || undefined });
    const backoff = Math.min(longestBackoffSeconds, 2 ** Math.min(intent.attempts, 6));
    return { kind: "wait", seconds: error.retryAfter ?? backoff };
  }
  const isReply = intent.what.kind === "follow";
  if (isReply && isGone(error)) return { kind: "final", kept: "gone", said: error.code };
  if (isReply && takesNoReplies(error)) {
    await tellHeld(channel, `held:${channel}:replies`, error, deps);
    return { kind: "final", kept: "reply", said: error.code };
  }
  if ("file" in piece) return withoutFile(channel, intent, error, deps);
  if (isFormRefusal(error)) {
    if (intent.form === 2) {
      await tellHeld(channel, `held:${intent.id}`, error, deps);
      return { kind: "final", kept: "held", said: error.code };
    }
    const isPart = intent.what.kind === "follow" && intent.what.follow.kind === "part";
    const { usesNewBlocks } = piece.body;
    const another = usesNewBlocks.length > 0 || error.code === "msg_blocks_too_long";
    // A part keeps to the form by which its message was cut, else some of it would be left out.
    const form = intent.form === 0 && !isPart && another ? 1 : 2;
    await outbox.intend(channel, { ...intent, refused: true, form });
    if (form === 1) await learn(deps.refused, error, usesNewBlocks);
    return { kind: "wait", seconds: 0 };
  }
  await outbox.intend(channel, { ...intent, refused: true });
  return { kind: "wait", seconds: await pauseChannel(channel, state, error, deps) };
}

/** Slack refuses it whatever is done: it is kept apart, so that the rest of the channel goes on. */
async function tellHeld(channel: string, what: string, error: UpstreamError, { trouble, log }: PumpDeps) {
  log.error(
    { channel, what, code: error.code, said: error.message },
    "a notification is held: Slack rejects it",
  );
  await trouble.tell({ what, kind: "held", name: channel, detail: error.message });
}

/** A file that cannot be shared must not block what is queued after it: a line takes its place. */
async function withoutFile(
  channel: string,
  intent: Intent,
  error: UpstreamError,
  { outbox, trouble }: PumpDeps,
): Promise<Failure> {
  await outbox.intend(channel, { ...intent, refused: true, form: 2, file: undefined });
  await trouble.tell({ what: `files:${channel}`, kind: "files", name: channel, detail: error.message });
  return { kind: "wait", seconds: 0 };
}
