import { expect, it } from "vitest";
import { rememberedFor } from "../../src/text/remembered.ts";

it("makes an answer once for each question about one thing, up to a bound", () => {
  const answer = rememberedFor<string>();
  const [one, other] = [{}, {}];
  let made = 0;
  const ask = (thing: object, question: string) => answer(thing, question, () => `${question} ${++made}`);
  expect([ask(one, "a"), ask(one, "a"), ask(one, "b"), ask(other, "a")]).toEqual([
    "a 1",
    "a 1",
    "b 2",
    "a 3",
  ]);
  for (let index = 0; index < 100; index++) ask(one, `question ${index}`);
  expect(ask(one, "a")).toBe("a 1");
  expect(ask(one, "question 99")).not.toBe(ask(one, "question 99"));
});
