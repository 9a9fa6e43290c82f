import { UpstreamError } from "../../errors.ts";
import type { Intent } from "../../ports/outbox.ts";
import type { PumpDeps } from "./deps.ts";
import { isGone } from "./refusals.ts";

/** A number says in how many seconds to ask again. */
type Outcome = { ts: string } | "arrived-file" | "absent" | "cannot-tell" | number;

/** The trouble of a channel whose history can't be read. */
const unverified = (channel: string) => `unverified:${channel}`;

/** Has a call whose answer was lost arrived? */
export async function look(channel: string, intent: Intent, deps: PumpDeps): Promise<Outcome> {
  const outcome = await inHistory(channel, intent, deps);
  if (outcome !== "cannot-tell" && typeof outcome !== "number")
    await deps.trouble.resolved(unverified(channel));
  return outcome;
}

async function inHistory(channel: string, intent: Intent, deps: PumpDeps): Promise<Outcome> {
  const { posting, outbox, trouble, metrics } = deps;
  const message = await outbox.message(channel, intent.message);
  const thread = intent.what.kind === "follow" ? message?.ts : undefined;
  const bookmark = { cursor: intent.cursor };
  const place = { channel, thread, since: intent.started, bookmark };
  try {
    if (intent.file)
      return (await posting.fileIsShared({ ...place, file: intent.file })) ? "arrived-file" : "absent";
    return (await posting.find({ ...place, key: intent.id, part: 0 })) ?? "absent";
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    // Where the thread is gone, so is what would have been in it.
    if (isGone(error)) return "absent";
    const stale = error.code === "invalid_cursor" && bookmark.cursor !== undefined;
    await outbox.intend(channel, { ...intent, cursor: stale ? undefined : bookmark.cursor });
    if (stale) return 1;
    if (error.retryable) return error.retryAfter ?? Math.min(60, 2 ** Math.min(intent.attempts, 6));
    // A channel that may be posted to, but not read: better twice than lost, and somebody hears of it.
    metrics.count("outbox_unverified_total", { channel });
    await trouble.tell({
      what: unverified(channel),
      kind: "unverified",
      name: channel,
      detail: error.code,
    });
    return "cannot-tell";
  }
}
