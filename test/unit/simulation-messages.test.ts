import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import { parseLine } from "../../src/dispatch/command-line.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { SimulationEvent } from "../../src/domain/simulations/events.ts";
import {
  type CheckName,
  checkNames,
  type ExpectationVerdict,
  type Run,
  runStates,
} from "../../src/domain/simulations/simulation.ts";
import type { Message } from "../../src/message/message.ts";
import { plainText } from "../../src/message/plain.ts";
import { runMessage, runReply } from "../../src/message/simulations/run-message.ts";
import { aboutOf } from "../../src/simulations/announce.ts";
import { partsOf } from "../../src/simulations/parts.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { definitions, demoCluster, linesOf, textOf } from "../dispatch-parts.ts";
import { runOf, time } from "../runs.ts";

const settings = {
  simulations: { namespace: "breakwater-simulation", images: { attacker: "a", victim: "v", busybox: "b" } },
} as Settings;

function eventOf(about: Partial<Run> = {}, more: Partial<SimulationEvent> = {}): SimulationEvent {
  const run = runOf({ scenario: "reconnaissance", ...about });
  return { run, about: aboutOf(partsOf(run, { definitions, settings })!), earlier: [], ...more };
}
const titles = eventOf().about.expects.map(({ title }) => title);
const verdictsOf = (
  ...verdicts: [ExpectationVerdict["verdict"], number?, CheckName?][]
): ExpectationVerdict[] =>
  verdicts.map(([verdict, seconds, why], index) => ({
    index,
    title: titles[index]!,
    required: true,
    verdict,
    seconds,
    why,
  }));
const reported = (verdicts: ExpectationVerdict[], more: Partial<Run> = {}): Partial<Run> => ({
  state: "reported",
  approver: "U2",
  started: time(1),
  finished: time(2),
  happened: true,
  applied: true,
  cleanUp: { at: time(9), removed: 6, left: [] },
  verdicts,
  ...more,
});
const headline = (event: SimulationEvent, language: "en" | "ja" = "en") =>
  plainText(runMessage(event, language).headline, language);
const refusals = (message: Message, language: "en" | "ja") => {
  const { head, thread } = compile(message, { language });
  return [head, ...thread].flatMap(({ blocks }) => refuseBlocks(blocks) ?? []);
};

describe("the first line of a report is the verdict", () => {
  it.each([
    [
      [
        ["detected", 60],
        ["detected", 360],
      ],
      "Detected all 2 expected alerts in 6 mins · reconnaissance on aks-shop",
    ],
    [
      [["detected", 60], ["detected", 360], ["missing"]],
      "Detected 2 of 3 expected alerts in 6 mins; 1 missing: Network scanning tool detected · reconnaissance on aks-shop",
    ],
    [[["missing"]], "Detected none of 1 expected alert; 1 missing: Possible Web Shell activity detected · "],
    [
      [
        ["detected", 60],
        ["late", 5000],
      ],
      "Detected all 2 expected alerts in 83 mins; 1 of them late · ",
    ],
    [
      [["detected", 60], ["unknown"]],
      "Detected 1 of 2 expected alerts in 60 secs; 1 unknown: Suspicious Kubernetes service account operation detected · ",
    ],
    [[["unknown"], ["unknown"]], "Couldn't read whether Defender detected the attack · reconnaissance on"],
    [[["not-expected", undefined, "sensor"]], "Can't be detected here (no sensor); the attack ran"],
  ] as const)("%j", (verdicts, words) => {
    const list = verdicts as unknown as Parameters<typeof verdictsOf>;
    expect(headline(eventOf(reported(verdictsOf(...list))))).toContain(words);
  });

  it("a run of which nothing proves that it happened blames no one", () => {
    const about = reported([], {
      state: "failed",
      happened: false,
      failure: { what: "not-happened", said: "x" },
    });
    expect(headline(eventOf(about))).toMatch(/^Failed: the log doesn.t prove that the attack ran/);
  });

  it("what is left is in the first line, and the line that removes it below", () => {
    const left = [{ what: "Pod x", why: "Terminating", mend: "kubectl delete pod x" }];
    const event = eventOf(
      reported(verdictsOf(["detected", 60]), { cleanUp: { at: time(9), removed: 5, left } }),
    );
    expect(headline(event)).toContain("1 object is left");
    expect(textOf(runMessage(event, "en").parts)).toContain("kubectl delete pod x");
    expect(runMessage(event, "en").tone).toBe("bad");
  });
});

it("a report says what is only likely, and is not green by it", () => {
  const [certain, likely] = verdictsOf(["detected", 60], ["detected", 90]);
  const sighting = {
    ...{ id: "a1", resource: "/a1", type: "", title: "x", severity: "medium" as const, seen: time(9) },
    likely: true as const,
  };
  const event = eventOf(reported([certain!, { ...likely!, sighting }]));
  const message = runMessage(event, "en");
  expect(headline(event)).toContain("; 1 of them only likely · ");
  expect([message.tone, textOf(message.parts).includes("Detected (likely)")]).toEqual(["warning", true]);
});

it("a report says nothing of clean-up where Defender's samples stay, and counts no object where none was removed", () => {
  const cleaned = (more: Partial<Run>) =>
    textOf(
      runMessage(eventOf(reported([], { cleanUp: { at: time(9), removed: 0, left: [] }, ...more })), "en")
        .parts,
    );
  expect(cleaned({})).toContain("Cleanup: nothing is left.");
  expect(cleaned({ scenario: "sample-alerts", cluster: undefined })).not.toContain("Cleanup");
});

it("a report with something missing says what to check; one without does not", () => {
  const missing = runMessage(eventOf(reported(verdictsOf(["missing"]))), "en");
  expect(textOf(missing.parts)).toContain("The sensor on the nodes of this run");
  expect(linesOf(missing)).toContain("status cluster:aks-shop");
  const samples = { scenario: "sample-alerts", cluster: undefined };
  expect(textOf(runMessage(eventOf(reported(verdictsOf(["missing"]), samples)), "en").parts)).not.toContain(
    "sensor on the nodes",
  );
  const whole = runMessage(eventOf(reported(verdictsOf(["detected", 60]))), "en");
  expect(textOf(whole.parts)).not.toContain("What to check");
});

it("a report with something unknown says why, and nothing of what to check", () => {
  const verdicts = verdictsOf(["detected", 60], ["unknown"]);
  const { parts, tone } = runMessage(eventOf(reported(verdicts, { unread: "Alerts can't be read" })), "en");
  expect(textOf(parts)).toMatch(
    /Unknown, because it couldn't be read when the wait was over: Alerts can't be read/,
  );
  expect([tone, textOf(parts).includes("What to check")]).toEqual(["warning", false]);
});

it("a report with something unknown, now or in the last run, is not called the same as the last one", () => {
  const both = verdictsOf(["detected", 60], ["detected", 60]);
  const blind = verdictsOf(["detected", 60], ["unknown"]);
  const said = (now: ExpectationVerdict[], then: ExpectationVerdict[]) => {
    const before = { run: "r-2", at: time(-999), verdicts: then };
    const comparison = { with: "r-2", at: before.at, lost: [], won: [], slower: [] };
    return textOf(runMessage(eventOf(reported(now), { earlier: [before], comparison }), "en").parts);
  };
  expect(said(both, both)).toContain("Same as the last run");
  expect(said(blind, both)).not.toContain("Same as the last run");
  expect(said(both, blind)).not.toContain("Same as the last run");
});

it("compares with the last run, in words and in a chart of the runs before", () => {
  const before = { run: "r-2", at: time(-999), verdicts: verdictsOf(["detected", 100], ["detected", 200]) };
  const comparison = {
    with: "r-2",
    at: before.at,
    lost: [1],
    won: [],
    slower: [{ index: 0, before: 100, seconds: 2000 }],
  };
  const event = eventOf(reported(verdictsOf(["detected", 2000], ["missing"])), {
    earlier: [before],
    comparison,
  });
  const { parts } = runMessage(event, "en");
  const chart = parts.find((part) => "chart" in part);
  expect(chart).toMatchObject({
    chart: { kind: "line", series: [{ values: [2.5, 33.3] }, { values: [3.3, 33.3] }] },
  });
  expect(textOf(parts)).toMatch(/Detected in the last run .*missing now: Suspicious Kubernetes/);
  expect(textOf(parts)).toMatch(/Slower than the last run/);
});

it("a reply in the thread tells each state and each line of the log once, the latest state first", () => {
  const before = eventOf({ state: "approved", at: { requested: time(0), approved: time(1) } });
  const at = { ...before.run.at, checked: time(2), running: time(3) };
  const after = eventOf({ state: "running", at, logged: 3, log: ["one", "two", "three"] });
  const reply = runReply({ ...before, run: { ...before.run, logged: 1, log: ["one"] } }, after, "en")!;
  expect(plainText(reply.headline, "en")).toMatch(/^Running/);
  const text = textOf(reply.parts);
  expect(text).toContain("two\nthree");
  expect(text).not.toContain("one");
  expect(text).not.toContain("Approved");
  expect(runReply(after, after, "en")).toBeUndefined();
});

describe("whatever is in a run", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "<!channel>",
      "&amp;<http://x|y>",
      "\u202Eexe",
      "{{who}}",
      "a".repeat(9000),
      '"q" \\ --x',
      "`c`",
      "",
    ),
  );
  const hostile = fc
    .record({
      text: nasty,
      state: fc.constantFrom(...runStates),
      verdict: fc.constantFrom("waiting", "detected", "late", "missing", "not-expected"),
    })
    .map(({ text, state, verdict }): SimulationEvent => {
      const sighting = {
        id: text,
        resource: `/alerts/${text}`,
        type: text,
        title: text,
        severity: "high" as const,
        seen: time(2),
        portal: text,
      };
      const verdicts = titles.map((title, index) => ({
        index,
        title,
        required: index % 2 === 0,
        verdict: verdict as "late",
        seconds: 60,
        sighting,
        why: "sensor" as const,
      }));
      const checks = checkNames.map((name, index) => ({
        name,
        said: text,
        blocks: false,
        state: (["ok", "failed", "unknown", "warning"] as const)[index % 4]!,
      }));
      return eventOf({
        ...reported(verdicts),
        state,
        // Azure gives no longer names, and no empty ones.
        cluster: { ...demoCluster, name: text.slice(0, 63).trim() || "x" },
        reason: text,
        log: [text, text],
        logged: 2,
        sightings: [sighting],
        preflight: { at: time(0), how: "direct", checks, unexpected: { 0: "sensor" } },
        failure: { what: "pod", said: text },
        troubled: { since: time(3), said: text },
        cleanUp: {
          at: time(9),
          removed: 1,
          left: [{ what: text, why: text, mend: text }],
          retries: { tries: 2, last: time(9), next: time(10) },
          later: [{ what: text, at: time(9) }],
        },
        asked: time(1),
        twice: true,
      });
    });

  it("Slack takes its message and its reply, in both languages, and its buttons are lines that the bot understands", () => {
    fc.assert(
      fc.property(hostile, fc.constantFrom("en" as const, "ja" as const), (event, language) => {
        const message = runMessage(event, language);
        expect(refusals(message, language)).toEqual([]);
        for (const line of linesOf(message))
          expect(() => parseLine(line, definitions.commands)).not.toThrow();
        const reply = runReply(eventOf(), event, language);
        if (reply) expect(refusals(reply, language)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});
