import { UpstreamError } from "../../errors.ts";
import type {
  FollowUp,
  Intent,
  OutboxState,
  PlacedMessage,
  PostedFollowUp,
  ShownReply,
} from "../../ports/outbox.ts";
import type { Compiled } from "../render/compile.ts";
import type { PumpDeps } from "./deps.ts";
import { isSlackTrouble, triesInOneForm } from "./failure.ts";
import { pauseChannel, resumeChannel } from "./pause.ts";
import { hashOf, piecesOf, renderFollow, renderPlaced } from "./pieces.ts";
import { isFormRefusal, isGone, isOfChannel } from "./refusals.ts";

type Form = 0 | 1 | 2;
type Edit = {
  ts: string;
  /** The first form that is tried. */
  form: Form;
  bodyIn(form: Form): Promise<Compiled | undefined>;
};

/** Where a post is in Slack, and what it reads: see `ShownReply`. `at`: the time of posting that it says. */
export type Posted = Pick<ShownReply, "ts" | "hash" | "of"> & { at?: string };

/** The message with what its reply reads now, so that the reply can be edited later. */
export async function withReply(
  channel: string,
  { message, form }: Intent,
  follow: PostedFollowUp,
  { ts, hash, of }: Posted,
  { outbox }: PumpDeps,
): Promise<PlacedMessage | undefined> {
  // A note of a change stays as it was.
  const key =
    follow.kind === "part" ? `part:${follow.index}` : follow.kind === "joined" ? follow.id : undefined;
  const placed = key === undefined ? undefined : await outbox.message(channel, message);
  if (key === undefined || !placed) return undefined;
  const reply: ShownReply = { ts, hash, form, ...(follow.kind === "part" && { cut: follow.form ?? 0, of }) };
  return { ...placed, shown: { ...placed.shown, [key]: reply } };
}

/** Seconds to wait; what is shown, where the edit was made or can never be made; "gone" where it was deleted. */
export async function edit(
  channel: string,
  state: OutboxState,
  { ts, form: first, bodyIn }: Edit,
  deps: PumpDeps,
): Promise<number | { form: Form; body?: Compiled } | "gone"> {
  const { posting, outbox, clock, log, stumbles } = deps;
  const key = `${channel} ${ts}`;
  let form = first;
  for (;;) {
    const body = await bodyIn(form);
    if (!body) return { form };
    try {
      await outbox.called(channel, clock.now());
      // Repeating an edit changes nothing: it needs no intent.
      await posting.update({ channel, ts, body });
      stumbles.delete(key);
      await resumeChannel(channel, state, deps);
      return { form, body };
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.system !== "slack") throw error;
      const tries = (isSlackTrouble(error) ? (stumbles.get(key) ?? 0) : 0) + 1;
      if (error.retryable && (form === 2 || tries < triesInOneForm)) {
        if (isSlackTrouble(error)) stumbles.set(key, tries);
        return error.retryAfter ?? 5;
      }
      stumbles.delete(key);
      log.warn({ channel, code: error.code }, "a message could not be edited");
      if (isGone(error)) return "gone";
      if (isOfChannel(error)) return pauseChannel(channel, state, error, deps);
      // It may be this very message that Slack stumbles over; it must not hold up the others.
      const stuck = isSlackTrouble(error);
      if (!(stuck || isFormRefusal(error)) || form === 2) return { form, body };
      form = stuck || form === 1 ? 2 : 1;
    }
  }
}

/** The replies that a change of these events may make stale; a reply that isn't posted yet is rendered anew anyway. */
export function editsOf(message: PlacedMessage, ids: readonly string[]): FollowUp[] {
  const shown = message.shown ?? {};
  const first = new Set(message.members.slice(0, message.initial));
  const joined = ids.filter((id) => shown[id] !== undefined);
  const parts = Object.keys(shown).some(isPart) && ids.some((id) => first.has(id));
  return [
    ...joined.map((id): FollowUp => ({ kind: "edit", message: message.id, id })),
    ...(parts ? [{ kind: "edit", message: message.id } as const] : []),
  ];
}

/** Edits the first reply that would read otherwise today. The next call edits the next one, until none is left. */
export async function editReply(
  channel: string,
  state: OutboxState,
  message: PlacedMessage,
  id: string | undefined,
  deps: PumpDeps,
): Promise<number> {
  const { outbox } = deps;
  for (const [key, was] of Object.entries(message.shown ?? {})) {
    if (id === undefined ? !isPart(key) : key !== id) continue;
    const bodyIn = (form: Form) => bodyOf(message, key, { ...was, form }, deps);
    const body = await bodyIn(was.form);
    if (!body || hashOf(body) === was.hash) continue;
    const answer = await edit(channel, state, { ts: was.ts, form: was.form, bodyIn }, deps);
    if (typeof answer === "number") return answer;
    const { [key]: _, ...others } = message.shown ?? {};
    const now = answer !== "gone" && { ...was, form: answer.form, hash: hashOf(answer.body ?? body) };
    await outbox.shown(channel, { ...message, shown: now ? { ...others, [key]: now } : others });
    return 0;
  }
  await outbox.skipFollow(channel);
  return 0;
}

const isPart = (key: string) => key.startsWith("part:");

/** The reply as it would be posted now; undefined where it can't be made whole any more. */
async function bodyOf(
  placed: PlacedMessage,
  key: string,
  { ts, form, cut, of }: ShownReply,
  { outbox, notifiers, refused, people, clock, timezone }: PumpDeps,
): Promise<Compiled | undefined> {
  const notifier = notifiers.get(placed.notifier);
  const members = isPart(key) ? placed.members.slice(0, placed.initial) : [key];
  const events = await outbox.events(members);
  if (!notifier || events.size < members.length) return undefined;
  const now = clock.now();
  // Slack's time stamps are seconds.
  const posted = Number(ts) > 0 ? new Date(Number(ts) * 1000).toISOString() : placed.posted;
  const rendering = { message: { ...placed, members }, events, now, posted };
  const message = isPart(key)
    ? renderPlaced({ ...rendering, notifier })
    : renderFollow({ kind: "joined", message: placed.id, id: key, at: now }, { ...rendering, notifiers });
  if (!message) return undefined;
  const { language } = placed;
  const pieces = await piecesOf(message, {
    language,
    timezone,
    refused,
    people,
    form,
    ...(cut !== undefined && { cut }),
  });
  if (of !== undefined && pieces.length !== of) return undefined;
  const piece = pieces[isPart(key) ? Number(key.slice("part:".length)) : 0];
  return piece && "body" in piece ? piece.body : undefined;
}
