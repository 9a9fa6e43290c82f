import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type QuotaGate, quotaGate, type Urgency } from "../../src/azure/graph/quota.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance", "setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Requests that are answered when the test says so, with what is left of the quota. */
function requests(gate: QuotaGate) {
  const sent: string[] = [];
  const answers = new Map<string, (remaining?: number) => void>();
  return {
    sent,
    ask(name: string, urgency?: Urgency) {
      let said: number | undefined;
      const headers = () =>
        said === undefined
          ? undefined
          : {
              get: (header: string) => (header === "x-ms-user-quota-remaining" ? String(said) : "00:00:05"),
            };
      void gate(
        () =>
          new Promise<void>((resolve) => {
            sent.push(name);
            answers.set(name, (remaining) => {
              said = remaining;
              resolve();
            });
          }),
        headers,
        urgency,
      );
    },
    async answer(name: string, remaining?: number) {
      answers.get(name)!(remaining);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

const names = (count: number, word = "list") =>
  Array.from({ length: count }, (_, index) => `${word}${index}`);

it("counts requests that are on their way, and wakes no more than fit when the quota is filled up", async () => {
  const { sent, ask, answer } = requests(quotaGate());
  for (const name of names(40)) ask(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(15);
  for (const name of names(15)) await answer(name, 0);
  expect(sent).toHaveLength(15);
  await vi.advanceTimersByTimeAsync(4_900);
  expect(sent).toHaveLength(15);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toHaveLength(30);
  await answer("list15", 20);
  expect(sent).toHaveLength(36);
});

it("lets alerts pass before everything that waits, and keeps some requests for them", async () => {
  const { sent, ask, answer } = requests(quotaGate());
  for (const name of names(20)) ask(name, { spare: 3 });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(12);
  for (const name of names(3, "alerts")) ask(name, { first: true });
  await vi.advanceTimersByTimeAsync(0);
  expect(sent.slice(12)).toEqual(["alerts0", "alerts1", "alerts2"]);
  ask("scan", { spare: 5 });
  ask("alerts3", { first: true });
  for (const name of names(12)) await answer(name, 0);
  for (const name of names(3, "alerts")) await answer(name, 0);
  expect(sent).toHaveLength(15);
  await vi.advanceTimersByTimeAsync(5_100);
  expect(sent[15]).toBe("alerts3");
  expect(sent.slice(16)).toEqual([
    "list12",
    "list13",
    "list14",
    "list15",
    "list16",
    "list17",
    "list18",
    "list19",
    "scan",
  ]);
});

it("holds nothing back where no quota is known, but for what is on its way", async () => {
  const { sent, ask, answer } = requests(quotaGate());
  for (const name of names(20)) ask(name);
  await vi.advanceTimersByTimeAsync(0);
  expect(sent).toHaveLength(15);
  for (const name of names(5)) await answer(name);
  expect(sent).toHaveLength(20);
});

it("uses what it kept for alerts just before the quota is filled up again", async () => {
  const { sent, ask, answer } = requests(quotaGate());
  for (const name of names(20)) ask(name, { spare: 3 });
  await vi.advanceTimersByTimeAsync(0);
  for (const name of names(12)) await answer(name, 3);
  await vi.advanceTimersByTimeAsync(3_900);
  expect(sent).toHaveLength(12);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent).toHaveLength(15);
  ask("alerts", { first: true });
  await vi.advanceTimersByTimeAsync(800);
  expect(sent).toHaveLength(15);
  await vi.advanceTimersByTimeAsync(200);
  expect(sent[15]).toBe("alerts");
});
