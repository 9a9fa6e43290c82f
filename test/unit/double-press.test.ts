import { describe, expect, it } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { type Bench, benchOf, last, now, people, textOf } from "../dispatch-parts.ts";
import { enablementOf } from "../enablements.ts";
import { exemptionOf } from "../exemptions.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";

const redis = redisForThisFile();
const alert = alertOf("a1").resource;
const mute = {
  id: "m1",
  channel: "C0CHANNEL01",
  scopes: [],
  from: now,
  until: "2026-11-24T08:00:00.000Z",
  by: "U1",
};
const exempt = 'exempt k-sensor sub:prod-east --for 30d --reason "Replaced"';
const suppress = 'suppress K8S.NODE_ImdsCall sub:prod-east --for 7d --reason "Load test"';
const simulate = 'simulate sample-alerts --subscription prod-east --reason "Weekly proof"';

async function bench(): Promise<Bench> {
  const store = openStore(redis.connect(), redis.prefix(), []);
  const one = benchOf(store);
  const sighting = { ...alertOf("a1"), seen: now };
  await store.exemptions.add(exemptionOf());
  await store.exemptions.add(exemptionOf({ id: "x-2", state: "active" }));
  await store.enablements.add(enablementOf());
  await store.runs.add(runOf({ id: "r-cancelled", code: "" }));
  await store.runs.add(runOf({ id: "r-reported", state: "reported", sightings: [sighting] }));
  await store.mutes.put(mute);
  return one;
}
const approval = (one: { id: string; code: string }) => `approval ${one.id} ${one.code} approve`;
/** What was done according to the audit log: neither what was so already nor what was refused. */
const done = async ({ ports }: Bench) =>
  (await ports.store.audit.read(new Date(0).toISOString()))
    .filter(({ outcome, audited }) => outcome === "done" && audited?.verb !== "no-change")
    .map(({ command }) => command);

describe("a button that is pressed twice", () => {
  it.each<[string, string, string?]>([
    ["Acknowledge", `triage ${alert} take`],
    ["Resolve", `triage ${alert} resolve --sure`],
    ["Dismiss", `triage ${alert} dismiss --reason Test`],
    ["Dismiss alerts", "dismiss-simulation r-reported"],
    ["Approve (suppression)", approval(exemptionOf())],
    ["Approve (enablement)", approval(enablementOf())],
    ["Cancel", "cancel-simulation r-cancelled"],
    ["Mute", "mute Other --for 4h"],
    ["Unmute", "unmute m1"],
    ["Let it expire", "let-expire x-2"],
    ["Extend", suppress],
    ["Exempt", exempt],
    ["Enable", "enable sub:prod-east cis-standard"],
    ["Simulate", simulate, people.member],
  ])(
    "%s, at the same moment: done once, audited once, and the second press says so",
    async (_, line, person) => {
      const one = await bench();
      const press = () => one.say(line, { source: "button", ...(person && { person }) });
      const answers = (await Promise.all([press(), press()])).map(last);
      expect(await done(one)).toHaveLength(1);
      expect(one.changes.length).toBeLessThanOrEqual(1);
      const [first, second] = answers.toSorted(
        (a, b) => Number(b.tone === "good") - Number(a.tone === "good"),
      );
      expect(first!.tone).not.toBe("bad");
      expect(second!.tone).not.toBe("good");
      expect(textOf(second)).toMatch(/pressed this|Already decided|already|still running/);
    },
  );

  it.each([
    ["Extend", suppress, "exemption"],
    ["Exempt", exempt, "exemption"],
    ["Enable", "enable sub:prod-east cis-standard", "enablement"],
    ["Simulate", simulate, "simulation"],
  ])("%s, once more before anyone decided: it is the same request", async (_, line, notifier) => {
    const one = await bench();
    const answers = [last(await one.say(line)), last(await one.say(line, { source: "button" }))];
    expect(textOf(answers[1]!.parts[0])).toBe(textOf(answers[0]!.parts[0]));
    expect(one.published.filter((event) => event.notifier === notifier)).toHaveLength(1);
    expect(await done(one)).toHaveLength(1);
    // Another reason, or another person, is another request.
    await one.say(
      line.replace(/"(.*)"$/, '"Another $1"').replace(/cis-standard$/, "cis-standard --reason Another"),
    );
    await one.say(line, { person: people.member });
    expect(one.published.filter((event) => event.notifier === notifier)).toHaveLength(3);
  });

  it("a press that failed may be repeated at once, and two people are two", async () => {
    const one = await bench();
    const line = `triage ${alert} take`;
    const changeAlert = one.ports.azure.changeAlert;
    one.ports.azure.changeAlert = async () => {
      throw new Error("once");
    };
    expect(last(await one.say(line, { source: "button" })).tone).toBe("bad");
    one.ports.azure.changeAlert = changeAlert;
    expect(last(await one.say(line, { source: "button" })).tone).toBe("good");
  });

  it("Let it expire, later: says who chose it, and notes no second choice", async () => {
    const one = await bench();
    await one.say("let-expire x-2", { source: "button" });
    const message = last(await one.say("let-expire x-2", { source: "button", person: people.member }));
    expect(textOf(message)).toContain(`Nothing to do: ${people.operator}`);
    expect(await done(one)).toEqual(["let-expire"]);
  });
});
