import { describe, expect, it } from "vitest";
import { argumentShapes } from "../../src/definitions/schema.ts";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import type { Read } from "../../src/domain/reading/reading.ts";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Message } from "../../src/message/message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { assessmentOf, clusterOf, coverage, planOf } from "../dispatch-estate.ts";
import { benchOf, definitions, demoCluster, last, linesOf, now, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { digest, findingsWith, snapshotOf } from "../snapshots.ts";

const redis = redisForThisFile();
const nothing = { subscriptions: [], clusters: [], registries: [] };
const unread = [{ id: "s3", name: "sales", why: "denied" as const, detail: "AuthorizationFailed" }];
const prodWeb = { ...demoCluster, name: "aks-prod-web", cluster: "aks-prod-web", resourceGroup: "rg-prod" };
const targets = async () => read({ clusters: [demoCluster, prodWeb], registries: [] });
const bench = (change: Parameters<typeof benchOf>[1] = {}) =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), {
    ...change,
    azure: {
      coverage: async () => read(nothing),
      assessments: async () => ({ ...read([]), unassessed: [] }),
      targets,
      ...change.azure,
    },
  });

describe.each(["status", "alerts", "recommendations"])("%s with a mistyped scope", (command) => {
  it("warns that nothing matches, and offers what was probably meant", async () => {
    const message = last(await bench().say(`${command} aks-prodweb`));
    expect(message.tone).toBe("warning");
    expect(textOf(message.headline)).toMatch(
      /^No cluster, registry, resource group or subscription matches aks-prodweb/,
    );
    expect(textOf(message)).toContain("Did you mean aks-prod-web");
    expect(linesOf(message)[0]).toBe(`${command} aks-prod-web`);
  });

  it("says so in Japanese", async () => {
    const message = last(await bench().say(`${command} aks-prodweb`, { language: "ja" }));
    expect(textOf(message)).toMatch(
      /aks-prodweb\s+に一致するクラスター、レジストリ、リソース グループ、サブスクリプションはありません.*もしかして\s+aks-prod-web\s+ですか/s,
    );
  });

  it("is unknown, not absent, where part of the estate cannot be read", async () => {
    const partly = async () => read({ clusters: [demoCluster], registries: [] }, { unread });
    const message = last(await bench({ azure: { targets: partly } }).say(`${command} aks-prodweb`));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toMatch(/Unknown whether anything matches.*because.*access denied \(sales\)/s);
    expect(textOf(message)).not.toContain("No cluster,");
  });

  it("is unknown where Azure does not answer at all", async () => {
    const down = async () => {
      throw new UpstreamError("down", { system: "azure", retryable: true });
    };
    const message = last(await bench({ azure: { targets: down } }).say(`${command} aks-prodweb`));
    expect(textOf(message)).toMatch(/Unknown whether anything matches.*no answer \(Azure\)/s);
  });
});

/** Every command that takes a scope, with a line that has nothing else wrong. */
const scoped: Record<string, (scope: string) => string> = {
  alerts: (scope) => `alerts ${scope}`,
  compliance: (scope) => `compliance ${scope}`,
  enable: (scope) => `enable ${scope} plan --reason x`,
  exempt: (scope) => `exempt k1 ${scope} --for 30d --reason x`,
  exemptions: (scope) => `exemptions ${scope}`,
  hunt: (scope) => `hunt api-server-open ${scope}`,
  inventory: (scope) => `inventory ${scope}`,
  mute: (scope) => `mute K8S.NODE_ImdsCall --scope ${scope} --for 4h`,
  recommendation: (scope) => `recommendation k1 ${scope}`,
  recommendations: (scope) => `recommendations ${scope}`,
  status: (scope) => `status ${scope}`,
  "status-details": (scope) => `status-details fixes ${scope}`,
  subscribe: (scope) => `subscribe alerts --scope ${scope}`,
  suppress: (scope) => `suppress K8S.NODE_ImdsCall ${scope} --for 7d --reason x`,
  vulnerabilities: (scope) => `vulnerabilities ${scope}`,
};

const store = () => ({
  ...openStore(redis.connect(), redis.prefix(), []),
  findings: findingsWith(snapshotOf([{ key: digest("a"), places: [], findings: [] }])),
});

describe("whatever takes a scope", () => {
  const asked = async (line: string) => {
    const one = benchOf(store(), { azure: { targets } });
    return { message: last(await one.say(line)), ...one };
  };

  it("is in this test", () => {
    const taking = [...definitions.commands].filter(([, command]) =>
      argumentShapes(command.arguments).some(({ words }) => words?.word.startsWith("SCOPE")),
    );
    expect(taking.map(([name]) => name).sort()).toEqual(Object.keys(scoped).sort());
  });

  it.each(Object.entries(scoped))(
    "%s says that a mistyped one matches nothing, and what was probably meant; nothing is green, nothing is changed",
    async (_, line) => {
      const { message, changes, published } = await asked(line("cluster:aks-prodweb"));
      expect(textOf(message)).toMatch(
        /No cluster, registry, resource group or subscription matches\s+`?cluster:aks-prodweb/,
      );
      expect(textOf(message)).toContain("cluster:aks-prod-web");
      expect(["warning", "bad"]).toContain(message.tone);
      expect([...changes, ...published]).toEqual([]);
    },
  );
});

describe("whatever only answers", () => {
  const answering = Object.entries(scoped).filter(
    ([name]) => definitions.commands.get(name)?.effect === "none",
  );

  it.each(answering)(
    "%s names the scope that it was narrowed down to, in its first line",
    async (_, line) => {
      const shown = await benchOf(store(), { azure: { targets } }).say(line("cluster:aks-prod-web"));
      const text = textOf(last(shown).headline);
      expect(text).toMatch(
        /filters: .*cluster:aks-prod-web|Defender has no scan results for\s+cluster:aks-prod-web/,
      );
    },
  );
});

describe("a green check", () => {
  const whole = {
    ...nothing,
    subscriptions: [{ ...coverage.subscriptions[0]!, plan: planOf("on") }],
  };
  const statusOf = async (about: Partial<Read<unknown>>, clusters = [clusterOf("aks-shop")]) => {
    const partly = async () => read<Coverage>({ ...whole, clusters }, about as Partial<Read<Coverage>>);
    return last(await bench({ azure: { coverage: partly } }).say("status sub:prod-east"));
  };

  it("is given by status only to clusters that were all read, not to a subscription without any", async () => {
    // Turned on, but no pod was seen: that is no reason for a green check, and none for a warning.
    expect((await statusOf({})).tone).toBe("neutral");
    const inIt = unread.map((one) => ({ ...one, id: "s1", name: "prod-east" }));
    expect((await statusOf({ unread: inIt })).tone).toBe("warning");
    expect((await statusOf({ unread })).tone).toBe("neutral");
    const message = await statusOf({}, []);
    expect(message.tone).toBe("neutral");
    expect(message.headline).toBe("No clusters in scope · filters: sub:prod-east");
  });

  it("is not given by status to an estate without anything", async () => {
    const none = async () => read(nothing, { subscriptions: 0 });
    expect(last(await bench({ azure: { coverage: none } }).say("status")).tone).toBe("warning");
  });

  it("is given by alerts where the scope matches, all was read and nothing is there; the filters are named", async () => {
    const one = bench();
    const message = last(await one.say("alerts cluster:aks-prod-web --severity high"));
    expect(message.tone).toBe("good");
    expect(message.headline).toBe(
      "No active alerts in the last 7 days · filters: cluster:aks-prod-web, High or higher",
    );
    expect(compile(message, { language: "en" }).head.text).toBe(message.headline);
    const denied = ["s1", "s2"].map((id) => ({ id, name: id, why: "denied" as const, detail: "" }));
    one.ports.azure.alerts = async () => read([], { unread: denied });
    const partly = last(await one.say("alerts cluster:aks-prod-web --severity high"));
    expect(partly.tone).toBe("warning");
    expect(partly.headline).toMatch(/ · 2 of 2 couldn't be read · filters: /);
  });

  it("is not given by alerts where there is no subscription to read", async () => {
    const none = async () => read([], { subscriptions: 0 });
    expect(last(await bench({ azure: { subscriptions: none } }).say("alerts")).tone).toBe("warning");
  });

  it("is not given by recommendations where Defender assessed nothing", async () => {
    const message = last(await bench().say("recommendations cluster:aks-prod-web"));
    expect(message.tone).toBe("warning");
    expect(message.headline).toMatch(/^Defender reports no recommendations here/);
  });
});

describe("subscribe with a scope that matches nothing", () => {
  const mistyped = "subscribe alerts --scope cluster:aks-prodweb --severity high";
  const kept = async (one: ReturnType<typeof bench>) =>
    (await one.ports.store.subscriptions.list()).flatMap(({ scopes }) => scopes);

  it.each([mistyped, `${mistyped} --preview`])(
    "is refused, with the line that was probably meant: %s",
    async (line) => {
      const one = bench();
      const message = last(await one.say(line));
      expect(message.headline).toBe(
        "No cluster, registry, resource group or subscription matches cluster:aks-prodweb. Did you mean cluster:aks-prod-web?",
      );
      expect(textOf(message)).toMatch(/For example.*subscribe alerts.*--scope cluster:aks-prod-web/s);
      expect(await kept(one)).toEqual([]);
      expect(last(await one.say(line, { language: "ja" })).headline).toContain("一致する");
    },
  );

  it("is accepted as a glob, which may match later, with a warning", async () => {
    const one = bench();
    const message = last(await one.say("subscribe alerts --scope cluster:aks-new-*"));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toMatch(/matches\s+cluster:aks-new-\*.*as soon as something matches/s);
    expect(await kept(one)).toEqual([{ kind: "cluster", pattern: "aks-new-*" }]);
  });

  it("is accepted with a warning where Azure does not say whether it matches", async () => {
    const partly = async () => read({ clusters: [], registries: [] }, { unread });
    const one = bench({ azure: { targets: partly } });
    const message = last(await one.say(mistyped));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toContain("Unknown whether anything matches");
    expect(await kept(one)).toHaveLength(1);
  });

  it("says nothing of it where every scope matches", async () => {
    const message = last(await bench().say("subscribe alerts --scope cluster:aks-prod-* --scope rg:rg-prod"));
    expect(message.tone).toBe("good");
    expect(textOf(message)).not.toContain("matches");
  });
});

describe("mute with a scope that matches nothing", () => {
  const mistyped = "mute K8S.NODE_ImdsCall --scope cluster:aks-prodweb --for 4h";
  const mutes = (one: ReturnType<typeof bench>) => one.ports.store.mutes.list(now);

  it.each([
    [mistyped, "mute K8S.NODE_ImdsCall --scope cluster:aks-prod-web --for 240m"],
    ["mute --scope cluster:aks-prodweb --for 30m", "mute --scope cluster:aks-prod-web --for 30m"],
  ])("is refused before it is confirmed and before it takes effect: %s", async (line, meant) => {
    const one = bench();
    for (const language of ["en", "ja"] as const) {
      const message = last(await one.say(line, { language }));
      expect(message.headline).toMatch(/^(No cluster, registry|cluster:aks-prodweb に一致する)/);
      expect(textOf(message)).toContain(meant);
      expect(linesOf(message).some((carried) => carried.includes("--confirmed"))).toBe(false);
    }
    expect(await mutes(one)).toEqual([]);
    expect(one.published).toEqual([]);
  });

  it("is accepted where an alert comes from there, although the estate has no such cluster", async () => {
    const one = bench();
    one.alerts.push(
      alertOf("a3", { place: { subscription: { id: "s1", name: "prod-east" }, cluster: "arc-1" } }),
    );
    const message = last(await one.say("mute K8S.NODE_ImdsCall --scope cluster:arc-1 --for 4h"));
    expect(message.tone).toBeUndefined();
    expect(await mutes(one)).toHaveLength(1);
  });

  it("is refused where the scope vanished while the confirmation was open", async () => {
    const here = [{ ...prodWeb, name: "aks-prodweb", cluster: "aks-prodweb" }];
    const one = bench({ azure: { targets: async () => read({ clusters: here, registries: [] }) } });
    const asked = last(await one.say("mute --scope cluster:aks-prodweb --for 30m"));
    here.length = 0;
    const message = last(await one.say(linesOf(asked)[0]!));
    expect(message.headline).toMatch(/^No cluster, registry/);
    expect(await mutes(one)).toEqual([]);
  });

  it("is accepted as a glob, or where Azure does not say, with a warning", async () => {
    const one = bench({
      azure: {
        targets: async () => read({ clusters: [], registries: [] }),
        alerts: async () => read([]),
      },
    });
    const message = last(await one.say("mute K8S.NODE_ImdsCall --scope cluster:aks-new-* --for 4h"));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toMatch(/matches\s+cluster:aks-new-\*.*as soon as something matches/s);
    expect(await mutes(one)).toHaveLength(1);
  });
});

describe("doctor", () => {
  it("names each subscription whose scope matches nothing, with what to write instead", async () => {
    const scopes = (...patterns: string[]) =>
      patterns.map((pattern) => ({ kind: "cluster" as const, pattern }));
    const file: ChannelSubscription[] = [
      { channel: "C0FILE00001", topic: "alerts", scopes: scopes("aks-prodweb", "aks-demo"), origin: "file" },
      { channel: "C0FILE00002", topic: "rescan", scopes: scopes("aks-prod-*"), origin: "file" },
    ];
    const store = openStore(redis.connect(), redis.prefix(), file);
    const made = {
      channel: "C0MADE00001",
      topic: "alerts" as const,
      scopes: scopes("aks-dem0"),
      origin: "command" as const,
    };
    await store.subscriptions.put({ ...made, severity: "high", state: "all" });
    const one = benchOf(store, { azure: { targets } });
    for (const language of ["en", "ja"] as const) {
      const message = last(await one.say("doctor", { language }));
      const text = textOf(message);
      expect(message.tone).toBe("bad");
      expect(text).toContain(
        'breakwater.yaml → channels: C0FILE00001 → scope: ["cluster:aks-prod-web", "cluster:aks-demo"]',
      );
      expect(text).toContain(
        "/defender subscribe alerts --severity high --scope cluster:aks-demo --state all",
      );
      expect(text).not.toContain("C0FILE00002 → scope");
    }
    one.ports.azure.targets = async () => read({ clusters: [], registries: [] }, { unread });
    const unsure = textOf(last(await one.say("doctor")));
    expect(unsure).toMatch(/Clusters for simulations.*list of clusters incomplete.*sales/s);
    expect(unsure).toMatch(/Scope of alerts in C0FILE00001.*Unknown whether anything matches/s);
  });
});

describe("one recommendation", () => {
  const of = (result: Assessment[], about: Partial<Read<unknown>> = {}) =>
    bench({
      azure: {
        assessments: async () => ({
          ...read(result, about as Partial<Read<Assessment[]>>),
          unassessed: [],
        }),
      },
    });
  const healthy = assessmentOf("k1", "aks-demo", { status: "healthy" });
  const none = assessmentOf("k1", "aks-demo", { status: "not-applicable" });

  it.each([
    ["every resource is healthy", [healthy], {}, "good"],
    ["part of the estate could not be read", [healthy], { unread }, "warning"],
    ["it applies to nothing", [none], {}, "neutral"],
    ["a resource is affected", [healthy, assessmentOf("k1", "aks-demo")], {}, "warning"],
  ] as const)("where %s: %s", async (_, result, about, tone) => {
    const message = last(await of([...result], about).say("recommendation k1 cluster:aks-demo"));
    expect(message.tone).toBe(tone);
    expect(message.headline).toMatch(/ · filters: cluster:aks-demo$/);
  });

  it("warns where the scope matches nothing, and says where the reason may be what was not read", async () => {
    expect(last(await of([]).say("recommendation k1 aks-prodweb"))).toMatchObject({ tone: "warning" });
    expect(textOf(last(await of([healthy]).say("recommendation k2")))).toContain("may have been withdrawn");
    expect(textOf(last(await of([healthy], { unread }).say("recommendation k2")))).toContain(
      "couldn't be read: sales",
    );
  });
});

describe("subscriptions without Foundational CSPM", () => {
  const recommendations = async (count: number) => {
    const unassessed = Array.from({ length: count }, (_, index) => ({
      ...{ id: `s${index}`, name: `Subscription ${index}`, state: "off" as const, detail: "" },
    }));
    const azure = { assessments: async () => ({ ...read([assessmentOf("k1", "aks-demo")]), unassessed }) };
    return last(await bench({ azure }).say("recommendations"));
  };
  const tables = ({ parts }: Message) => parts.filter((part) => "table" in part).length;

  it("are listed below the recommendations, in the same message; many of them are a table of their own", async () => {
    const few = await recommendations(1);
    expect(tables(few)).toBe(1);
    expect(textOf(few)).toContain("Subscription 0 · Foundational CSPM: Not on");
    expect(tables(await recommendations(6))).toBe(2);
  });
});

describe("simulations", () => {
  it("names its filters, and suggests a scenario where there is none of that name", async () => {
    const message = last(await bench().say("simulations --scenario webshell --cluster aks-*"));
    expect(message).toMatchObject({
      headline: "No simulation in the last 90 days · filters: webshell, aks-*",
      tone: "warning",
    });
    expect(linesOf(message)[0]).toBe("simulations --scenario web-shell");
  });
});

describe("simulate on a target that is not there", () => {
  it.each([
    [
      "simulate web-shell aks-dmeo --reason x",
      "Cluster “aks-dmeo” not found in scope.",
      "simulate web-shell aks-demo",
    ],
    [
      "simulate vulnerable-image --registry acrdmeo --reason x",
      "Registry “acrdmeo” not found in scope.",
      "--registry acrdemo",
    ],
    [
      "simulate sample-alerts --subscription prod-eats --reason x",
      "Subscription “prod-eats” not found in scope.",
      "--subscription prod-east",
    ],
  ])("%s", async (line, said, example) => {
    const registry = { ...demoCluster, name: "acrdemo", loginServer: "acrdemo.azurecr.io" } as never;
    const all = { clusters: [demoCluster], registries: [registry] };
    const subscriptions = [{ id: "s1", name: "prod-east", state: "Enabled" }];
    const whole = { targets: async () => read(all), subscriptions: async () => read(subscriptions) };
    const message = textOf(last(await bench({ azure: whole }).say(line)));
    expect(message).toContain(said);
    expect(message).toContain(example);
    expect(message).not.toContain("could be read");
    const partly = {
      targets: async () => read(all, { unread }),
      subscriptions: async () => read(subscriptions, { unread }),
    };
    expect(textOf(last(await bench({ azure: partly }).say(line)))).toContain(
      "Not everything in Azure could be read: sales.",
    );
  });
});
