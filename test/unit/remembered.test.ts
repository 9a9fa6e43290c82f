import { expect, it } from "vitest";
import { rememberedFor } from "../../src/text/remembered.ts";
import { atOnce, inTurns, type Steps } from "../../src/text/yield-to-event-loop.ts";

it("makes an answer once for each question about one thing; the oldest of too many leaves", () => {
  const answer = rememberedFor<string>(3);
  const [one, other] = [{}, {}];
  let made = 0;
  const ask = (thing: object, question: string) => answer(thing, question, () => `${question} ${++made}`);
  const asked = [ask(one, "a"), ask(one, "a"), ask(one, "b"), ask(other, "a")];
  expect(asked).toEqual(["a 1", "a 1", "b 2", "a 3"]);
  for (const question of ["c", "d"]) ask(one, question);
  expect([ask(one, "b"), ask(one, "a"), ask(other, "a")]).toEqual(["b 2", "a 6", "a 3"]);
});

it("does not remember what could not be made", async () => {
  const answer = rememberedFor<Promise<string>>();
  const thing = {};
  const failing = answer(thing, "a", () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await answer(thing, "a", async () => "made")).toBe("made");
});

it("work in steps comes to the same with and without pauses, and others run in the pauses", async () => {
  function* counting(): Steps<string> {
    let steps = 0;
    for (; steps < 10; steps++) yield 1_000;
    return `${steps} steps`;
  }
  let between = 0;
  let counts = true;
  const beside = () => {
    between++;
    if (counts) setImmediate(beside);
  };
  setImmediate(beside);
  expect(await inTurns(counting())).toBe("10 steps");
  counts = false;
  expect(between).toBeGreaterThanOrEqual(3);
  expect(atOnce(counting())).toBe("10 steps");
});
