import { expect, it } from "vitest";
import { bringUpToDate, type Kept, type KeptRequest } from "../../src/approvals/kept.ts";
import { time } from "../runs.ts";

it.each([
  ["waits for a decision", "requested", { requested: time(0) }, 5, ["requested 1"]],
  [
    "was refused, by a process that died before it showed that",
    "refused",
    { refused: time(2) },
    5,
    ["refused 1"],
  ],
  ["is over for long", "refused", { refused: time(2) }, 70, []],
  ["no one decided on in time", "requested", { requested: time(0) }, 31, ["expired 2"]],
])("a request that %s", async (_, state, at, minutes, shown) => {
  const one = {
    id: "x-1",
    revision: 1,
    code: "c",
    approvable: time(30),
    requester: "U1",
    state,
    at,
  } as KeptRequest;
  const published: string[] = [];
  const kept = {
    ...{ notifier: "exemption", job: "exemptions", codeOf: () => "c", isSame: () => true },
    entered: (there: KeptRequest, next: string, now: string) => ({
      ...there,
      state: next,
      at: { ...there.at, [next]: now },
    }),
    store: {
      change: async (_id: string, change: (one: KeptRequest) => KeptRequest | undefined) => {
        const next = change(one);
        return { one: next ? { ...next, revision: 2 } : one, changed: next !== undefined };
      },
    },
  } as unknown as Kept<KeptRequest>;
  await bringUpToDate(one, kept, {
    clock: { now: () => time(minutes) },
    publish: async (_notifier, events, options) => {
      for (const event of events) published.push(`${(event as KeptRequest).state} ${options?.revision}`);
      return { recorded: 0, updated: 0, muted: 0 };
    },
  });
  expect(published).toEqual(shown);
});
