import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { featuresPage } from "../../scripts/documents/features.ts";
import { loadDefinitions } from "../../src/definitions/load.ts";
import { componentOf, supportedUntil } from "../../src/domain/catalogue/components.ts";
import { knownExtensions, type PlanName } from "../../src/domain/catalogue/extensions.ts";
import { type Feature, featureGroups, features } from "../../src/domain/catalogue/features.ts";
import type { ClusterCoverage, Coverage, OtherPlan, Switch } from "../../src/domain/coverage/coverage.ts";
import { featureMatrix, type PlaceFeatures } from "../../src/domain/coverage/feature-matrix.ts";
import {
  allOf,
  anyOf,
  type FeatureValue,
  featureValues,
  whole,
} from "../../src/domain/coverage/feature-value.ts";
import type { PodEvidence } from "../../src/domain/coverage/pod-evidence.ts";
import type { Known } from "../../src/domain/reading/reading.ts";
import { clusterOf, east, evidence, known, coverage as someCoverage, unknown } from "../dispatch-estate.ts";

const at = "2026-11-23T08:00:00Z";
const provisioning = someCoverage.subscriptions[0]!.provisioning;

/** A plan with every extension as given; what is not named is on. */
function plan(value: Known<Switch>, states: Record<string, Known<Switch>> = {}, properties = {}) {
  const extensions = knownExtensions.map(({ name }) => ({
    name,
    state: states[name] ?? known<Switch>("on"),
    properties: name === "ContainerSensor" ? properties : {},
  }));
  return { plan: value, extensions };
}
const other = (
  name: PlanName,
  value: Known<Switch>,
  states: Record<string, Known<Switch>> = {},
): OtherPlan => ({
  name,
  plan: value,
  extensions: Object.entries(states).map(([of, state]) => ({ name: of, state, properties: {} })),
});
const off = known<Switch>("off");
const on = known<Switch>("on");
const noOthers = [other("CloudPosture", off), other("VirtualMachines", off), other("FoundationalCspm", on)];

function pods(change: Partial<PodEvidence> = {}): Known<PodEvidence> {
  return known<PodEvidence>({
    nodes: [{ name: "n1", sensor: "ready" }],
    components: known(
      ["azure-policy", "azure-policy-webhook"].map((name) => ({
        pods: name,
        namespace: "kube-system",
        desired: 1,
        ready: 1,
        restarts: 0,
        outOfMemory: 0,
      })),
    ),
    installed: ["add-on"],
    constraintTemplates: known(12),
    ...change,
  });
}

function estate(
  cluster: Partial<ClusterCoverage> = {},
  subscription: Partial<Coverage["subscriptions"][number]> = {},
): Coverage {
  return {
    subscriptions: [
      {
        ...east,
        plan: plan(on),
        overlapping: noOthers,
        provisioning,
        ...subscription,
      },
    ],
    clusters: [clusterOf("aks", cluster)],
    registries: [{ ...east, id: "/acr", name: "acr", location: "westeurope", sku: "Premium" }],
  };
}

const cellIn = (place: PlaceFeatures | undefined, feature: string) =>
  place!.cells[features.findIndex(({ id }) => id === feature)]!;
const ofCluster = (value: Coverage, feature: string) => cellIn(featureMatrix(value, at).clusters[0], feature);
const ofRegistry = (value: Coverage, feature: string) =>
  cellIn(featureMatrix(value, at).registries[0], feature);
const ofWhole = (value: Coverage, feature: string) =>
  cellIn(featureMatrix(value, at).subscriptions[0], feature);
const gapsOf = (value: Coverage, feature: string) =>
  ofCluster(value, feature).because.flatMap(({ gap }) => (gap ? [gap] : []));

describe("the catalogue", () => {
  it("has the thirteen features and the newer ones, each once, with its source and both names", () => {
    expect(features.filter(({ group }) => group !== "newer")).toHaveLength(13);
    expect(new Set(features.map(({ id }) => id)).size).toBe(features.length);
    for (const { group, name, source, needs } of features) {
      expect(featureGroups).toContain(group);
      expect([name.en, name.ja, source].every((text) => text.length > 3)).toBe(true);
      expect(Object.keys(needs).length).toBeGreaterThan(0);
    }
  });
  it("tells families of pods apart, and knows until when a sensor is supported", () => {
    expect(componentOf("microsoft-defender-collector-ds-x1")).toMatchObject({ part: "sensor" });
    expect(componentOf("microsoft-defender-collectors-ds-x1")?.pods).toBe("microsoft-defender-collectors-ds");
    expect(componentOf("azure-policy-webhook-1")?.pods).toBe("azure-policy-webhook");
    expect(componentOf("azure-policy-1")?.pods).toBe("azure-policy");
    expect(componentOf("coredns-1")).toBeUndefined();
    expect([supportedUntil("0.10.3"), supportedUntil("v0.8"), supportedUntil("1.0.292")]).toEqual([
      "2027-04-30",
      "2027-02-28",
      undefined,
    ]);
  });
});

describe("the page of features", () => {
  it("has every feature with what is read for it, in both languages, and names only scenarios that exist", async () => {
    const { scenarios } = await loadDefinitions(join(import.meta.dirname, "..", "..", "src"));
    for (const { simulated } of features)
      expect(simulated.filter((name) => !scenarios.has(name))).toEqual([]);
    for (const language of ["en", "ja"] as const) {
      const page = featuresPage(language);
      for (const { name } of features) expect(page).toContain(`| ${name[language]} |`);
      expect(page).toContain("microsoft-defender-publisher-ds-*");
    }
  });
});

describe("a feature", () => {
  it.each<[string, Coverage, string, FeatureValue, string[]]>([
    ["K8S API access on", estate(), "agentless-discovery", "on", []],
    [
      "its extension off",
      estate({}, { plan: plan(on, { AgentlessDiscoveryForKubernetes: off }) }),
      "agentless-discovery",
      "off",
      ["extension-off"],
    ],
    ["plan off", estate({}, { plan: plan(off) }), "control-plane-detection", "off", ["plan-off"]],
    [
      "plan not read",
      estate({}, { plan: plan(unknown("AuthorizationFailed")), overlapping: undefined }),
      "agentless-discovery",
      "unknown",
      ["plan-unknown"],
    ],
    [
      "an extension that failed",
      estate({}, { plan: failing("AgentlessVmScanning") }),
      "node-malware",
      "off",
      ["extension-failed"],
    ],
    ["profile on, pods not looked at", estate(), "workload-detection", "unknown", ["sensor-unchecked"]],
    [
      "a private cluster that is out of reach",
      estate({ private: true, pods: unknown("no answer") }),
      "workload-detection",
      "unknown",
      ["sensor-unchecked"],
    ],
    ["profile off", estate({ sensorProfile: off }), "workload-detection", "off", ["sensor-off"]],
    [
      "the exclusion tag",
      estate({ sensorProfile: off, excluded: known(true) }),
      "workload-detection",
      "off",
      ["sensor-excluded"],
    ],
    ["pods ready on every node", estate({ pods: pods() }), "workload-detection", "on", []],
    [
      "profile off, but the chart's pods are ready",
      estate({ sensorProfile: off, pods: pods({ installed: ["helm"] }) }),
      "workload-detection",
      "on",
      [],
    ],
    [
      "pods on some nodes",
      estate({
        pods: pods({
          nodes: [
            { name: "n1", sensor: "ready" },
            { name: "n2", sensor: "absent", leftOut: "taint" },
            { name: "w1", sensor: "absent", leftOut: "windows" },
          ],
        }),
      }),
      "workload-detection",
      "partial",
      ["sensor-not-ready"],
    ],
    [
      "profile on, no pod anywhere",
      estate({ pods: pods({ nodes: [{ name: "n1", sensor: "absent" }] }) }),
      "workload-detection",
      "off",
      ["sensor-not-ready"],
    ],
    [
      "pods that can't be listed",
      estate({ pods: pods({ nodes: [{ name: "n1", sensor: "unknown" }] }) }),
      "workload-detection",
      "unknown",
      ["sensor-unchecked"],
    ],
    ["stopped", estate({ power: known("stopped") }), "workload-detection", "not-applicable", []],
    [
      "being created",
      estate({ passing: { value: "creating", evidence }, sensorProfile: off }),
      "workload-detection",
      "unknown",
      ["creating"],
    ],
    [
      "being deleted",
      estate({ passing: { value: "deleting", evidence } }),
      "workload-detection",
      "not-applicable",
      [],
    ],
    [
      "only Windows nodes",
      estate({ nodes: known({ linux: 0, windows: 2 }) }),
      "binary-drift",
      "not-applicable",
      [],
    ],
    [
      "drift without a readable rule",
      estate({ pods: pods() }),
      "binary-drift",
      "unknown",
      ["drift-rule-unknown"],
    ],
    ["policy add-on by its profile", estate(), "data-plane-hardening", "on", []],
    ["policy add-on off", estate({ policyAddon: off }), "data-plane-hardening", "off", ["policy-off"]],
    [
      "policy pods without constraint templates",
      estate({ pods: pods({ constraintTemplates: known(0) }) }),
      "data-plane-hardening",
      "off",
      ["policy-not-ready"],
    ],
    [
      "policies not readable in the cluster",
      estate({ pods: pods({ constraintTemplates: unknown("403") }) }),
      "data-plane-hardening",
      "unknown",
      ["policy-unknown"],
    ],
    [
      "Foundational CSPM not turned on",
      estate({}, { overlapping: [other("CloudPosture", off), other("FoundationalCspm", off)] }),
      "control-plane-hardening",
      "off",
      ["foundational-off"],
    ],
    [
      "Foundational CSPM not listed",
      estate({}, { overlapping: [other("CloudPosture", off)] }),
      "control-plane-hardening",
      "unknown",
      ["foundational-unknown"],
    ],
    ["standards not read", estate(), "cis-benchmark", "unknown", ["standard-unknown"]],
    [
      "the standard assigned",
      estate(
        {},
        { standards: known(["Microsoft cloud security benchmark", "CIS Azure Kubernetes Service 1.6"]) },
      ),
      "cis-benchmark",
      "on",
      [],
    ],
    [
      "standards without CIS",
      estate({}, { standards: known(["MCSB"]) }),
      "cis-benchmark",
      "off",
      ["standard-off"],
    ],
    ["DNS detection with the add-on", estate(), "dns-detection", "off", ["sensor-not-helm"]],
    [
      "DNS detection with the chart",
      estate({ pods: pods({ installed: ["helm"] }) }),
      "dns-detection",
      "on",
      [],
    ],
    [
      "AKS Automatic",
      estate({ automatic: true, sensorProfile: off, pods: pods({ installed: ["helm"] }) }),
      "dns-detection",
      "on",
      [],
    ],
    [
      "an old Kubernetes",
      estate({ kubernetesVersion: "1.29.4" }),
      "gated-deployment",
      "off",
      ["version-old"],
    ],
    [
      "gating turned off",
      estate({ pods: pods() }, { plan: plan(on, {}, { SecurityGatingEnabled: "False" }) }),
      "gated-deployment",
      "off",
      ["gating-off"],
    ],
    [
      "gating in full",
      estate({ pods: pods() }, { plan: plan(on, {}, { SecurityGatingEnabled: "True" }) }),
      "gated-deployment",
      "on",
      [],
    ],
    [
      "antimalware that Azure doesn't list",
      estate({ pods: pods({ installed: ["helm"] }) }),
      "antimalware",
      "unknown",
      ["extension-unknown"],
    ],
  ])("%s", (_, value, feature, expected, gaps) => {
    const cell = ofCluster(value, feature);
    expect([cell.value, gapsOf(value, feature).map(({ kind }) => kind)]).toEqual([expected, gaps]);
    if (cell.value !== "not-applicable")
      for (const {
        evidence: { source, said, at: when },
      } of cell.because)
        expect([source, said, when].every((text) => text.length > 0)).toBe(true);
  });

  it("counts where another plan provides it, and the evidence names that plan", () => {
    const cspm = other("CloudPosture", on, { AgentlessDiscoveryForKubernetes: on, AgentlessVmScanning: on });
    const servers = other("VirtualMachines", on, { AgentlessVmScanning: on });
    const withCspm = estate({}, { plan: plan(off), overlapping: [cspm, other("VirtualMachines", off)] });
    expect(ofCluster(withCspm, "agentless-discovery")).toMatchObject({
      value: "on",
      because: [{ plan: "CloudPosture" }],
    });
    expect(ofCluster(withCspm, "node-malware").value).toBe("off");
    const withServers = estate({}, { plan: plan(off), overlapping: [other("CloudPosture", off), servers] });
    expect(ofCluster(withServers, "node-malware")).toMatchObject({
      value: "on",
      because: [{ plan: "VirtualMachines" }],
    });
    expect(ofCluster(withServers, "running-containers").value).toBe("off");
  });

  it("is decided by the cluster's or registry's own plan, which is then what the gap is of", () => {
    const own = plan(on, { AgentlessDiscoveryForKubernetes: off });
    const value = estate({ plan: own }, { plan: plan(off) });
    expect(ofCluster(value, "control-plane-detection").value).toBe("on");
    expect(gapsOf(value, "agentless-discovery")).toMatchObject([
      {
        kind: "extension-off",
        on: { kind: "cluster", name: "aks" },
        what: "AgentlessDiscoveryForKubernetes",
      },
    ]);
    value.registries[0]!.plan = plan(on);
    expect(ofRegistry(value, "registry-images").value).toBe("on");
    expect(ofRegistry(estate({}, { plan: plan(off) }), "registry-images").value).toBe("off");
  });

  it("is unknown where pricing answers without extensions, and off where the plan is", () => {
    const plain = (value: Known<Switch>) => estate({}, { plan: { plan: value, extensions: [] } });
    expect(ofRegistry(plain(on), "registry-images")).toMatchObject({
      value: "unknown",
      because: [{ gap: { kind: "extension-unknown", what: "ContainerRegistriesVulnerabilityAssessments" } }],
    });
    expect(ofRegistry(plain(off), "registry-images").value).toBe("off");
  });

  it("in a subscription follows its clusters and registries, and without any its settings", () => {
    const value = estate({ pods: pods() });
    value.clusters.push(clusterOf("aks-2", { sensorProfile: off }));
    expect(ofWhole(value, "workload-detection")).toMatchObject({
      value: "partial",
      members: { on: 1, off: 1, unknown: 0, partial: 0, "not-applicable": 0 },
    });
    const empty = { ...estate(), clusters: [], registries: [] };
    expect(ofWhole(empty, "workload-detection").value).toBe("on");
    const localized = {
      kind: "sensor" as const,
      name: "x",
      displayName: "プロビジョニング",
      englishName: false,
    };
    empty.subscriptions[0]!.provisioning = known([localized]);
    expect(ofWhole(empty, "workload-detection")).toMatchObject({
      value: "off",
      because: [{ gap: { kind: "provisioning-localised", what: "プロビジョニング" } }],
    });
    expect(ofWhole(empty, "dns-detection").value).toBe("unknown");
  });

  it("of a cluster whose subscription could not be read is unknown, never on", () => {
    const values = featureMatrix({ ...estate({ pods: pods() }), subscriptions: [] }, at).clusters[0]!.cells;
    expect(values.filter(({ value }) => value === "on")).toEqual([]);
  });
});

function failing(name: string) {
  const made = plan(on);
  return {
    ...made,
    extensions: made.extensions.map((one) =>
      one.name === name ? { ...one, failure: "no permission" } : one,
    ),
  };
}

describe("what is not known", () => {
  const maybe = (arbitrary: fc.Arbitrary<Switch>) =>
    fc.oneof(
      arbitrary.map((value) => known(value)),
      fc.constant(unknown<Switch>("not read")),
    );
  const state = maybe(fc.constantFrom<Switch>("on", "off"));
  const extensionsOf = fc.record(
    Object.fromEntries(knownExtensions.map(({ name }) => [name, state])) as Record<string, typeof state>,
  );
  const node = fc.record({
    name: fc.constant("n"),
    sensor: fc.constantFrom("ready", "not-ready", "absent", "unknown"),
  }) as fc.Arbitrary<PodEvidence["nodes"][number]>;
  const podsOf = fc.oneof(
    fc.constant(undefined),
    fc.constant(unknown<PodEvidence>("not reached")),
    fc
      .record({
        nodes: fc.array(node, { minLength: 1, maxLength: 3 }),
        installed: fc.subarray(["add-on", "helm"] as const).map((all) => [...all]),
        constraintTemplates: fc.constantFrom(known(3), unknown<number>("403")),
      })
      .map((change) => pods(change)),
  );
  const anyEstate = fc
    .record({
      plan: state,
      extensions: extensionsOf,
      cspm: state,
      cspmExtensions: extensionsOf,
      servers: state,
      foundational: state,
      gating: fc.constantFrom("True", "False", undefined),
      sensorProfile: state,
      policyAddon: state,
      standards: fc.constantFrom(undefined, known(["CIS AKS"]), unknown<string[]>("403")),
      pods: podsOf,
    })
    .map((one) =>
      estate(
        {
          sensorProfile: one.sensorProfile,
          policyAddon: one.policyAddon,
          ...(one.pods && { pods: one.pods }),
        },
        {
          plan: plan(one.plan, one.extensions, one.gating ? { SecurityGatingEnabled: one.gating } : {}),
          overlapping: [
            other("CloudPosture", one.cspm, one.cspmExtensions),
            other("VirtualMachines", one.servers, one.cspmExtensions),
            other("FoundationalCspm", one.foundational),
          ],
          ...(one.standards && { standards: one.standards }),
        },
      ),
    );
  /** Every unknown replaced: a feature that is on must be on whatever it turns out to be. */
  function settled(value: Coverage, to: Switch): Coverage {
    const settle = (one: unknown): unknown => {
      if (Array.isArray(one)) return one.map(settle);
      if (typeof one !== "object" || one === null) return one;
      if ("known" in one && one.known === false) return { ...known(to) };
      return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, settle(inner)]));
    };
    const [subscription] = value.subscriptions;
    const [cluster] = value.clusters;
    const { pods: seen, ...rest } = cluster!;
    return {
      ...value,
      subscriptions: [
        {
          ...subscription!,
          plan: settle(subscription!.plan) as Coverage["subscriptions"][number]["plan"],
          overlapping: settle(subscription!.overlapping) as OtherPlan[],
          standards: subscription!.standards?.known
            ? subscription!.standards
            : known(to === "on" ? ["CIS AKS"] : ["MCSB"]),
        },
      ],
      clusters: [
        {
          ...(settle(rest) as ClusterCoverage),
          pods: seen?.known
            ? pods({
                ...seen.value,
                nodes: seen.value.nodes.map((one) =>
                  one.sensor === "unknown" ? { ...one, sensor: to === "on" ? "ready" : "absent" } : one,
                ),
                constraintTemplates: seen.value.constraintTemplates.known
                  ? seen.value.constraintTemplates
                  : known(to === "on" ? 3 : 0),
              })
            : pods({ nodes: [{ name: "n", sensor: to === "on" ? "ready" : "absent" }] }),
        },
      ],
    };
  }

  it("never makes a feature on: what is on stays on, whatever the unknown turns out to be", () => {
    fc.assert(
      fc.property(anyEstate, (value) => {
        const now = featureMatrix(value, at).clusters[0]!.cells;
        const worst = featureMatrix(settled(value, "off"), at).clusters[0]!.cells;
        for (const [index, { id }] of features.entries())
          if (now[index]!.value === "on") expect([id, worst[index]!.value]).toEqual([id, "on"]);
      }),
      { numRuns: 300 },
    );
  });

  it("is what every feature is where nothing could be read", () => {
    const nothing = estate(
      { sensorProfile: unknown("x"), policyAddon: unknown("x"), power: unknown("x"), kubernetesVersion: "" },
      { plan: plan(unknown("x"), {}), overlapping: undefined, provisioning: unknown("x") },
    );
    nothing.clusters[0]!.nodes = unknown("x");
    const needed = (feature: Feature) => feature.needs.cluster !== undefined;
    const { cells } = featureMatrix(nothing, at).clusters[0]!;
    for (const [index, feature] of features.entries())
      expect([feature.id, cells[index]!.value]).toEqual([
        feature.id,
        needed(feature) ? "unknown" : "not-applicable",
      ]);
  });

  it("is never lost in a whole: all, any and whole agree with each other in every order", () => {
    const outcome = fc.constantFrom(...featureValues).map((value) => ({ value, because: [] }));
    fc.assert(
      fc.property(fc.array(outcome, { minLength: 1, maxLength: 6 }), (all) => {
        const has = (value: FeatureValue) => all.some((one) => one.value === value);
        for (const join of [allOf, anyOf, whole])
          expect(join(all).value).toBe(join([...all].reverse()).value);
        if (whole(all).value === "on") expect(has("unknown") || has("off") || has("partial")).toBe(false);
        if (allOf(all).value === "on") expect(all.every(({ value }) => value === "on")).toBe(true);
        if (anyOf(all).value === "off") expect(has("on") || has("unknown")).toBe(false);
      }),
    );
  });
});

describe("running containers of a cluster that was looked at", () => {
  const ago = (hours: number) => new Date(Date.parse(evidence.at) - hours * 3_600_000).toISOString();
  const old = ago(26);
  const notReady = [
    { name: "n1", sensor: "ready" as const },
    { name: "n2", sensor: "absent" as const },
  ];
  it.each<[string, Known<number> | undefined, Partial<PodEvidence>, FeatureValue]>([
    ["are off where nothing of old workloads arrives", known(0), { workloadsSince: old }, "off"],
    ["are on where something arrives", known(3), { workloadsSince: old }, "on"],
    ["are on where the workloads are new", known(0), { workloadsSince: ago(25.9) }, "on"],
    ["are on where no workload was seen", known(0), {}, "on"],
    ["are on where another cause is named", known(0), { workloadsSince: old, nodes: notReady }, "on"],
    ["are unknown where results can't be read", unknown("403"), { workloadsSince: old }, "unknown"],
    ["are on where Defender knows nothing of the cluster", undefined, { workloadsSince: old }, "on"],
  ])("%s", (_, assessed, seen, value) => {
    const one = estate({ pods: pods(seen), ...(assessed && { assessed }) });
    expect(ofCluster(one, "running-containers").value).toBe(value);
    expect(gapsOf(one, "running-containers").map(({ kind }) => kind)).toEqual(
      value === "off" ? ["no-results"] : [],
    );
  });
});
