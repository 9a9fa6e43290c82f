import type { FollowUp, Intent, OutboxState, PlacedMessage, PostedFollowUp } from "../../ports/outbox.ts";
import { attempt } from "./call.ts";
import type { PumpDeps } from "./deps.ts";
import { edit, editReply, editsOf } from "./edit.ts";
import { hashOf, piecesOf, renderFollow, renderPlaced } from "./pieces.ts";

type Row = { id: string; score: string };

/** Brings one message up to date, where it would read otherwise today, and puts down the replies that the changes are worth. */
export async function update(
  channel: string,
  state: OutboxState,
  deps: PumpDeps,
): Promise<number | undefined> {
  const { outbox, notifiers, refused, people, timezone } = deps;
  if (state.changed.length === 0) return undefined;
  const places = await outbox.placed(
    channel,
    state.changed.map(({ id }) => id),
  );
  const message = places.get(state.changed[0]!.id);
  const rows = state.changed.filter(({ id }) => places.get(id)?.id === message?.id);
  const notifier = message && notifiers.get(message.notifier);
  if (!message?.ts || message.gone || !notifier) {
    await outbox.updated(channel, rows, []);
    return 0;
  }
  const events = await outbox.events(message.members);
  const rendered = renderPlaced({ message, events, notifier, now: deps.clock.now() });
  const { ts, language } = message;
  const bodyIn = async (form: 0 | 1 | 2) => {
    if (!rendered) return undefined;
    const [piece] = await piecesOf(rendered, { language, timezone, refused, people, form });
    return piece && "body" in piece ? piece.body : undefined;
  };
  const was = message.shown?.head;
  const form = was?.form ?? 0;
  const body = await bodyIn(form);
  const reads = body !== undefined && hashOf(body) === was?.hash;
  const answer = reads ? undefined : await edit(channel, state, { ts, form, bodyIn }, deps);
  if (typeof answer === "number") return answer;
  if (answer === "gone") {
    // Somebody deleted the message: what it said stays deleted; what was to follow it is seen to by `followUp`.
    await outbox.gone(channel, message);
    await outbox.updated(channel, rows, []);
    return 0;
  }
  if (answer?.body) {
    const head = { ts, hash: hashOf(answer.body), form: answer.form };
    await outbox.shown(channel, { ...message, shown: { ...message.shown, head } });
  }
  const ids = rows.map(({ id }) => id);
  const notes = await replies(channel, message, rows, deps);
  await outbox.updated(channel, rows, [...editsOf(message, ids), ...notes]);
  return 0;
}

/** More changes of one message than this at once are shown in its head alone: its thread would be flooded. */
const mostReplies = 5;

async function replies(
  channel: string,
  message: PlacedMessage,
  rows: readonly Row[],
  deps: PumpDeps,
): Promise<FollowUp[]> {
  const { outbox, notifiers, clock } = deps;
  const ids = rows.map(({ id }) => id);
  const [befores, events] = await Promise.all([outbox.before(channel, ids), outbox.events(ids)]);
  const now = clock.now();
  if (befores.size > mostReplies) return [];
  return rows.flatMap(({ id }) => {
    const before = befores.get(id);
    if (before === undefined) return [];
    const follow = { kind: "changed", message: message.id, id, before, at: now } as const;
    return renderFollow(follow, { message, events, notifiers, now }) ? [follow] : [];
  });
}

/** Posts the next thread part, reply or file, or edits one that is there. */
export async function followUp(channel: string, state: OutboxState, deps: PumpDeps): Promise<number> {
  const { outbox, clock } = deps;
  const follow = state.follow;
  if (!follow) return 0;
  const message = await outbox.message(channel, follow.message);
  if (!message?.ts || message.gone) {
    // A row that joined a message which is gone would never be seen: it gets a message of its own.
    if (follow.kind === "joined") await outbox.release(channel, follow.id, follow.message);
    await outbox.skipFollow(channel);
    return 0;
  }
  if (follow.kind === "edit") return editReply(channel, state, message, follow.id, deps);
  const intent = followIntent(follow, clock.now());
  await outbox.intend(channel, intent);
  return attempt(channel, state, intent, deps);
}

/** The intent to post a follow-up. `started`: ISO time from which it may be in Slack. */
export function followIntent(follow: PostedFollowUp, started: string): Intent {
  const form = follow.kind === "part" ? (follow.form ?? 0) : 0;
  const what = { kind: "follow", follow } as const;
  return {
    v: 1,
    id: followKey(follow),
    message: follow.message,
    what,
    started,
    looked: 0,
    attempts: 1,
    form,
  };
}

/** Names a follow-up for good: it is found again by this in Slack's history. */
function followKey(follow: PostedFollowUp): string {
  return follow.kind === "part"
    ? `${follow.message}.${follow.index}`
    : `${follow.message}.${follow.kind}.${follow.id}.${Date.parse(follow.at)}`;
}
