import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/domain/alerts/alert.ts";
import { listAlerts } from "../../src/domain/alerts/alert-list.ts";
import { previewAlerts } from "../../src/domain/alerts/preview.ts";
import type { ClusterCoverage, Coverage } from "../../src/domain/coverage/coverage.ts";
import { countVerdicts, summariseCoverage } from "../../src/domain/coverage/coverage-summary.ts";
import {
  countRecommendations,
  groupAssessments,
} from "../../src/domain/recommendations/recommendation-summary.ts";
import type { ChannelSubscription } from "../../src/domain/subscription.ts";
import { alertOf } from "../alerts.ts";
import {
  assessmentOf,
  assessments,
  clusterOf,
  coverage,
  east,
  known,
  planOf,
  unknown,
} from "../dispatch-estate.ts";

const subscription = coverage.subscriptions[0]!;
const estate = (cluster: Partial<ClusterCoverage>, plan = planOf("on")): Coverage => ({
  subscriptions: [{ ...subscription, plan }],
  clusters: [clusterOf("aks", cluster)],
  registries: [],
});
const kinds = (value: Coverage) => summariseCoverage(value).gaps.map(({ kind }) => kind);

describe("coverage", () => {
  it.each([
    ["plan on, sensor on", estate({}), "covered"],
    ["sensor off", estate({ sensorProfile: known("off") }), "not-covered"],
    ["plan off", estate({}, planOf("off")), "not-covered"],
    ["sensor not read", estate({ sensorProfile: unknown("denied") }), "unknown"],
    ["sensor not read, plan off", estate({ sensorProfile: unknown("denied") }, planOf("off")), "not-covered"],
    ["a plan of its own", estate({ plan: planOf("on") }, planOf("off")), "covered"],
    ["its own plan off", estate({ plan: planOf("off") }), "not-covered"],
  ] as const)("%s: %s", (_name, value, verdict) => {
    expect(summariseCoverage(value).clusters[0]?.verdict).toBe(verdict);
  });

  it("a cluster whose subscription could not be read is unknown, never covered", () => {
    const { clusters } = summariseCoverage({ ...estate({}), subscriptions: [] });
    expect(clusters[0]?.verdict).toBe("unknown");
  });

  it.each([
    ["no gap", estate({}), []],
    ["an extension that is off", estate({}, planOf("on", ["ContainerSensor"])), ["extension-off"]],
    ["the tag that excludes", estate({ excluded: known(true) }), ["sensor-excluded"]],
    ["the add-on off", estate({ policyAddon: known("off") }), ["policy-off"]],
    ["stopped", estate({ power: known("stopped") }), ["stopped"]],
    ["only the plan counts where it is off", estate({}, planOf("off", [])), ["plan-off"]],
  ] as const)("%s", (_name, value, expected) => expect(kinds(value)).toEqual(expected));

  it("an extension that failed is named although its switch says on", () => {
    const plan = planOf("on");
    plan.extensions[0] = { ...plan.extensions[0]!, failure: "no permission" };
    expect(summariseCoverage(estate({}, plan)).gaps).toMatchObject([
      { kind: "extension-failed", detail: "no permission" },
    ]);
  });

  it("provisioning: missing and localised assignments are traps, and only where there are clusters", () => {
    const localised = {
      kind: "sensor" as const,
      name: "x",
      displayName: "プロビジョニング",
      englishName: false,
    };
    const value: Coverage = {
      ...estate({}),
      subscriptions: [{ ...subscription, plan: planOf("on"), provisioning: known([localised]) }],
    };
    expect(kinds(value)).toEqual(["provisioning-missing", "provisioning-localised"]);
    expect(kinds({ ...value, clusters: [] })).toEqual([]);
  });

  it("another workspace than the assignment's is named, letter case aside", () => {
    const wanted = {
      kind: "sensor" as const,
      name: "x",
      displayName: "D",
      englishName: true,
      workspace: "/W/One",
    };
    const provisioning = known([wanted, { ...wanted, kind: "policy-addon" as const, workspace: undefined }]);
    const value = (workspace: string): Coverage => ({
      ...estate({ workspace: known<string | undefined>(workspace) }),
      subscriptions: [{ ...subscription, plan: planOf("on"), provisioning }],
    });
    expect(kinds(value("/w/one"))).toEqual([]);
    expect(kinds(value("/w/two"))).toEqual(["workspace-other"]);
  });

  it("every gap carries where it is; every cluster has one verdict", () => {
    const { clusters, gaps } = summariseCoverage(coverage);
    const counts = countVerdicts(clusters);
    expect(counts).toEqual({ covered: 1, "not-covered": 2, unknown: 1 });
    expect(gaps.every(({ on, subscription: place }) => on.name !== "" && place.id !== "")).toBe(true);
  });
});

describe("recommendations", () => {
  it("are grouped by key, the worst first", () => {
    const grouped = groupAssessments(assessments);
    expect(grouped.map(({ key, unhealthy, healthy }) => [key, unhealthy.length, healthy])).toEqual([
      ["k-sensor", 1, 1],
      ["k-limits", 2, 0],
      ["k-fine", 0, 1],
    ]);
  });

  it("an individual recommendation is one, although it has a key for each image", () => {
    const openssl = (key: string, name: string) =>
      assessmentOf(key, name, { type: "vulnerability", title: "Update openssl" });
    const grouped = groupAssessments([openssl("k2", "web"), openssl("k1", "api"), assessmentOf("k3", "web")]);
    expect(grouped.map(({ key, unhealthy }) => [key, unhealthy.length])).toEqual([
      ["k1", 2],
      ["k3", 1],
    ]);
  });

  it("no assessment is lost or counted twice, in whatever order they come", () => {
    const one = fc.record({
      key: fc.constantFrom("a", "b", "c"),
      status: fc.constantFrom("healthy", "unhealthy", "not-applicable"),
    });
    fc.assert(
      fc.property(fc.array(one), (rows) => {
        const made = rows.map(({ key, status }, index) =>
          assessmentOf(key, `c${index}`, { status: status as "healthy" }),
        );
        const grouped = groupAssessments(made);
        const sum = grouped.reduce(
          (n, { unhealthy, healthy, notApplicable }) => n + unhealthy.length + healthy + notApplicable,
          0,
        );
        expect(sum).toBe(rows.length);
        const shape = (groups: typeof grouped) =>
          groups.map(({ key, unhealthy }) => `${key} ${unhealthy.length}`);
        expect(shape(groupAssessments([...made].reverse()))).toEqual(shape(grouped));
      }),
    );
  });

  it("are counted by severity and type, open ones only", () => {
    expect(countRecommendations(groupAssessments(assessments))).toMatchObject([
      { severity: "high", total: 1, counts: { "control-plane": 1, "data-plane": 0 } },
      { severity: "medium", total: 1, counts: { "data-plane": 1 } },
    ]);
  });
});

describe("a list of alerts", () => {
  const since = "2026-11-22T08:00:00Z";
  const at = (id: string, end?: string, about: Partial<Alert> = {}) =>
    alertOf(id, { start: end, end, generated: end, ...about });

  it("is newest first, and counts what is older", () => {
    const rows = [
      at("old", "2026-11-01T00:00:00Z"),
      at("b", "2026-11-23T01:00:00Z"),
      at("a", "2026-11-23T02:00:00.1234567Z"),
    ];
    const { alerts, older } = listAlerts(rows, { state: "active", since });
    expect(alerts.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(older).toBe(1);
  });

  it("never drops an alert without a time, with an unknown severity or a state never seen", () => {
    const rows = [
      at("timeless"),
      at("odd", "2026-11-23T01:00:00Z", { severity: "unknown", state: "unknown" }),
    ];
    const { alerts } = listAlerts(rows, { state: "resolved", severity: "high", since });
    expect(alerts.map(({ id }) => id)).toEqual(["odd"]);
    expect(listAlerts(rows, { state: "active", since }).alerts.map(({ id }) => id)).toEqual([
      "timeless",
      "odd",
    ]);
  });
});

describe("a preview", () => {
  const wanted: ChannelSubscription = { channel: "C1", topic: "alerts", scopes: [], origin: "command" };
  const window = { from: "2026-11-16T08:00:00Z", until: "2026-11-23T08:00:00Z" };
  const rule = { over: 5, withinSeconds: 3600 };
  const minutes = (n: number) => new Date(Date.parse("2026-11-20T08:00:10Z") + n * 60_000).toISOString();
  const many = (count: number, minute: number, about: (n: number) => Partial<Alert>) =>
    Array.from({ length: count }, (_, n) =>
      alertOf(`${minute}-${n}`, { generated: minutes(minute), ...about(n) }),
    );

  it.each([
    ["one alert is one message", many(1, 0, () => ({})), { alerts: 1, messages: 1, bursts: 0, joined: 0 }],
    [
      "five of different types are five",
      many(5, 0, (n) => ({ type: `T${n}` })),
      { alerts: 5, messages: 5, bursts: 0, joined: 0 },
    ],
    [
      "six in one poll are one burst",
      many(6, 0, (n) => ({ type: `T${n}` })),
      { alerts: 6, messages: 1, bursts: 1, joined: 0 },
    ],
    [
      "the same again within the hour joins",
      [...many(1, 0, () => ({})), ...many(1, 30, () => ({}))],
      { alerts: 2, messages: 1, bursts: 0, joined: 1 },
    ],
    [
      "the same after an hour is a message again",
      [...many(1, 0, () => ({})), ...many(1, 90, () => ({}))],
      { alerts: 2, messages: 2, bursts: 0, joined: 0 },
    ],
  ])("%s", (_name, alerts, expected) =>
    expect(previewAlerts(alerts, wanted, rule, window)).toEqual(expected),
  );

  it("follows the subscription's filters and the window", () => {
    const alerts = [
      ...many(1, 0, () => ({ severity: "low" })),
      alertOf("early", { generated: "2026-11-01T00:00:00Z" }),
    ];
    expect(previewAlerts(alerts, { ...wanted, severity: "high" }, rule, window).alerts).toBe(0);
    expect(
      previewAlerts(alerts, { ...wanted, scopes: [{ kind: "sub", pattern: "dev*" }] }, rule, window).alerts,
    ).toBe(0);
    expect(previewAlerts(alerts, wanted, rule, window).alerts).toBe(1);
  });

  it("accounts for every alert: each is in a message of its own, in a burst, or has joined one", () => {
    const one = fc.record({ minute: fc.nat(600), type: fc.constantFrom("A", "B", "C") });
    fc.assert(
      fc.property(fc.array(one, { maxLength: 60 }), (rows) => {
        const alerts = rows.map(({ minute, type }, n) =>
          alertOf(`a${n}`, { ...east, type, generated: minutes(minute) }),
        );
        const { alerts: count, messages, bursts, joined } = previewAlerts(alerts, wanted, rule, window);
        expect(count).toBe(rows.length);
        expect(messages - bursts + joined + bursts * 6).toBeLessThanOrEqual(rows.length);
        expect(messages).toBeGreaterThanOrEqual(rows.length > 0 ? 1 : 0);
      }),
    );
  });
});
