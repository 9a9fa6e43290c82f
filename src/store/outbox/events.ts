import type { EventShape, OutboxPort, StoredEvent } from "../../ports/outbox.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { formats } from "../values/formats.ts";
import type { Values } from "../values/read.ts";

/** As many as a large burst has; with their texts some ten megabytes. */
const mostKnown = 2_000;

/** Reads events; each channel that has an event waiting reads it, and its text is judged once for all of them. */
export function eventReading(
  redis: RedisConnection,
  keyOf: (id: string) => string,
  values: Values,
  shapeOf: EventShape,
): Pick<OutboxPort, "events"> {
  const known = new Map<string, StoredEvent>();
  const keep = (text: string, event: StoredEvent) => {
    const oldest = known.keys().next().value;
    if (known.size >= mostKnown && oldest !== undefined) known.delete(oldest);
    known.set(text, event);
  };

  /** Whether it has the shape that its notifier asks for; where not, it is moved to quarantine. */
  async function fits(event: StoredEvent, key: string, text: string): Promise<boolean> {
    const [wrong] = shapeOf(event.notifier)?.safeParse(event.event).error?.issues ?? [];
    if (wrong) await values.move({ key, how: "key" }, text, "outbox", `event: ${wrong.message}`);
    return !wrong;
  }

  return {
    async events(ids) {
      if (ids.length === 0) return new Map();
      const read = (await redis.mget(ids.map(keyOf))).map((text, index) => ({
        key: keyOf(ids[index]!),
        text,
      }));
      const parsed = read.map(({ text }) => known.get(text ?? ""));
      const fresh = read.filter((_, index) => !parsed[index]);
      const texts = fresh.map(({ text }) => text);
      const events = await values.texts(
        formats.event,
        fresh.map(({ key }) => key),
        texts,
      );
      for (const [index, event] of events.entries()) {
        const { key, text } = fresh[index]!;
        if (!event || text === null || !(await fits(event, key, text))) continue;
        keep(text, event);
        parsed.push(event);
      }
      const whole = new Map(parsed.flatMap((event) => (event ? [[event.id, event] as const] : [])));
      return new Map(ids.flatMap((id) => (whole.has(id) ? [[id, whole.get(id)!] as const] : [])));
    },
  };
}
