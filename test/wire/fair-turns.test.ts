import { expect, it, vi } from "vitest";
import { startWorld } from "../../playground/world.ts";
import { openStore } from "../../src/store/store.ts";
import { fairTurns } from "../../src/text/fair-turns.ts";
import { coverage } from "../dispatch-estate.ts";
import { benchOf, people, read } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();

it("people take turns, each with two pieces of work at most, and what fails frees its place", async () => {
  const turns = fairTurns({ total: 3, each: 2 });
  const order: string[] = [];
  const ends: (() => void)[] = [];
  const work = (who: string, name: string) =>
    turns.run(who, async () => {
      order.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      if (name === "a1") throw new Error("a1 failed");
      return name;
    });
  const first = work("a", "a1");
  const others = [work("a", "a2"), work("a", "a3"), work("a", "a4"), work("b", "b1"), work("c", "c1")];
  await vi.waitUntil(() => order.length === 3, 30_000);
  expect(order).toEqual(["a1", "a2", "b1"]);
  ends[0]!();
  await expect(first).rejects.toThrow("a1 failed");
  await vi.waitUntil(() => order.length === 4, 30_000);
  // c was there before a had its third turn.
  expect(order[3]).toBe("c1");
  for (let index = 1; index < 6; index++) {
    await vi.waitUntil(() => ends.length > index, 30_000);
    ends[index]!();
  }
  expect(await Promise.all(others)).toEqual(["a2", "a3", "a4", "b1", "c1"]);
});

it("a person's third command that reads waits, while another person's runs and what is stored is answered", async () => {
  const running: (() => void)[] = [];
  const bench = benchOf(openStore(redis.connect(), redis.prefix(), []), {
    azure: {
      async coverage() {
        await new Promise<void>((resolve) => running.push(resolve));
        return read(coverage);
      },
    },
  });
  const mine = [1, 2, 3].map(() => bench.say("status", { person: people.member }));
  await vi.waitUntil(() => running.length === 2, 30_000);
  const other = bench.say("status", { person: people.operator });
  await vi.waitUntil(() => running.length === 3, 30_000);
  for (const quick of ["help", "whoami", "subscriptions"])
    expect((await bench.say(quick, { person: people.member })).length).toBe(1);
  expect(running).toHaveLength(3);
  for (const end of running) end();
  await vi.waitUntil(() => running.length === 4, 30_000);
  running[3]!();
  for (const answer of await Promise.all([...mine, other])) expect(answer.at(-1)?.kind).toBe("answer");
});

it("a form opens, and help answers, while eight commands wait for Azure", async () => {
  const world = await startWorld({ config: "access:\n  operators: [U0OLIVIA001]\n" });
  try {
    world.azure.faults.add({ kind: "slow", ms: 60_000, match: { path: /ResourceGraph|Microsoft.Security/ } });
    const askers = ["U0AKIRA0001", "U0OLIVIA001"].flatMap((user) => [user, user, user, user]);
    const asked = await Promise.all(
      askers.map((user) => world.slack.command({ user, channel: "C0SECURITY1", text: "status" })),
    );
    await world.slack.until(() => asked.every((one) => one.answers().length > 0), 60_000);

    const olivia = { user: "U0OLIVIA001", channel: "C0SECURITY1" };
    await world.slack.command({ ...olivia, text: "mute" });
    const view = await world.slack.until(() => {
      const open = world.slack.openView(olivia.user);
      return JSON.stringify(open ?? "").includes("input") ? open : undefined;
    });
    expect(JSON.stringify(view)).toContain("mute");
    const help = await world.slack.command({ ...olivia, text: "help" });
    await world.slack.until(() => help.answers().length > 0);

    for (const one of asked) expect(one.answers().at(-1)?.text).toMatch(/^Working|実行しています/);
    expect(world.slack.callsOf("views.open")).toHaveLength(1);
  } finally {
    await world.end();
  }
}, 180_000);
