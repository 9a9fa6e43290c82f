import type { StoredEvent } from "../src/ports/outbox.ts";
import type { Store } from "../src/ports/store.ts";
import { publisher } from "../src/publish/publish.ts";
import type { RedisConnection } from "../src/redis/connection.ts";

/** The real way into the outboxes of a store; no pump empties them. */
export function publishing({
  notifiers,
  store,
  clock,
}: Pick<Parameters<typeof publisher>[0], "notifiers" | "store" | "clock">) {
  return publisher({
    notifiers,
    store,
    clock,
    queue: {
      enqueue: async () => {},
      counts: async () => ({}),
      previousSlot: () => undefined,
      late: async () => [],
    },
    metrics: { count() {}, gauge() {}, observe() {} },
    admin: async () => [],
  });
}

/** The events of the rows that wait in a channel's outbox, in their order. */
export async function waitingEvents(
  redis: RedisConnection,
  prefix: string,
  { outbox }: Pick<Store, "outbox">,
  channel: string,
): Promise<StoredEvent[]> {
  const ids = await redis.zrange(`${prefix}:outbox:${channel}:waiting`, "0", "-1");
  const events = await outbox.events(ids);
  return ids.map((id) => events.get(id)!);
}
