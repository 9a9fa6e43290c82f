import { expect, it } from "vitest";
import { UpstreamError } from "../../src/errors.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { type Bench, benchOf, last, now, people, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";

const redis = redisForThisFile();
const denied = new UpstreamError("AuthorizationFailed: no write", {
  system: "azure",
  status: 403,
  retryable: false,
});

/** A run that caused these alerts; `refuses`: those that Azure does not change; `likely`: perhaps not of the run. */
async function benchWith(
  ids: readonly string[],
  refuses: readonly string[] = [],
  likely: readonly string[] = [],
): Promise<Bench> {
  const store = openStore(redis.connect(), redis.prefix(), []);
  const changed: string[] = [];
  const one = benchOf(store, {
    azure: {
      changeAlert: async (resource, action) => {
        if (refuses.some((id) => resource.endsWith(`/${id}`))) throw denied;
        changed.push(`${action} ${resource.split("/").at(-1)}`);
      },
    },
  });
  one.changes = changed;
  one.alerts.splice(0, 2, ...ids.map((id) => alertOf(id)));
  const sightings = one.alerts.map(({ id, resource, type, title, severity }) => ({
    id,
    resource,
    type,
    title,
    severity,
    seen: now,
    ...(likely.includes(id) && { likely: true as const }),
  }));
  await store.runs.add(runOf({ state: "reported", sightings }));
  return one;
}
const line = "dismiss-simulation r-0123456789";

it("dismisses every open alert of the run", async () => {
  const one = await benchWith(["a1", "a2"]);
  const message = last(await one.say(line));
  expect(message).toMatchObject({
    headline: "Dismissed 2 alerts of run r-0123456789 in Azure",
    tone: "good",
  });
  expect(one.changes).toEqual(["dismiss a1", "dismiss a2"]);
});

it("has no green check where Azure refused one, and names it with Azure's words", async () => {
  const one = await benchWith(["a1", "a2"], ["a2"]);
  const message = last(await one.say(line));
  expect(message.tone).toBe("bad");
  expect(textOf(message)).toContain("Dismissed 1 alert of run");
  expect(textOf(message)).toContain(`${alertOf("a2").title}: AuthorizationFailed: no write`);
});

it("has none either where the run has no alert, or the alerts were dismissed before", async () => {
  expect(last(await (await benchWith([])).say(line))).toMatchObject({ tone: "neutral" });
  const one = await benchWith(["a1"]);
  one.alerts[0] = alertOf("a1", { state: "dismissed" });
  const message = last(await one.say(line));
  expect(message.tone).toBe("neutral");
  expect(textOf(message)).toContain("1 was already dismissed");
  expect(one.changes).toEqual([]);
});

it("leaves an alert open that only looks like one of the run, and says so", async () => {
  const one = await benchWith(["a1", "a2"], [], ["a2"]);
  const message = last(await one.say(line));
  expect(one.changes).toEqual(["dismiss a1"]);
  expect(textOf(message)).toContain("1 alert that only looks like one of this run is left");
});

it("is for operators, and changes nothing for others", async () => {
  const one = await benchWith(["a1"]);
  await one.say(line, { person: people.member });
  expect(one.changes).toEqual([]);
});
