import { createHash } from "node:crypto";
import type { EventShape, OutboxPort, StoredEvent } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";
import { readScript } from "./scripts.ts";

/** As many as a large burst has; with their texts some ten megabytes. */
const mostKnown = 2_000;
/** As many as one script reads, so that it does not keep Redis from others for long. */
const rowsAtOnce = 500;

type Known = { digest: string; event: StoredEvent };

/**
 * Reads events; each channel that has an event waiting reads it, and its text is sent and judged once for all of them:
 * Redis compares the digest of what is known.
 */
export function eventReading(
  redis: RedisConnection,
  keyOf: (id: string) => string,
  values: Values,
  shapeOf: EventShape,
): Pick<OutboxPort, "events"> {
  const known = new Map<string, Known>();
  const keep = (key: string, text: string, event: StoredEvent) => {
    const oldest = known.keys().next().value;
    if (known.size >= mostKnown && oldest !== undefined && !known.has(key)) known.delete(oldest);
    known.set(key, { digest: createHash("sha1").update(text).digest("hex"), event });
  };

  /** Whether it has the shape that its notifier asks for; where not, it is moved to quarantine. */
  async function fits(event: StoredEvent, key: string, text: string): Promise<boolean> {
    const [wrong] = shapeOf(event.notifier)?.safeParse(event.event).error?.issues ?? [];
    if (wrong) await values.move({ key, how: "key" }, text, "outbox", `event: ${wrong.message}`);
    return !wrong;
  }

  async function judged(key: string, text: string): Promise<StoredEvent | undefined> {
    const event = await values.text(formats.event, text, key);
    if (!event || !(await fits(event, key, text))) return undefined;
    keep(key, text, event);
    return event;
  }

  async function readSome(ids: readonly string[]) {
    const keys = ids.map(keyOf);
    const there = keys.map((key) => known.get(key));
    const digests = there.map((one) => one?.digest ?? "");
    const answers = (await redis.eval(readScript, keys.length, ...keys, ...digests)) as (
      | string
      | number
      | null
    )[];
    const read = await Promise.all(
      answers.map((answer, index) => {
        if (typeof answer === "string") return judged(keys[index]!, answer);
        return answer === 1 ? there[index]?.event : undefined;
      }),
    );
    return { read, wrong: answers.includes(0) };
  }

  return {
    async events(ids) {
      const events = new Map<string, StoredEvent>();
      let wrongType = false;
      for (let from = 0; from < ids.length; from += rowsAtOnce) {
        const some = ids.slice(from, from + rowsAtOnce);
        const { read, wrong } = await readSome(some);
        wrongType ||= wrong;
        for (const [index, event] of read.entries())
          if (event && event.id === some[index]) events.set(event.id, event);
      }
      if (wrongType) await values.moveWrongTypes();
      return events;
    },
  };
}
