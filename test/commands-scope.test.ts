import { describe, expect, it } from "vitest";
import type { Coverage } from "../src/domain/coverage.ts";
import type { Read } from "../src/domain/reading.ts";
import { UpstreamError } from "../src/errors.ts";
import { compile } from "../src/slack/compile.ts";
import { openStore } from "../src/store/store.ts";
import { clusterOf, coverage, planOf } from "./dispatch-estate.ts";
import { benchOf, demoCluster, last, linesOf, read, textOf } from "./dispatch-parts.ts";
import { redisForThisFile } from "./redis.ts";

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
      assessments: async () => read([]),
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
    expect((await statusOf({})).tone).toBe("good");
    expect((await statusOf({ unread })).tone).toBe("warning");
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
      "No active alerts in the last 7 days · filters: cluster:aks-prod-web, High and worse",
    );
    expect(compile(message, { language: "en" }).head.text).toBe(message.headline);
    one.ports.azure.listAlerts = async () => {
      throw new UpstreamError("AuthorizationFailed", { system: "azure", status: 403, retryable: false });
    };
    const partly = last(await one.say("alerts cluster:aks-prod-web --severity high"));
    expect(partly.tone).toBe("warning");
    expect(partly.headline).toMatch(/ · not read: 2 of 2 · filters: /);
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
        "No cluster, registry, resource group or subscription matches `cluster:aks-prodweb`. Did you mean cluster:aks-prod-web?",
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
