import { describe, expect, it } from "vitest";
import { type Routable, route } from "../../src/domain/routing.ts";
import { parseScope } from "../../src/domain/scope/scope.ts";
import type { ChannelSubscription, Mute } from "../../src/domain/subscription.ts";

const subscription = (about: Partial<ChannelSubscription> = {}): ChannelSubscription => ({
  channel: "C1",
  topic: "alerts",
  scopes: [],
  origin: "command",
  ...about,
});
const event = (id: string, about: Partial<Routable> = {}): Routable => ({
  id,
  severity: "medium",
  place: { subscription: { id: "s1", name: "prod-east" }, cluster: "aks-shop" },
  sort: ["K8S.NODE_ImdsCall", "Access to cloud metadata service detected"],
  ...about,
});
const mute = (about: Partial<Mute> = {}): Mute => ({
  id: "m1",
  channel: "C1",
  scopes: [],
  from: "2026-11-23T08:00:00.000Z",
  until: "2026-11-23T12:00:00.000Z",
  by: "U1",
  ...about,
});
const scope = (text: string) => parseScope(text)!;
const idsFor = (channel: string, ...given: Parameters<typeof route>) =>
  route(...given).deliveries.get(channel)?.ids ?? [];

describe("routing to channels", () => {
  it("keeps what arrives dismissed from all but subscriptions to all states, and counts it in no mute", () => {
    const arrived = [event("a", { dismissed: true }), event("b", { dismissed: false })];
    const muted = route("alerts", arrived, [subscription()], [mute()]).muted;
    expect([...(muted.get("m1")?.keys() ?? [])]).toEqual(["b"]);
    expect(idsFor("C1", "alerts", arrived, [subscription()], [])).toEqual(["b"]);
    expect(idsFor("C1", "alerts", arrived, [subscription({ state: "all" })], [])).toEqual(["a", "b"]);
  });

  it("gives an event once to a channel that several subscriptions match", () => {
    const both = [
      subscription(),
      subscription({ severity: "high", origin: "file" }),
      subscription({ scopes: [scope("cluster:aks-*")] }),
    ];
    expect(idsFor("C1", "alerts", [event("a")], both, [])).toEqual(["a"]);
  });

  it.each([
    ["high", "medium", 0],
    ["medium", "medium", 1],
    ["low", "medium", 1],
    ["high", "unknown", 1],
  ] as const)("a least severity of %s and an event of %s: %i", (least, severity, expected) => {
    expect(
      idsFor("C1", "alerts", [event("a", { severity })], [subscription({ severity: least })], []),
    ).toHaveLength(expected);
  });

  it.each([
    ["sub:prod-*", 1],
    ["PROD-EAST", 1],
    ["cluster:aks-shop", 1],
    ["registry:aks-shop", 0],
    ["sub:dev-*", 0],
  ])("scope %s matches %i", (text, expected) => {
    expect(idsFor("C1", "alerts", [event("a")], [subscription({ scopes: [scope(text)] })], [])).toHaveLength(
      expected,
    );
  });

  it("keeps out what a mute names, counts it, and lets the rest through", () => {
    const events = [event("a"), event("b", { sort: ["K8S_ExposedRedis"] })];
    const routed = route("alerts", events, [subscription()], [mute({ sort: "k8s.node_*" })]);
    expect(routed.deliveries.get("C1")?.ids).toEqual(["b"]);
    expect([...(routed.muted.get("m1") ?? [])]).toEqual([["a", "K8S.NODE_ImdsCall"]]);
  });

  it("a mute of everything mutes alerts alone: what else is posted would never be said again", () => {
    const loss = event("a", { sort: undefined });
    expect(idsFor("C1", "coverage", [loss], [subscription({ topic: "coverage" })], [mute()])).toEqual(["a"]);
  });

  it("a mute of one channel leaves the others alone", () => {
    const two = [subscription(), subscription({ channel: "C2" })];
    expect(idsFor("C2", "alerts", [event("a")], two, [mute()])).toEqual(["a"]);
  });

  it("another topic is not touched", () => {
    expect(idsFor("C1", "rescan", [event("a")], [subscription()], [])).toEqual([]);
  });
});
