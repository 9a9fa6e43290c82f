import { describe, expect, it } from "vitest";
import { vmCores } from "../../src/azure/coverage/vm-cores.ts";
import { knownExtensions } from "../../src/domain/catalogue/extensions.ts";
import { findParameter } from "../../src/domain/catalogue/policy-parameters.ts";
import type {
  ClusterCoverage,
  Coverage,
  PlanState,
  SubscriptionCoverage,
} from "../../src/domain/coverage/coverage.ts";
import type { Gap, GapKind } from "../../src/domain/coverage/gap.ts";
import { billableCores } from "../../src/domain/enablement/billable.ts";
import { closingsOf } from "../../src/domain/enablement/closing.ts";
import {
  compareValues,
  enablementCode,
  type PlannedStep,
  type Step,
  shownAgain,
} from "../../src/domain/enablement/enablement.ts";
import type { PlanInput } from "../../src/domain/enablement/plan-input.ts";
import { mostSteps, planSteps } from "../../src/domain/enablement/plan-steps.ts";
import { enableWords, everything, wantedOf } from "../../src/domain/enablement/wanted.ts";
import { endOf } from "../../src/enablement/prove.ts";
import { commandOf, undoCommandOf } from "../../src/message/enablement/commands.ts";
import { clusterIn, planWith, registryIn, subscriptionOf } from "../coverage-readings.ts";
import { known, unknown } from "../dispatch-estate.ts";
import { enablementOf, planStep } from "../enablements.ts";

const workspace =
  "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law";
const sub: Gap["on"] = { kind: "subscription", id: "s1", name: "Subscription s1" };
const offered = {
  id: "/subscriptions/s1/providers/Microsoft.Security/securityStandards/k1",
  name: "CIS AKS v1.5.0",
};
const deletedWorkspace = workspace.replace(/law$/, "old");
const inProfile = (there: boolean) => ({
  ...{ workspace: known(there ? workspace : deletedWorkspace), workspaceExists: known(there) },
});
const assignedTo = (scope: string) => ({
  ...assignments[0]!,
  id: `${scope}/providers/Microsoft.Authorization/policyAssignments/sensor`,
  ...{ workspace: deletedWorkspace, workspaceExists: known(false) },
});
const assignments = ["sensor", "policy-addon"].map((kind) => ({
  ...{ kind: kind as "sensor", name: kind, displayName: kind, englishName: true, workspace },
}));

/** All five extensions, as reading fills them in. */
const planOf = (plan: "on" | "off"): PlanState => ({
  plan: known(plan),
  extensions: knownExtensions.map(({ name }) => ({ name, state: known(plan), properties: {} })),
});
const whole = (about: Partial<SubscriptionCoverage> = {}): SubscriptionCoverage => ({
  ...subscriptionOf("s1", planOf("on")),
  overlapping: [{ name: "FoundationalCspm", plan: known("on"), extensions: [] }],
  provisioning: known(assignments),
  ...about,
});
const covering = (
  clusters: Partial<ClusterCoverage>[] = [],
  about: Partial<SubscriptionCoverage> = {},
): Coverage => ({
  subscriptions: [whole(about)],
  clusters: clusters.map((one, index) => clusterIn("s1", `aks-${index}`, one)),
  registries: [registryIn("s1", "acr")],
});
const planned = (coverage: Coverage, change: Partial<PlanInput> = {}) =>
  planSteps({ coverage, on: sub, wanted: everything, standard: { assigned: "CIS" }, ...change });
const changes = ({ steps }: { steps: PlannedStep[] }) =>
  steps.map(({ kind, on, before, after }) => [kind, on.name, before, after]);
const reasons = ({ left }: ReturnType<typeof planSteps>) => left.map(({ what, why }) => `${what} ${why}`);

describe("what a word names", () => {
  it.each([
    ["plan", { plan: true, extensions: 5, sensor: false }],
    ["ContainerSensor", { plan: true, extensions: 1, sensor: false }],
    ["k8s api access", { plan: true, extensions: 1, sensor: false }],
    ["センサー", undefined],
    ["Defender センサー", { plan: true, extensions: 1, sensor: false }],
    ["workload-detection", { plan: true, extensions: 1, sensor: true }],
    ["Kubernetes ノード", { plan: true, extensions: 1, sensor: false }],
    ["gated-deployment", { plan: true, extensions: 3, sensor: true, properties: ["SecurityGatingEnabled"] }],
    ["control-plane-hardening", { plan: false, extensions: 0, foundational: true }],
    ["binary-drift", { plan: true, extensions: 1, manual: ["drift-rule"] }],
    ["nothing", undefined],
  ])("%s", (word, expected) => {
    const wanted = wantedOf(word);
    expect(wanted && { ...wanted, extensions: wanted.extensions.length }).toEqual(
      expected && expect.objectContaining(expected),
    );
  });

  it("each word that help names is known, also as it is typed", () => {
    for (const word of enableWords) {
      const typed = word.toUpperCase();
      expect((wantedOf(typed) ?? findParameter(typed))?.word).toBe(word);
    }
  });
});

describe("the changes that are planned", () => {
  it("are none where everything is on", () => {
    expect(planned(covering([{}]))).toEqual({ steps: [], left: [], billable: { cores: 0, unknown: 0 } });
  });

  it.each<[string, Coverage, Partial<PlanInput>, unknown[], string[]]>([
    [
      "the plan is off: its tier and every extension that the documents name",
      covering([], { plan: planOf("off") }),
      { wanted: wantedOf("registry-images")! },
      [
        [
          "plan",
          sub.name,
          { pricingTier: "Free", ContainerRegistriesVulnerabilityAssessments: "off" },
          { pricingTier: "Standard", ContainerRegistriesVulnerabilityAssessments: "on" },
        ],
      ],
      [],
    ],
    [
      "one extension is off: only that one, and what Azure doesn't list is left alone",
      covering([], { plan: planWith("on", ["AgentlessVmScanning"]) }),
      { wanted: wantedOf("plan")! },
      [["plan", sub.name, { AgentlessVmScanning: "off" }, { AgentlessVmScanning: "on" }]],
      ["AgentlessDiscoveryForKubernetes unread", "ContainerIntegrityContribution unread"],
    ],
    [
      "an extension that Azure doesn't list, asked for by name",
      covering([], { plan: planWith("on") }),
      { wanted: wantedOf("agentless-discovery")! },
      [
        [
          "plan",
          sub.name,
          { AgentlessDiscoveryForKubernetes: "unlisted" },
          { AgentlessDiscoveryForKubernetes: "on" },
        ],
      ],
      [],
    ],
    [
      "the plan couldn't be read",
      covering([], { plan: { plan: unknown("403"), extensions: [] } }),
      { wanted: wantedOf("plan")! },
      [],
      ["plan unread"],
    ],
    [
      "Foundational CSPM is off",
      covering([], { overlapping: [{ name: "FoundationalCspm", plan: known("off"), extensions: [] }] }),
      { wanted: wantedOf("foundational-cspm")! },
      [["foundational", sub.name, { pricingTier: "Free" }, { pricingTier: "Standard" }]],
      [],
    ],
    [
      "assignments have localized names: new ones are created, with the workspace that is in use",
      covering([{ workspace: known(workspace) }], {
        provisioning: known([
          { ...assignments[0]!, englishName: false, workspace: undefined },
          assignments[1]!,
        ]),
      }),
      { wanted: wantedOf("provisioning")! },
      [
        [
          "provisioning",
          sub.name,
          { assignment: "none", roles: "none", workspace: "none" },
          {
            assignment: "Defender for Containers provisioning AKS Security Profile",
            roles: "assigned",
            workspace,
          },
        ],
      ],
      [],
    ],
    [
      "assignments couldn't be read",
      covering([], { provisioning: unknown("403") }),
      { wanted: wantedOf("provisioning")! },
      [],
      ["provisioning-sensor unread", "provisioning-policy-addon unread"],
    ],
    [
      "the standard isn't assigned",
      covering(),
      { wanted: wantedOf("cis-standard")!, standard: { offered } },
      [["standard", sub.name, { "CIS AKS v1.5.0": "none" }, { "CIS AKS v1.5.0": "assigned" }]],
      [],
    ],
    [
      "the standard isn't offered",
      covering(),
      { wanted: wantedOf("cis-standard")!, standard: {} },
      [],
      ["cis-standard no-standard"],
    ],
    [
      "standards couldn't be read",
      covering(),
      { wanted: wantedOf("cis-standard")!, standard: undefined, standardUnread: "403" },
      [],
      ["cis-standard unread"],
    ],
    [
      "sensor and add-on of a cluster are one change, in the workspace of the others",
      covering([{ sensorProfile: known("off"), policyAddon: known("off") }]),
      {},
      [
        [
          "cluster",
          "aks-0",
          { sensor: "off", workspace: "none", "policy-addon": "off" },
          { sensor: "on", workspace, "policy-addon": "on" },
        ],
      ],
      [],
    ],
    [
      "no workspace is known",
      covering([{ sensorProfile: known("off") }], { provisioning: known([]) }),
      { wanted: { ...wantedOf("sensor")!, provisioning: [] } },
      [],
      ["sensor no-workspace"],
    ],
    [
      "the workspace that the assignment names was deleted",
      covering([{ sensorProfile: known("off") }], {
        provisioning: known(assignments.map((one) => ({ ...one, workspaceExists: known(false) }))),
      }),
      { wanted: { ...wantedOf("sensor")!, provisioning: [] } },
      [],
      ["sensor no-workspace"],
    ],
    [
      "a deleted workspace is replaced in the assignment, and in the cluster that names it",
      covering([inProfile(false), inProfile(true), { ...inProfile(false), sensorProfile: known("off") }], {
        provisioning: known([assignedTo("/subscriptions/s1"), assignments[1]!]),
      }),
      { wanted: { ...wantedOf("sensor")!, plan: false, extensions: [], provisioning: ["sensor"] } },
      [
        ["parameter", sub.name, { workspace: deletedWorkspace }, { workspace }],
        ["cluster", "aks-0", { workspace: deletedWorkspace }, { workspace }],
        ["cluster", "aks-2", { sensor: "off", workspace: deletedWorkspace }, { sensor: "on", workspace }],
      ],
      [],
    ],
    [
      "a deleted workspace has no successor, or is assigned above the subscription",
      covering([inProfile(false)], {
        provisioning: known([
          assignedTo("/subscriptions/s1"),
          assignedTo("/providers/Microsoft.Management/managementGroups/mg"),
          assignments[1]!,
        ]),
      }),
      { wanted: { ...wantedOf("sensor")!, plan: false, extensions: [], provisioning: ["sensor"] } },
      [],
      ["workspace no-workspace", "workspace above", "sensor no-workspace"],
    ],
    [
      "clusters that can't be changed, or whose sensor comes otherwise",
      covering([
        { policyAddon: known("off"), power: known("stopped") },
        { policyAddon: known("off"), passing: { value: "creating", evidence: known(1).evidence } },
        { sensorProfile: known("off"), excluded: known(true) },
        { sensorProfile: unknown("helm"), automatic: true },
        { sensorProfile: unknown("403"), policyAddon: unknown("403") },
      ]),
      {},
      [],
      [
        "policy-addon stopped",
        "policy-addon passing",
        "sensor excluded",
        "sensor helm",
        "sensor unread",
        "policy-addon unread",
      ],
    ],
    [
      "a cluster with a plan of its own isn't reached by the subscription's",
      covering([{ plan: planOf("off") }], { plan: planOf("off") }),
      { wanted: wantedOf("control-plane-detection")! },
      [["plan", sub.name, { pricingTier: "Free" }, { pricingTier: "Standard" }]],
      ["plan own-plan"],
    ],
    [
      "what no API turns on is said",
      covering(),
      { wanted: wantedOf("dns-detection")! },
      [],
      ["helm-sensor manual"],
    ],
  ])("%s", (_name, coverage, change, expected, left) => {
    const plan = planned(coverage, change);
    expect(changes(plan)).toEqual(expected);
    expect(reasons(plan)).toEqual(left);
  });

  it("at one cluster its own plan is meant; what the subscription has is named and not touched", () => {
    const coverage = covering([{}], {
      plan: planOf("off"),
      overlapping: [{ name: "FoundationalCspm", plan: known("off"), extensions: [] }],
    });
    const { id, name } = coverage.clusters[0]!;
    const plan = planned(coverage, { on: { kind: "cluster", id, name }, standard: { offered } });
    expect(changes(plan)).toMatchObject([
      ["plan", "aks-0", { pricingTier: "Free" }, { pricingTier: "Standard" }],
    ]);
    expect(plan.left.filter(({ why }) => why === "whole-subscription").map(({ what }) => what)).toEqual([
      "foundational-cspm",
      "cis-standard",
    ]);
  });

  it("at one registry only what exists there is turned on", () => {
    const coverage = covering([], { plan: planOf("off") });
    const { id, name } = coverage.registries[0]!;
    const [step] = planned(coverage, { on: { kind: "registry", id, name }, wanted: wantedOf("plan")! }).steps;
    expect(Object.keys(step!.after)).toEqual([
      "pricingTier",
      "ContainerRegistriesVulnerabilityAssessments",
      "ContainerIntegrityContribution",
    ]);
  });

  it.each([
    ["sensor", "registry", ["sensor not-there"]],
    ["policy-addon", "registry", ["policy-addon not-there"]],
    ["agentless-discovery", "registry", ["agentless-discovery not-there"]],
    ["cis-standard", "registry", ["cis-standard not-there"]],
    ["inventory", "registry", []],
    ["provisioning", "cluster", ["provisioning whole-subscription"]],
    ["sensor", "cluster", []],
  ] as const)("never says that %s is on at one %s where it doesn't exist", (word, kind, left) => {
    const coverage = covering([{}]);
    const { id, name } = (kind === "cluster" ? coverage.clusters : coverage.registries)[0]!;
    const plan = planned(coverage, { on: { kind, id, name }, wanted: wantedOf(word)! });
    expect(plan.steps).toEqual([]);
    expect(reasons(plan)).toEqual(left);
  });

  it("names who owns the plan, and cuts what no one could look through", () => {
    const many = Array.from({ length: mostSteps + 3 }, () => ({ policyAddon: known<"off">("off") }));
    const plan = planned(covering(many, { plan: { ...planWith("on"), managedBy: "Microsoft 365" } }), {
      wanted: wantedOf("policy-addon")!,
    });
    expect(plan.managedBy).toBe("Microsoft 365");
    expect(plan.steps).toHaveLength(mostSteps);
    expect(reasons(plan)).toEqual(Array(3).fill("cluster too-many"));
  });
});

describe("vCores that become billable", () => {
  it("are those of running clusters, and say how many aren't known", () => {
    const clusters = covering([
      { cores: known(12) },
      { cores: known(8), power: known("stopped") },
      { cores: unknown("size") },
      {},
    ]).clusters;
    expect(billableCores(clusters)).toEqual({ cores: 12, unknown: 2 });
    const plan = planned(
      covering([{ cores: known(28) }, { cores: known(4), plan: planWith("on") }], { plan: planOf("off") }),
    );
    expect(plan.billable).toEqual({ cores: 28, unknown: 0 });
    expect(
      planned(covering([{ cores: known(28) }], { plan: planWith("on", ["ContainerSensor"]) })).billable.cores,
    ).toBe(0);
  });

  it.each([
    ["Standard_D4s_v5", 4],
    ["Standard_DS2_v2", 2],
    ["Standard_D3_v2", 4],
    ["Standard_D14_v2", 16],
    ["Standard_DS13-4_v2", 4],
    ["Standard_E32-8s_v3", 8],
    ["Standard_B2ms", 2],
    ["Standard_NC24ads_A100_v4", 24],
    ["Standard_D4ps_v5", 4],
    ["Standard_A2_v2", 2],
    ["Standard_A4", undefined],
    ["Basic_A1", undefined],
    ["", undefined],
  ])("%s has %s", (size, cores) => expect(vmCores(size)).toBe(cores));
});

describe("what was shown, compared with what is there", () => {
  it.each([
    [{ pricingTier: "Free", ContainerSensor: "off" }, "same"],
    [{ pricingTier: "standard", ContainerSensor: "on" }, "on"],
    [{ pricingTier: "Standard", ContainerSensor: "off" }, "moved"],
    [{}, "moved"],
  ])("%j: %s", (now, expected) => expect(compareValues(planStep, now)).toBe(expected));

  it("is shown again without what is on by now, and another code", () => {
    const step: Step = { ...planStep, state: "waiting" };
    const again = shownAgain(step, { pricingTier: "Standard", ContainerSensor: "off" });
    expect(again).toMatchObject({ before: { ContainerSensor: "off" }, after: { ContainerSensor: "on" } });
    const one = enablementOf();
    expect(enablementCode({ ...one, steps: [again] })).not.toBe(one.code);
    expect(shownAgain(step, { pricingTier: "Standard", ContainerSensor: "on" }).state).toBe("already");
  });

  it.each<[keyof typeof variants, boolean]>([
    ["same", true],
    ["reason", false],
    ["place", false],
    ["value", false],
    ["requester", false],
  ])("an approval is bound to the %s", (name, same) => {
    const one = enablementOf();
    expect(enablementCode({ ...one, ...variants[name] }) === one.code).toBe(same);
  });
  const variants = {
    same: { left: [] },
    reason: { reason: "other" },
    place: { on: { ...sub, id: "s2" } },
    value: { steps: [{ ...planStep, after: { pricingTier: "Standard" } }] },
    requester: { requester: "U0OTHER" },
  };
});

describe("when it is over", () => {
  const step = (proof: "waiting" | "proven" | "unknown" | undefined, more: Partial<Step> = {}): Step => ({
    ...planStep,
    state: "changed",
    ...(proof && { proof: { state: proof, said: "" } }),
    ...more,
  });
  it.each<[string, Step[], number, string | undefined]>([
    ["all proven", [step("proven")], 0, "proven"],
    ["one waits", [step("proven"), step("waiting")], 59, undefined],
    ["one still waits after an hour", [step("proven"), step("waiting")], 60, "stuck"],
    ["one is unknown: perhaps it can be looked at soon", [step("proven"), step("unknown")], 9, undefined],
    ["one stays unknown", [step("proven"), step("unknown")], 10, "unproven"],
    ["one failed", [step("proven"), step(undefined, { state: "failed" })], 0, "stuck"],
    ["one failed in part", [step("proven", { failed: { ContainerSensor: "x" } })], 0, "stuck"],
    ["not looked at yet", [step(undefined)], 0, undefined],
  ])("%s", (_name, steps, minutes, expected) => expect(endOf(steps, minutes)).toBe(expected));
});

describe("what closes a gap", () => {
  const { id, name, subscription } = clusterIn("s1", "aks-1");
  const gap = (kind: GapKind, what?: string, on: Gap["on"] = { kind: "cluster", id, name }): Gap => ({
    ...{ kind, on, subscription },
    ...(what && { what }),
  });
  it.each<[GapKind, string | undefined, string | undefined]>([
    ["plan-off", undefined, "plan"],
    ["extension-off", "ContainerSensor", "ContainerSensor"],
    ["extension-off", "SomethingNew", undefined],
    ["policy-off", undefined, "policy-addon"],
    ["workspace-missing", undefined, "sensor"],
    ["standard-off", undefined, "cis-standard"],
    ["stopped", undefined, undefined],
    ["sensor-not-ready", undefined, undefined],
  ])("%s %s: %s", (kind, what, feature) => {
    const expected = feature ? [{ scope: `cluster:${id}`, feature, name }] : [];
    expect(closingsOf([gap(kind, what)], 3)).toEqual(expected);
    if (feature) expect(wantedOf(feature)).toBeDefined();
  });

  it("of many places, is asked for by their subscriptions, unless these don't reach them", () => {
    const many = (kind: GapKind) =>
      Array.from({ length: 5 }, (_, index) =>
        gap(kind, undefined, { kind: "cluster", id: `${id}${index}`, name: `aks-${index}` }),
      );
    const whole = (feature: string) => [{ scope: "sub:s1", feature, name: "Subscription s1" }];
    expect(closingsOf(many("policy-off"), 3)).toEqual(whole("policy-addon"));
    // The clusters name the workspace: changing the assignment alone wouldn't reach them.
    expect(closingsOf(many("workspace-missing"), 3)).toEqual(whole("sensor"));
    expect(closingsOf(many("plan-off"), 3)).toEqual(
      [0, 1, 2].map((index) => ({ scope: `cluster:${id}${index}`, feature: "plan", name: `aks-${index}` })),
    );
  });
});

it("a change of a cluster says which workspace stays", () => {
  const steps = (about: Partial<ClusterCoverage>) =>
    planned(covering([{ policyAddon: known("off"), ...about }])).steps;
  expect(steps(inProfile(true))).toMatchObject([{ after: { "policy-addon": "on" }, workspace }]);
  expect(steps({ sensorProfile: known("off") })[0]).not.toHaveProperty("workspace");
});

describe("the commands for someone who has the permission", () => {
  const cluster = clusterIn("s1", "aks-1");
  const on = { kind: "cluster" as const, id: cluster.id, name: "aks-1" };
  const base = { on, subscription: cluster.subscription, before: {}, after: {} };
  it.each<[string, PlannedStep, string, string]>([
    [
      "a plan",
      planStep,
      "az security pricing create --subscription s1 --name Containers --tier standard --extensions name=ContainerSensor isEnabled=True --extensions name=AgentlessDiscoveryForKubernetes isEnabled=False --extensions name=ContainerRegistriesVulnerabilityAssessments isEnabled=False --extensions name=AgentlessVmScanning isEnabled=False --extensions name=ContainerIntegrityContribution isEnabled=False",
      "az security pricing create --subscription s1 --name Containers --tier free",
    ],
    [
      "an extension",
      { ...planStep, before: { ContainerSensor: "off" }, after: { ContainerSensor: "on" } },
      "az security pricing create --subscription s1 --name Containers --tier standard --extensions name=ContainerSensor isEnabled=True",
      "az security pricing create --subscription s1 --name Containers --tier standard --extensions name=ContainerSensor isEnabled=False",
    ],
    [
      "a property of an extension, which az security pricing has no option for",
      {
        ...planStep,
        before: { SecurityGatingEnabled: "unlisted" },
        after: { SecurityGatingEnabled: "True" },
      },
      `az rest --method put --url '/subscriptions/s1/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01' --body '{"properties":{"pricingTier":"Standard","extensions":[{"name":"ContainerSensor","isEnabled":"True","additionalExtensionProperties":{"SecurityGatingEnabled":"True"}}]}}'`,
      `az rest --method put --url '/subscriptions/s1/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01' --body '{"properties":{"pricingTier":"Standard","extensions":[{"name":"ContainerSensor","isEnabled":"True","additionalExtensionProperties":{"SecurityGatingEnabled":"False"}}]}}'`,
    ],
    [
      "a plan at one cluster",
      { ...base, kind: "plan", after: { ContainerSensor: "on" } },
      `az rest --method put --url '${cluster.id}/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01' --body '{"properties":{"pricingTier":"Standard","extensions":[{"name":"ContainerSensor","isEnabled":"True"}]}}'`,
      `az rest --method delete --url '${cluster.id}/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01'`,
    ],
    [
      "a cluster",
      { ...base, kind: "cluster", after: { sensor: "on", workspace, "policy-addon": "on" } },
      `echo '{"logAnalyticsWorkspaceResourceId":"${workspace}"}' > defender.json\naz aks update --subscription s1 -g rg -n aks-1 --enable-defender --defender-config defender.json\naz aks enable-addons --subscription s1 -g rg -n aks-1 --addons azure-policy`,
      "az aks update --subscription s1 -g rg -n aks-1 --disable-defender\naz aks disable-addons --subscription s1 -g rg -n aks-1 --addons azure-policy",
    ],
    [
      "the sensor of a cluster that keeps its workspace",
      { ...base, kind: "cluster", after: { sensor: "on" }, workspace },
      `echo '{"logAnalyticsWorkspaceResourceId":"${workspace}"}' > defender.json\naz aks update --subscription s1 -g rg -n aks-1 --enable-defender --defender-config defender.json`,
      "az aks update --subscription s1 -g rg -n aks-1 --disable-defender",
    ],
    [
      "another workspace of a cluster",
      { ...base, kind: "cluster", before: { workspace: deletedWorkspace }, after: { workspace } },
      `echo '{"logAnalyticsWorkspaceResourceId":"${workspace}"}' > defender.json\naz aks update --subscription s1 -g rg -n aks-1 --enable-defender --defender-config defender.json`,
      `echo '{"logAnalyticsWorkspaceResourceId":"${deletedWorkspace}"}' > defender.json\naz aks update --subscription s1 -g rg -n aks-1 --enable-defender --defender-config defender.json`,
    ],
    [
      "Foundational CSPM",
      {
        ...planStep,
        kind: "foundational",
        before: { pricingTier: "Free" },
        after: { pricingTier: "Standard" },
      },
      "az security pricing create --subscription s1 --name FoundationalCspm --tier standard",
      "az security pricing create --subscription s1 --name FoundationalCspm --tier free",
    ],
  ])("%s", (_name, step, command, undo) => {
    expect(commandOf(step)).toBe(command);
    expect(undoCommandOf(step)).toBe(undo);
  });

  it("an assignment gets its English name, its workspace and the roles of its policy", () => {
    const step: PlannedStep = {
      ...{ ...base, kind: "provisioning", on: sub, installs: "sensor", location: "japaneast" },
      after: {
        assignment: "Defender for Containers provisioning AKS Security Profile",
        roles: "assigned",
        workspace,
      },
    };
    const lines = commandOf(step).split("\n");
    expect(lines[0]).toMatch(
      /^az policy assignment create --name 'Defender for Containers provisioning AKS Security Profile' .*--policy 64def556-\S+ --scope \/subscriptions\/s1 --location japaneast --mi-system-assigned --params '\{.*law.*\}'$/,
    );
    expect(lines).toHaveLength(3);
    expect(undoCommandOf(step)).toMatch(
      /^az policy assignment delete --name '.*' --scope \/subscriptions\/s1$/,
    );
  });
});
