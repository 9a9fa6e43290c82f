import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { refuseBlocks, refuseView } from "../../playground/slack/blocks/validate.ts";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import type { Exemption } from "../../src/domain/exemptions/exemptions.ts";
import type { Run } from "../../src/domain/simulations/simulation.ts";
import type { Message } from "../../src/message/message.ts";
import { requestRun } from "../../src/simulations/request.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { compileForm, compileModal } from "../../src/slack/render/view.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { assessmentOf, clusterOf, coverage, known, unknown } from "../dispatch-estate.ts";
import {
  type Bench,
  benchOf,
  definitions,
  demoCluster,
  last,
  linesOf,
  now,
  people,
  read,
  type Shown,
} from "../dispatch-parts.ts";
import { exemptionOf } from "../exemptions.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const bench = (change: Parameters<typeof benchOf>[1] = {}) =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), {
    ...change,
    // What coverage names can be meant by a scope.
    azure: {
      targets: async () => {
        const clusters = coverage.clusters.map((one) => ({ ...one, tags: {} }));
        return read({ clusters: [demoCluster, ...clusters], registries: [] });
      },
      ...change.azure,
    },
  });
const examples = [...definitions.commands].flatMap(([name, { examples: lines }]) =>
  lines.map((line) => [name, line] as const),
);

/** Puts real things in the place of `<…>`. */
async function filled(line: string, { say, alerts, ports }: Bench): Promise<string> {
  const run = line.includes("<run>") ? await requestOf(ports) : undefined;
  const exemption = line.includes("<exemption>") ? await activeExemption(ports) : undefined;
  const shared = line.includes("<answer>") ? linesOf(last(await say("help")))[0]!.split(" ")[1]! : "";
  return line
    .replace("<alert>", alerts[0]?.resource ?? "")
    .replace("<recommendation>", "k-sensor")
    .replace("<answer>", shared)
    .replace("<exemption>", exemption?.id ?? "")
    .replace("<run>", run?.id ?? "")
    .replace("<code>", run?.code ?? "");
}

/** A suppression that is in force. */
async function activeExemption(ports: Bench["ports"]): Promise<Exemption> {
  const one = { ...exemptionOf(), state: "active" as const };
  await ports.store.exemptions.add(one);
  return one;
}

/** A simulation that somebody else has asked for. */
async function requestOf(ports: Bench["ports"]): Promise<Run> {
  const { run } = await requestRun(ports, {
    scenario: "web-shell",
    cluster: demoCluster,
    subscription: demoCluster.subscription,
    parameters: {},
    reason: "Weekly proof",
    requester: people.member,
    channel: "C0CHANNEL01",
    preflight: { at: now, how: "direct", checks: [], unexpected: {} },
  });
  return run;
}

/** What Slack would refuse of everything that was shown, as it would be sent. */
function refusals(shown: Shown[], language: "en" | "ja"): unknown[] {
  const place = { channel: "C0CHANNEL01" };
  return shown
    .flatMap((one): unknown[] => {
      if (one.kind === "loading") return [];
      if (one.kind === "form") return [refuseView(compileForm(one.form, { language, place }))];
      if (one.kind === "modal") {
        return [refuseView(compileModal(one.message as Message & { title: string }, { language, place }))];
      }
      const { head, thread } = compile(one.message, { language });
      return [head, ...thread].map(({ blocks }) => refuseBlocks(blocks));
    })
    .filter((refusal) => refusal !== undefined);
}

describe("every example of every command works, in both languages", () => {
  it.each(
    examples.flatMap(([name, line]) =>
      (["en", "ja"] as const).map((language) => [language, name, line] as const),
    ),
  )("%s: %s: /defender %s", async (language, name, line) => {
    const one = bench();
    one.alerts[0] = alertOf("a1", { state: line.endsWith("reopen") ? "dismissed" : "active" });
    const shown = await one.say(await filled(line, one), { language, source: "button" });
    expect(one.counts.at(-1)?.command).toBe(name);
    expect(["done", "help", "confirm", "form"]).toContain(one.counts.at(-1)?.outcome);
    expect(shown.length).toBeGreaterThan(0);
    expect(refusals(shown, language)).toEqual([]);
  });
});

describe("every line that a button carries is understood", () => {
  it.each(examples)("%s: /defender %s", async (_name, line) => {
    const one = bench();
    const messages = (await one.say(await filled(line, one))).flatMap((shown) =>
      "message" in shown ? [shown.message] : [],
    );
    for (const carried of messages.flatMap(linesOf)) {
      expect(carried.length).toBeLessThanOrEqual(2000);
      await one.say(carried, { source: "button" });
      expect(["done", "help", "confirm", "form"], carried).toContain(one.counts.at(-1)?.outcome);
    }
  });
});

describe("hostile values are shown harmlessly", () => {
  const nasty = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom(
      "",
      "<!channel>",
      "<@U0000000>",
      "&amp;<http://x|y>",
      "\u202Egnp.exe",
      "{{count}}",
      "$t(none)",
      "\uE0000\uE001",
      "`code`",
      "a".repeat(20_000),
      "\u0000\u0007",
      '"quoted" \\ --csv',
    ),
  );
  const hostileAlert = fc
    .record({
      title: nasty,
      description: nasty,
      type: nasty,
      compromisedEntity: nasty,
      name: nasty,
      remediation: fc.array(nasty, { maxLength: 30 }),
      facts: fc.array(fc.tuple(nasty, nasty), { maxLength: 20 }),
      severity: fc.constantFrom("high", "unknown", "informational"),
      state: fc.constantFrom("active", "unknown"),
      time: fc.constantFrom(undefined, "", "yesterday", "2026-11-23T07:00:00.1234567Z"),
    })
    .map(
      ({ name, facts, time, severity, state, ...texts }): Alert => ({
        ...alertOf("a1"),
        ...texts,
        severity: severity as Alert["severity"],
        state: state as Alert["state"],
        place: { subscription: { id: "s1", name }, cluster: name },
        start: time,
        end: time,
        generated: time,
        techniques: [name],
        entities: facts.map(([kind]) => ({ kind, name, facts })),
        extended: facts,
        portal: undefined,
      }),
    );
  const lines = [
    "alerts",
    "alerts --state all --since 30d",
    "alert <alert>",
    "triage <alert> take",
    "status --csv",
    "recommendations --csv",
    "recommendation k-sensor --csv",
    "subscribe alerts --preview",
    "audit --csv",
    "doctor",
  ];

  it("Slack takes what every command makes of them", async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileAlert,
        fc.constantFrom(...lines),
        fc.constantFrom("en" as const, "ja" as const),
        async (alert, line, language) => {
          const { title: name } = alert;
          const estate = {
            ...coverage,
            clusters: [clusterOf(name, { sensorProfile: unknown(name), workspace: known(name) })],
          };
          const assessments = [
            assessmentOf("k-sensor", name, {
              title: name,
              description: name,
              remediation: name,
              cause: name,
            }),
          ];
          const unread = [{ id: "s9", name, why: "denied" as const, detail: name }];
          const one = bench({
            azure: {
              coverage: async () => read(estate, { unread }),
              assessments: async () => ({
                ...read(assessments, { unread }),
                unassessed: [{ id: name, name, state: "unknown", detail: name }],
              }),
              checks: async () => [{ name, state: "failed", said: name, fix: name }],
            },
          });
          one.alerts.splice(0, 2, alert);
          const entry = {
            at: now,
            person: "U1",
            channel: "C1",
            source: "slash",
            line: name,
            command: name,
            action: name,
            outcome: "failed" as const,
            detail: name,
          };
          await one.ports.store.audit.append(entry);
          const shown = await one.say(line.replace("<alert>", alert.resource), { language });
          expect(one.counts.at(-1)?.outcome).toBe("done");
          expect(one.errors).toEqual([]);
          expect(refusals(shown, language)).toEqual([]);
          for (const carried of linesOf(last(shown))) expect(carried.length).toBeLessThanOrEqual(2000);
        },
      ),
      { numRuns: 120 },
    );
  }, 180_000);
});
