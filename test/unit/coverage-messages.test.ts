import { describe, expect, it } from "vitest";
import { countValues } from "../../src/domain/coverage/feature-value.ts";
import type { Authorship, LossSort, Member } from "../../src/domain/coverage/watch/watch-state.ts";
import { lossSorts } from "../../src/domain/coverage/watch/watch-state.ts";
import { countedWords } from "../../src/message/coverage/feature-words.ts";
import type { Message } from "../../src/message/message.ts";
import type { CoverageEvent } from "../../src/notifiers/coverage/event.ts";
import notifier from "../../src/notifiers/coverage/index.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { timeAt } from "../coverage-readings.ts";
import { textOf } from "../dispatch-parts.ts";

const subscription = { id: "s1", name: "Contoso Production" };
const clusterOf = (name: string, more: Partial<Member> = {}): Member => ({
  kind: "cluster",
  id: `/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/${name}`,
  name,
  subscription,
  ...more,
});
const event = (about: Partial<CoverageEvent> = {}): CoverageEvent => ({
  id: "policy-off|1",
  sort: "policy-off",
  after: timeAt(0),
  opened: timeAt(60),
  members: [clusterOf("aks-1")],
  ...about,
});
const over = (one: CoverageEvent, how: "recovered" | "deleted" = "recovered"): CoverageEvent => ({
  ...one,
  ended: timeAt(180),
  members: one.members.map((member) => ({ ...member, ended: timeAt(180), how })),
});
const languages = ["en", "ja"] as const;
const context = (language: "en" | "ja") => ({ language, now: timeAt(61), posted: timeAt(61) });
const render = (one: CoverageEvent, language: "en" | "ja" = "en") => notifier.render(one, context(language));
const csvOf = ({ parts }: Message) => parts.flatMap((part) => ("file" in part ? [part.file.csv] : []))[0];

it("what doesn't exist at a place is not applicable, never an empty text", () => {
  expect(countedWords(countValues([]), "en")).toBe("not applicable");
  expect(countedWords(countValues([{ value: "on" }, { value: "off" }]), "en")).toBe("1 on, 1 off");
});

describe("a change of coverage", () => {
  it.each<[LossSort, Partial<Member>, string, string]>([
    [
      "plan-off",
      {},
      "Defender for Containers was turned off: aks-1",
      "Defender for Containers is on again: aks-1",
    ],
    [
      "extension-off",
      { what: "ContainerSensor" },
      "Defender sensor was turned off: aks-1",
      "Defender sensor is on again: aks-1",
    ],
    [
      "extension-off",
      { what: "Brand_New" },
      "Brand_New was turned off: aks-1",
      "Brand_New is on again: aks-1",
    ],
    [
      "sensor-lost",
      { what: "apps", detail: "n1" },
      "Defender sensor isn't running on some nodes: aks-1",
      "Defender sensor is running again: aks-1",
    ],
    [
      "blind",
      { detail: "2026-11-23T08:00:00.000Z" },
      "Defender no longer sees what runs there: aks-1",
      "Defender sees what runs there again: aks-1",
    ],
    ["uncovered", {}, "New and not covered by Defender: aks-1", "Covered by Defender now: aks-1"],
  ])("%s says what happened in its first line, and what is over", (sort, about, open, ended) => {
    const one = event({ sort, members: [clusterOf("aks-1", about)] });
    expect(render(one).headline).toBe(open);
    expect(render(over(one))).toMatchObject({ headline: ended, tone: "good" });
  });

  it.each(lossSorts)("%s has words in both languages, open, over and deleted", (sort) => {
    const one = event({ sort, members: [clusterOf("aks-1", { what: "ContainerSensor" })] });
    for (const language of languages)
      for (const state of [one, over(one), over(one, "deleted")]) {
        const message = render(state, language);
        expect(textOf(message)).not.toMatch(/undefined|\{\{|-ended/);
        expect(String(message.headline)).toContain("aks-1");
        expect(compile(message, { language }).head.blocks.length).toBeLessThanOrEqual(45);
      }
    expect(render(over(one, "deleted")).tone).toBe("neutral");
  });

  it("caps the names at five, and has all of them in a file", () => {
    const many = Array.from({ length: 300 }, (_, index) => clusterOf(`aks-${index}`));
    const message = render(event({ members: many }));
    expect(message.headline).toBe("Azure Policy add-on was removed: aks-0, aks-1 +298");
    expect(textOf(message.parts[0])).toContain("+295");
    expect(csvOf(message)).toHaveLength(301);
    expect(csvOf(message)![1]).toContain("aks-0");
    expect(csvOf(render(event()))).toBeUndefined();
  });

  it.each<[Authorship, RegExp]>([
    [{ authors: [{ caller: "alice@contoso.com", at: timeAt(30), subscription: "A" }] }, /alice@contoso.com/],
    [
      { authors: [], unknown: { why: "denied" } },
      /Unknown, because .*Microsoft.Insights\/eventtypes\/values\/read/,
    ],
    [{ authors: [], unknown: { why: "absent" } }, /Unknown, because the activity log has no entry/],
    [{ authors: [], unknown: { why: "failed", detail: "answered 500" } }, /Unknown, because .*answered 500/],
  ])("says who did it, or why that is unknown", (by, wanted) => {
    expect(textOf(render(event({ by })))).toMatch(wanted);
    expect(textOf(render(event({ sort: "uncovered" })))).not.toMatch(/Unknown/);
  });

  it("counts what a subscription's plan covered, once for several extensions", () => {
    const within = [{ cluster: "a" }, { cluster: "b" }, { registry: "c" }];
    const lost = (what: string): Member => ({
      kind: "subscription",
      id: "",
      name: "Sub",
      subscription,
      what,
      within,
    });
    const message = render(event({ sort: "extension-off", members: [lost("ContainerSensor"), lost("X")] }));
    expect(textOf(message)).toContain("2 clusters, 1 registry");
    expect(message.headline).toBe("Defender sensor, X was turned off: Sub");
    expect(notifier.place!(event({ members: [lost("X")] }))).toEqual([
      { subscription },
      { subscription, cluster: "a" },
      { subscription, cluster: "b" },
      { subscription, registry: "c" },
    ]);
  });

  it("names the cluster in the command that brings it back", () => {
    const members = [clusterOf("aks-1", { ended: timeAt(70) }), clusterOf("aks-2", { resourceGroup: "rg" })];
    expect(textOf(render(event({ members })))).toContain(
      "az aks enable-addons --subscription s1 -g rg -n aks-2 --addons azure-policy",
    );
    const id = "/resourcegroups/rg(shop)/providers/microsoft.containerservice/managedclusters/aks-1";
    expect(textOf(render(event({ members: [clusterOf("aks-1", { id })] })))).toContain(
      "--subscription s1 -g 'rg(shop)' -n aks-1",
    );
  });

  it("replies in its thread when it is over or grows, and to nothing else", () => {
    const reply = (before: CoverageEvent, after: CoverageEvent) =>
      notifier.changed!(before, after, context("en"))?.headline;
    const grown = event({ members: [clusterOf("aks-1"), clusterOf("aks-2")] });
    expect(reply(event(), over(event()))).toBe("Recovered after 2 hrs");
    expect(reply(event(), over(event(), "deleted"))).toBe("Deleted after 2 hrs");
    expect(reply(event(), grown)).toBe("1 more is affected: aks-2");
    expect(reply(event(), event({ by: { authors: [] } }))).toBeUndefined();
  });

  it("shows what others wrote as it is, within Slack's limits", () => {
    const hostile = "<!channel> *x* `y` <@U1>\n".repeat(40);
    const members = [clusterOf(hostile, { detail: hostile, what: hostile })];
    const by = { authors: [{ caller: hostile, at: timeAt(1), subscription: hostile }] };
    for (const language of languages) {
      const { head } = compile(render(event({ sort: "extension-off", members, by }), language), { language });
      // Elements of rich text are literal; only the fallback is parsed by Slack.
      expect(head.text).not.toMatch(/<!channel>|<@U1>/);
      expect(JSON.stringify(head.blocks)).not.toMatch(/"type":"(broadcast|user|mrkdwn)"/);
    }
  });
});
