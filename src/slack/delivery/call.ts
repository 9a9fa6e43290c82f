import { UpstreamError } from "../../errors.ts";
import type { FollowUp, Intent, OutboxState, PlacedMessage, StoredEvent } from "../../ports/outbox.ts";
import { fileBytes } from "../render/tables/csv.ts";
import type { PumpDeps } from "./deps.ts";
import { type Posted, withReply } from "./edit.ts";
import { type Failure, failed } from "./failure.ts";
import { look } from "./look.ts";
import { resumeChannel } from "./pause.ts";
import { hashOf, type Piece, piecesOf, renderFollow, renderPlaced } from "./pieces.ts";
import { learnFrom } from "./renumbered.ts";

/** After a call whose answer was lost, Slack's history may lag a moment: it is asked twice before posting again. */
const firstLookSeconds = 2;
const secondLookSeconds = 3;
const looksBeforePosting = 2;

/** The intent to post a message. `started`: ISO time from which it may be in Slack. */
export function headIntent({ id }: PlacedMessage, started: string): Intent {
  return { v: 1, id, message: id, what: { kind: "head" }, started, looked: 0, attempts: 1, form: 0 };
}

type Call = {
  message: PlacedMessage;
  events: Map<string, StoredEvent>;
  pieces: Piece[];
  piece: Piece | undefined;
  /** ISO time that it says as that of posting. */
  at: string;
};

/** Finishes a call that another run, or an earlier try, left open: asks Slack whether it had its effect. */
export async function settle(
  channel: string,
  state: OutboxState,
  intent: Intent,
  deps: PumpDeps,
): Promise<number> {
  const { outbox, clock } = deps;
  if (!intent.refused) {
    const age = (Date.parse(clock.now()) - Date.parse(intent.started)) / 1000;
    if (age < firstLookSeconds) return firstLookSeconds - age;
    const outcome = await look(channel, intent, deps);
    if (outcome === "arrived-file") return finish(channel, state, intent, undefined, deps);
    if (typeof outcome === "object")
      return finish(channel, state, intent, { ts: outcome.ts, hash: "" }, deps);
    if (typeof outcome === "number") return outcome;
    if (outcome === "absent" && intent.looked + 1 < looksBeforePosting) {
      await outbox.intend(channel, { ...intent, looked: intent.looked + 1, cursor: undefined });
      return secondLookSeconds;
    }
  }
  const next: Intent = {
    ...intent,
    started: clock.now(),
    looked: 0,
    cursor: undefined,
    attempts: intent.attempts + 1,
    refused: undefined,
    file: undefined,
  };
  await outbox.intend(channel, next);
  return attempt(channel, state, next, deps);
}

/** Makes the call that an intent, already written down, describes. */
export async function attempt(
  channel: string,
  state: OutboxState,
  intent: Intent,
  deps: PumpDeps,
): Promise<number> {
  const { outbox, posting, clock } = deps;
  const call = await callOf(channel, intent, deps);
  if (!call?.piece) {
    // Where its record could not be read, and it is not in Slack, its rows are posted anew.
    const lost = intent.what.kind === "head" && !(await outbox.message(channel, intent.message));
    if (lost) await outbox.requeue(channel, intent.message);
    return finish(channel, state, intent, undefined, deps);
  }
  const { message, piece } = call;
  const thread = intent.what.kind === "follow" ? message.ts : undefined;
  let current = intent;
  try {
    await outbox.called(channel, clock.now());
    if ("body" in piece) {
      const { ts, answered } = await posting.post({
        channel,
        thread,
        body: piece.body,
        metadata: { key: intent.id, part: 0 },
      });
      const posted = { ts, hash: hashOf(piece.body), of: call.pieces.length, at: call.at };
      const seconds = await finish(channel, state, intent, posted, deps, call);
      await learnFrom(channel, answered, deps);
      return seconds;
    }
    const { name, title } = piece.file;
    const bytes = await fileBytes(piece.file);
    const { file } = await posting.reserveFile({ name, title, bytes });
    current = { ...intent, file };
    await outbox.intend(channel, current);
    await posting.shareFile({ file, title, channel, thread });
    return await finish(channel, state, current, undefined, deps);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system !== "slack") throw error;
    const answer = await failed(channel, state, current, error, piece, deps);
    return answer.kind === "wait" ? answer.seconds : giveUp(channel, state, current, answer, deps);
  }
}

async function giveUp(
  channel: string,
  state: OutboxState,
  intent: Intent,
  why: Extract<Failure, { kind: "final" }>,
  deps: PumpDeps,
) {
  const { outbox } = deps;
  const message = why.kept === "gone" ? await outbox.message(channel, intent.message) : undefined;
  if (message) await outbox.gone(channel, message);
  const { what } = intent;
  const joined = what.kind === "follow" && what.follow.kind === "joined" ? what.follow.id : undefined;
  const parent = why.kept === "reply" ? await outbox.message(channel, intent.message) : undefined;
  if (parent) await outbox.shown(channel, { ...parent, noReplies: true });
  // A row that joined a message without a reply below it would never be seen: it gets a message of its own.
  if (joined !== undefined && why.kept !== "held") await outbox.release(channel, joined, intent.message);
  else if (why.kept !== "gone") await outbox.hold(channel, intent.id, why.said);
  return finish(channel, state, intent, undefined, deps);
}

/** What a call is about, rendered anew from the events as they stand now. */
async function callOf(channel: string, intent: Intent, deps: PumpDeps): Promise<Call | undefined> {
  const { outbox, notifiers, refused, people, clock, timezone } = deps;
  const placed = await outbox.message(channel, intent.message);
  const notifier = placed && notifiers.get(placed.notifier);
  if (!placed || !notifier) return undefined;
  // What joined later has replies of its own: the parts are those of the rows that it was posted with.
  const message = { ...placed, members: placed.members.slice(0, placed.initial) };
  const events = await outbox.events(message.members);
  const joined =
    intent.what.kind === "follow" && intent.what.follow.kind !== "part" ? [intent.what.follow.id] : [];
  for (const [id, event] of await outbox.events(joined)) events.set(id, event);
  const now = clock.now();
  const rendering = { message, events, notifier, now };
  const { what } = intent;
  const reply =
    what.kind === "follow" && what.follow.kind !== "part"
      ? renderFollow(what.follow, { message, events, notifiers, now })
      : undefined;
  const rendered = what.kind === "follow" && what.follow.kind !== "part" ? reply : renderPlaced(rendering);
  if (!rendered) return undefined;
  const part = what.kind === "follow" && what.follow.kind === "part" ? what.follow : undefined;
  const { language } = message;
  const pieces = await piecesOf(rendered, {
    language,
    timezone,
    refused,
    people,
    form: intent.form,
    ...(part && { cut: part.form ?? 0 }),
  });
  return { message, events, pieces, piece: pieces[part?.index ?? 0], at: message.posted ?? now };
}

/** The call had its effect, or there is nothing (more) to show: the ledger says so, and what follows is put down. */
async function finish(
  channel: string,
  state: OutboxState,
  intent: Intent,
  posted: Posted | undefined,
  deps: PumpDeps,
  /** As it was made, where it was made just now. */
  made?: Call,
): Promise<number> {
  const { outbox, clock, trouble } = deps;
  await resumeChannel(channel, state, deps);
  if (intent.file) await trouble.resolved(`files:${channel}`);
  if (intent.what.kind === "follow") {
    const { follow } = intent.what;
    const message = posted && (await withReply(channel, intent, follow, posted, deps));
    await outbox.complete(channel, intent, { message });
    if (posted && follow.kind === "joined")
      await measure([...(await outbox.events([follow.id])).values()], deps);
    return 0;
  }
  const now = clock.now();
  const call = made ?? (await callOf(channel, intent, deps));
  if (!call || !posted) {
    await outbox.complete(channel, intent, {});
    return 0;
  }
  const { ts, hash, at = now } = posted;
  const head = { ts, hash, form: intent.form };
  // Rendered with the same time of posting, an unchanged message reads as it was posted.
  const message = { ...call.message, ts, posted: at, shown: { ...call.message.shown, head } };
  const follows: FollowUp[] = call.pieces.slice(1).map((_, index) => ({
    kind: "part",
    message: message.id,
    index: index + 1,
    ...(intent.form > 0 && { form: 1 }),
  }));
  const members = message.members.flatMap((id) => call.events.get(id) ?? []);
  const agains = [...new Set(members.flatMap(({ again }) => again ?? []))];
  const open = agains.map(
    (again) => [again, { message: message.id, last: now }] as [string, { message: string; last: string }],
  );
  await outbox.complete(channel, intent, { message, follows, open });
  await measure(members, deps);
  return 0;
}

/** Counts what was posted, and how long that took since its source had it. */
async function measure(
  posted: readonly StoredEvent[],
  { outbox, clock, metrics, notifiers }: PumpDeps,
): Promise<void> {
  const now = clock.now();
  const lags = posted.flatMap(({ notifier, event }) => {
    metrics.count("notifications_posted_total", { notifier });
    const seconds = (Date.parse(now) - Date.parse(notifiers.get(notifier)?.origin?.(event) ?? "")) / 1000;
    if (!(seconds >= 0)) return [];
    metrics.observe("alert_to_slack_seconds", seconds, { notifier });
    return [{ at: now, notifier, seconds }];
  });
  const [longest] = lags.sort((a, b) => b.seconds - a.seconds);
  if (longest) await outbox.noteLag(longest);
}
