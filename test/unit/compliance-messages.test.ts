import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { assessmentsMessage } from "../../src/commands/compliance/assessments-message.ts";
import { controlsMessage } from "../../src/commands/compliance/controls-message.ts";
import { resourcesMessage } from "../../src/commands/compliance/resources-message.ts";
import { standardsMessage } from "../../src/commands/compliance/standards-message.ts";
import { type Compliance, controlStates } from "../../src/domain/compliance/compliance.ts";
import { summarizeCompliance } from "../../src/domain/compliance/summary.ts";
import { compareCompliance } from "../../src/domain/compliance/watch/compare.ts";
import { complianceDigest } from "../../src/domain/compliance/watch/digest.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";
import type { Message } from "../../src/message/message.ts";
import { digestMessage } from "../../src/notifiers/compliance/digest-message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { compliance, dev, east } from "../dispatch-estate.ts";
import { read, textOf } from "../dispatch-parts.ts";

const languages = ["en", "ja"] as const;
const asked = { csv: true, portal: "https://portal.azure.com", days: [], unassigned: [] };

function refused(message: Message, language: "en" | "ja"): unknown[] {
  const { head, thread } = compile(message, { language });
  return [head, ...thread].map(({ blocks }) => refuseBlocks(blocks ?? [])).filter((one) => one !== undefined);
}

/** A standard with so many controls, whatever they are called. */
function standardOf(controls: number, name = "Standard", title = "Title"): Compliance {
  const ids = Array.from({ length: controls }, (_, index) => `${name.slice(0, 20)}-${index}`);
  const one = (id: string, index: number) => ({
    ...{ id, state: controlStates[index % controlStates.length]! },
    ...{ failed: index, passed: 1, skipped: 0 },
  });
  return {
    standards: [east, dev].map(({ subscription }) => ({
      ...{ key: name.toLowerCase(), name, subscription, missing: 0 },
      controls: ids.map(one),
    })),
    titles: [{ key: name.toLowerCase(), titles: Object.fromEntries(ids.map((id) => [id, title])) }],
  };
}

describe("messages about compliance", () => {
  it("are green only where something passed, nothing failed, and all of it was read", () => {
    const standards = compliance.standards.map((one) => ({
      ...one,
      controls: one.controls.filter(({ state }) => state === "passed"),
    }));
    const tone = (value: Compliance, about = {}, more = {}) =>
      standardsMessage(read(value, about), { ...asked, ...more }, "en").tone;
    const good = { ...compliance, standards };
    expect(tone(good)).toBe("good");
    expect(tone(compliance)).toBe("bad");
    expect(tone({ standards: [], titles: [] })).toBe("warning");
    expect(tone(good, { unread: [{ id: "s9", name: "s9", why: "denied", detail: "" }] })).toBe("warning");
    expect(tone(good, {}, { unassigned: [east.subscription] })).toBe("warning");
    expect(tone({ ...good, standards: standards.map((one) => ({ ...one, missing: 1 })) })).toBe("warning");
  });

  it("draw failed controls over the days, from when each standard of today has figures", () => {
    const counts = { failed: 3, unknown: 0, passed: 1, skipped: 0, manual: 0 };
    const at = (day: number, names: string[]) => ({
      slot: `2026-11-${day}T08:30:00.000Z`,
      standards: names.map((name) => ({ key: name, name, subscriptions: 1, counts })),
    });
    const days = [at(20, ["MCSB"]), at(21, ["MCSB", "CIS AKS"]), at(22, ["MCSB", "CIS AKS"])];
    const message = standardsMessage(read(compliance, { asOf: days[2]!.slot }), { ...asked, days }, "en");
    const [chart] = message.parts.flatMap((part) => ("chart" in part ? [part.chart] : []));
    expect(chart).toMatchObject({ kind: "line", categories: ["11-21", "11-22"], unit: "controls" });
    expect(chart?.series).toEqual([
      { name: "MCSB", values: [3, 3] },
      { name: "CIS AKS", values: [3, 3] },
    ]);
    for (const language of languages) expect(refused(message, language)).toEqual([]);
  });

  it("draw the figures of this reading last, unless it lacks something", () => {
    const counts = { failed: 90, unknown: 0, passed: 1, skipped: 0, manual: 0 };
    const today = summarizeCompliance(compliance);
    const days = [20, 21].map((day) => ({
      slot: `2026-10-${day}T08:30:00.000Z`,
      standards: today.map(({ key, name }) => ({ key, name, subscriptions: 1, counts })),
    }));
    const drawn = (about = {}) =>
      standardsMessage(read(compliance, about), { ...asked, days }, "en").parts.flatMap((part) =>
        "chart" in part ? (part.chart.series ?? []).map(({ values }) => values) : [],
      );
    expect(drawn()).toEqual(today.map(({ counts: { failed } }) => [90, 90, failed]));
    expect(drawn({ unread: [{ id: "s9", name: "s9", why: "denied", detail: "" }] })).toEqual(
      today.map(() => [90, 90]),
    );
  });

  it("stay within Slack's limits for thousands of controls, with every row in a file", () => {
    const value = standardOf(4000);
    const [standard] = summarizeCompliance(value);
    for (const language of languages) {
      const all = standardsMessage(read(value), asked, language);
      const one = controlsMessage(read(value), standard!, { csv: true }, language);
      expect([...refused(all, language), ...refused(one, language)]).toEqual([]);
      const files = one.parts.flatMap((part) => ("file" in part ? [part.file] : []));
      expect(files[0]?.csv).toHaveLength(8001);
    }
  });

  it("show hostile names harmlessly", () => {
    const nasty = fc.constantFrom(
      "",
      "<!channel> <@U0AKIRA0001> <https://evil.example|click>",
      "*b* `c` ```pre``` :fire: &amp;",
      "\u202Egpj.exe \u0000\u001B[31m",
      `Z${"\u0301".repeat(300)}`,
      '"quoted" \\ --csv {{count}} $t(none)',
      "長".repeat(5000),
      "=1+1",
    );
    fc.assert(
      fc.property(nasty, nasty, fc.constantFrom(...languages), (name, title, language) => {
        const value = standardOf(3, name, title);
        const [standard] = summarizeCompliance(value);
        const control = standard!.controls[0]!;
        const about = { key: name, title, ...{ failed: 1, passed: 0, skipped: 0 } };
        const assessment = { ...about, kind: "assessment", state: "failed", ...dev } as const;
        const resource = { id: name, name, kind: title, status: "unhealthy", cause: title, title } as const;
        const state = compareCompliance(
          undefined,
          { ...read(value), estate: [] },
          "2026-11-23T08:30:00.000Z",
        );
        const change = { standard: name, name, control: name, title, subscriptions: ["s1"] };
        const pending = {
          ...state.pending!,
          changes: [{ ...change, from: "passed", to: "failed" } as const],
          assignments: [{ name, how: "unassigned" as const, subscriptions: ["s1"] }],
        };
        const { digest } = complianceDigest(state, pending, { name: "" });
        const messages = [
          standardsMessage(read(value), { ...asked, unassigned: [{ id: name, name: title }] }, language),
          controlsMessage(read(value), standard!, { csv: true }, language),
          assessmentsMessage(
            { ...read([assessment]), missing: 1 },
            { csv: true, standard: standard!, control },
            language,
          ),
          resourcesMessage(
            { ...read([{ ...resource, place: { ...east, cluster: title } }]), missing: 1 },
            { csv: true, key: name, title, control: title },
            language,
          ),
          digestMessage(digest!, language),
          digestMessage({ ...digest!, kind: "weekly" }, language),
        ];
        for (const message of messages) expect(refused(message, language)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it("don't call controls fixed that went with their standard", () => {
    const state = compareCompliance(
      undefined,
      { ...read(compliance), estate: [] },
      "2026-11-23T08:30:00.000Z",
    );
    const assignments = [{ name: "PCI DSS 4", how: "unassigned" as const, subscriptions: ["s1"] }];
    const { digest } = complianceDigest(state, { ...state.pending!, assignments }, { name: "" });
    const message = digestMessage(digest!, "en");
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toContain("PCI DSS 4 isn't assigned any more since");
    expect(textOf(message)).toContain("aren't counted as fixed");
  });

  it.each<[string, number, Unread[], string]>([
    ["some assessments didn't come", 2, [], "2 assessments couldn't be read"],
    ["none came", 0, [], "3 assessments couldn't be read"],
    [
      "a subscription couldn't be read",
      0,
      [{ ...dev.subscription, why: "throttled", detail: "429" }],
      "1 of 2",
    ],
  ])("have no green check over a passed control where %s", (_, missing, unread, said) => {
    const control = { ...summarizeCompliance(standardOf(1))[0]!.controls[0]!, state: "passed" as const };
    const passed = { ...control, failed: 0, passed: 3, skipped: 0 };
    const one = { key: "k", title: "t", kind: "assessment", state: "passed", ...dev } as const;
    const assessment = { ...one, failed: 0, passed: 3, skipped: 0 };
    const value = said.startsWith("3") ? [] : [assessment];
    const about = { csv: false, standard: { key: "k", name: "n" }, control: passed };
    const message = assessmentsMessage({ ...read(value, { unread }), missing }, about, "en");
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toContain(said);
    expect(textOf(message)).not.toContain("someone has to check it");
    expect(assessmentsMessage({ ...read([assessment]), missing: 0 }, about, "en").tone).toBe("good");
  });
});
