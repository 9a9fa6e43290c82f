import { expect, it } from "vitest";
import { z } from "zod";
import { openStore } from "../../src/store/store.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const stored = (id: string, event: unknown, revision = 1) =>
  JSON.stringify({
    v: 1,
    revision,
    id,
    notifier: "tide",
    key: id,
    at: "2026-11-29T08:00:00.000Z",
    severity: "high",
    event,
  });

/** An outbox, the events that its notifier's schema was asked about, and how to store one. */
function opened() {
  const connection = redis.connect();
  const prefix = redis.prefix();
  const judged: unknown[] = [];
  const shape = z.object({ harbour: z.string() }).refine((event) => judged.push(event));
  const { outbox, quarantine } = openStore(connection, prefix, [], {}, { shapeOf: () => shape });
  const put = (id: string, text: string) => connection.set(`${prefix}:event:${id}`, text);
  return { outbox, quarantine, judged, put, remove: (id: string) => connection.del(`${prefix}:event:${id}`) };
}

it("an event that several channels read is judged once, and given in the order asked for", async () => {
  const { outbox, judged, put } = opened();
  for (const id of ["a", "b"]) await put(id, stored(id, { harbour: id }));
  expect([...(await outbox.events(["b", "a"])).keys()]).toEqual(["b", "a"]);
  expect([...(await outbox.events(["a", "b", "c"])).keys()]).toEqual(["a", "b"]);
  expect(judged).toHaveLength(2);
});

it("what is stored now counts: a newer text, a damaged one, none", async () => {
  const { outbox, quarantine, put, remove } = opened();
  const read = async () => (await outbox.events(["a"])).get("a")?.event;
  await put("a", stored("a", { harbour: "dover" }));
  expect(await read()).toEqual({ harbour: "dover" });
  await put("a", stored("a", { harbour: "calais" }, 2));
  expect(await read()).toEqual({ harbour: "calais" });
  await remove("a");
  expect(await read()).toBeUndefined();
  await put("a", stored("a", { harbour: 7 }));
  expect(await read()).toBeUndefined();
  expect(await quarantine.list()).toHaveLength(1);
});
