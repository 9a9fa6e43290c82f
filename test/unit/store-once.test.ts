import { expect, it } from "vitest";
import { z } from "zod";
import { openStore } from "../../src/store/store.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();

it("of many processes that see the same delivery, exactly one is the first", async () => {
  const prefix = redis.prefix();
  const stores = Array.from({ length: 4 }, () => openStore(redis.connect(), prefix, []));
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, n) => stores[n % stores.length]!.once.first("Ev123", 60)),
  );
  expect(answers.filter(Boolean)).toHaveLength(1);
});

it("a delivery is forgotten after its seconds", async () => {
  const { once } = openStore(redis.connect(), redis.prefix(), []);
  expect(await once.first("Ev1", 1)).toBe(true);
  expect(await once.first("Ev1", 1)).toBe(false);
  await expect.poll(() => once.first("Ev1", 1), { timeout: 5000 }).toBe(true);
});

const form = z.object({ scope: z.array(z.string()), n: z.number() });

it("a kept value can be looked at often and taken once", async () => {
  const { once } = openStore(redis.connect(), redis.prefix(), []);
  await once.keep("form", { scope: ["sub:a"], n: 1 }, 60);
  expect(await once.peek("form", form)).toEqual({ scope: ["sub:a"], n: 1 });
  const taken = await Promise.all([
    once.take("form", form),
    once.take("form", form),
    once.take("form", form),
  ]);
  expect(taken.filter((value) => value !== undefined)).toEqual([{ scope: ["sub:a"], n: 1 }]);
  expect(await once.peek("form", form)).toBeUndefined();
});

it("a lease has one holder until it is released, and only its holder can renew or release it", async () => {
  const { leases } = openStore(redis.connect(), redis.prefix(), []);
  const asked = await Promise.all(Array.from({ length: 10 }, () => leases.acquire("pump-C1", 30)));
  const [lease, ...others] = asked.filter((one) => one !== undefined);
  expect(others).toEqual([]);
  expect(await lease!.renew()).toBe(true);
  await lease!.release();
  const next = await leases.acquire("pump-C1", 30);
  expect(next).toBeDefined();
  expect(await lease!.renew()).toBe(false);
  await lease!.release();
  expect(await leases.acquire("pump-C1", 30)).toBeUndefined();
});

it("a lease whose holder died is free after its seconds", async () => {
  const { leases } = openStore(redis.connect(), redis.prefix(), []);
  const lost = await leases.acquire("poll", 0.2);
  expect(lost).toBeDefined();
  await expect
    .poll(async () => (await leases.acquire("poll", 30)) !== undefined, { timeout: 5000 })
    .toBe(true);
  expect(await lost!.renew()).toBe(false);
});

it("the last slot of a schedule never goes back", async () => {
  const { slots } = openStore(redis.connect(), redis.prefix(), []);
  expect(await slots.last("poll")).toBeUndefined();
  await slots.set("poll", "2026-03-01T10:01:00.000Z");
  await slots.set("poll", "2026-03-01T10:00:00.000Z");
  expect(await slots.last("poll")).toBe("2026-03-01T10:01:00.000Z");
});
