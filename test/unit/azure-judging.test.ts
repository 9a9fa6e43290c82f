import { describe, expect, it } from "vitest";
import { readAlert } from "../../src/azure/alerts/read-alert.ts";
import { abacRegistries } from "../../src/azure/checks/registry-checks.ts";
import { readTags } from "../../src/azure/checks/repository-permissions.ts";
import { principalOf } from "../../src/azure/checks/role-commands.ts";
import { callName } from "../../src/azure/client/policies.ts";
import { duration } from "../../src/azure/client/transient.ts";
import { readProvisioning } from "../../src/azure/coverage/read-coverage.ts";
import { isoTime } from "../../src/azure/fields.ts";
import {
  allows,
  allowsData,
  isOurRole,
  missingActions,
  requiredActions,
} from "../../src/azure/permissions/required-actions.ts";
import { placeOf } from "../../src/azure/place.ts";
import { simulationAzure } from "../../src/azure/simulations/simulation.ts";
import { concernsContainers } from "../../src/domain/alerts/concerns-containers.ts";
import { findRecommendation, recommendationType } from "../../src/domain/catalogue/find-recommendation.ts";
import { knownRecommendations } from "../../src/domain/catalogue/recommendations.ts";
import { chooserOf } from "../../src/text/language.ts";

const group = "/subscriptions/s/resourceGroups";

describe("which alerts concern containers", () => {
  const about = (type: string, resources: string[] = [], component = "") =>
    concernsContainers({ type, component, resources });
  it.each([
    ["its type", about("K8S.NODE_ImdsCall", [`${group}/g/providers/Microsoft.Compute/virtualMachines/v`])],
    [
      "a cluster among its resources",
      about("X_New", [`${group}/g/providers/Microsoft.ContainerService/managedClusters/c`]),
    ],
    ["a registry", about("X", [`${group}/g/providers/Microsoft.ContainerRegistry/registries/r`])],
    ["an Arc-enabled cluster", about("X", [`${group}/g/providers/Microsoft.Kubernetes/connectedClusters/r`])],
    [
      "a node in the group of a cluster",
      about("VM_X", [`${group}/MC_g_c_eu/providers/Microsoft.Compute/virtualMachineScaleSets/n`]),
    ],
    [
      "a node pool's scale set",
      about("VM_X", [`${group}/own/providers/Microsoft.Compute/virtualMachineScaleSets/aks-pool-1-vmss`]),
    ],
    ["its component", about("X", [`${group}/g/providers/Microsoft.Storage/storageAccounts/a`], "Containers")],
    ["nothing that says otherwise", about("SomethingNew", [])],
    ["a subscription alone", about("SomethingNew", ["/subscriptions/s"])],
  ])("shows one for %s", (_, concerned) => expect(concerned).toBe(true));
  it.each([
    ["a virtual machine", about("VM_EICAR", [`${group}/g/providers/Microsoft.Compute/virtualMachines/v`])],
    [
      "a storage account",
      about("Storage.Blob_X", [`${group}/g/providers/Microsoft.Storage/storageAccounts/a`]),
    ],
    ["another plan's subscription", about("ARM_AnomalousOperation", ["/subscriptions/s"])],
  ])("leaves out what is positively %s", (_, concerned) => expect(concerned).toBe(false));
});

describe("what is read from names and ids", () => {
  it("knows a cluster by the group of its nodes, unless it is unclear where a name ends", () => {
    const id = (name: string) => `${group}/${name}/providers/Microsoft.Compute/virtualMachineScaleSets/n`;
    expect(placeOf([id("MC_rg-one_aks-one_japaneast")], new Map())).toMatchObject({
      cluster: "aks-one",
      resourceGroup: "rg-one",
    });
    expect(placeOf([id("MC_rg_one_aks_one_japaneast")], new Map()).cluster).toBeUndefined();
  });
  it("takes namespace, workload and cluster from entities that refer to each other", () => {
    const entities = [
      {
        $id: "1",
        type: "azure-resource",
        resourceId: `${group}/g/providers/Microsoft.ContainerService/managedClusters/aks`,
      },
      { $id: "2", type: "K8s-cluster", cloudResource: { $ref: "1" } },
      { $id: "3", type: "K8s-namespace", name: "shop", cluster: { $ref: "2" } },
      { $id: "4", type: "K8s-pod", name: "web-1", namespace: { $ref: "3" }, controller: { $ref: "5" } },
      { $id: "5", type: "K8s-deployment", name: "web", pods: [{ $ref: "4" }] },
    ];
    const alert = readAlert({ id: "/x", properties: { alertDisplayName: "t", entities } }, new Map());
    expect(alert).toMatchObject({ namespace: "shop", workload: "web", place: { cluster: "aks" } });
    expect(alert?.entities.map(({ name }) => name)).toEqual(["aks", "aks", "shop", "web-1", "web"]);
  });
  it("resolves ids and references at any depth, and shows no entity that is only a reference", () => {
    // Shape of an alert for containers, as the alerts API and Sentinel give it.
    const entities = [
      {
        $id: "4",
        Name: "aks-demo",
        CloudResource: {
          $id: "5",
          ResourceId: `${group}/g/providers/Microsoft.ContainerService/managedClusters/aks-demo`,
          Type: "azure-resource",
        },
        Asset: true,
        Type: "K8s-cluster",
      },
      { $ref: "5" },
      { $id: "6", Name: "shop", Cluster: { $ref: "4" }, Asset: false, Type: "K8s-namespace" },
      {
        $id: "7",
        Pod: { $id: "8", Name: "web-1", Namespace: { $ref: "6" }, Type: "K8s-pod" },
        Type: "container",
      },
      { $ref: "8" },
    ];
    const alert = readAlert({ id: "/x", properties: { alertDisplayName: "t", entities } }, new Map());
    expect(alert).toMatchObject({ namespace: "shop", workload: "web-1", place: { cluster: "aks-demo" } });
    expect(alert?.entities.map(({ kind, name }) => [kind, name])).toEqual([
      ["K8s-cluster", "aks-demo"],
      ["K8s-namespace", "shop"],
      ["container", "container"],
    ]);
    expect(alert?.entities.flatMap(({ facts }) => facts)).toContainEqual(["Pod", "web-1"]);
    expect(JSON.stringify(alert?.entities)).not.toMatch(/Asset","false|\$ref/);
  });
  it("ends at entities that refer to themselves", () => {
    const entities = [{ $id: "1", type: "K8s-pod", image: { $ref: "1" } }];
    expect(readAlert({ id: "/x", properties: { entities } }, new Map())?.entities).toHaveLength(1);
  });
  it.each([
    "[SAMPLE ALERT] Exposed",
    "[Sample alert] x",
    "[サンプル アラート] 公開",
    "［サンプルアラート］公開",
  ])("takes %s for a sample", (alertDisplayName) => {
    expect(readAlert({ id: "/x", properties: { alertDisplayName } }, new Map())?.sample).toBe(true);
  });
  it("reads Azure's times, with seven decimals, an offset or no zone", () => {
    expect(isoTime("2020-02-22T01:02:03.1234567Z")).toBe("2020-02-22T01:02:03.123Z");
    expect(isoTime("2020-02-22T01:02:03")).toBe("2020-02-22T01:02:03.000Z");
    expect(isoTime("2020-02-22T01:02:03+09:00")).toBe("2020-02-21T16:02:03.000Z");
    expect([isoTime("0001-01-01T00:00:00Z"), isoTime("soon"), isoTime(5)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
  it("knows the portal's English names of assignments from localised ones", () => {
    const row = (name: string) => ({
      id: "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/x",
      definition: "/providers/microsoft.authorization/policydefinitions/64def556-fbad-4622-930e-72d1d5589bf5",
      name,
    });
    expect(readProvisioning(row("Defender for Containers provisioning AKS Security Profile"))).toMatchObject({
      kind: "sensor",
      englishName: true,
    });
    expect(
      readProvisioning(row("Defender for Containers による AKS セキュリティ プロファイル"))?.englishName,
    ).toBe(false);
    expect(readProvisioning(row("Defender for Containers stellt das AKS-Profil bereit"))?.englishName).toBe(
      false,
    );
    // As in public templates: no one's portal made them, in whatever language.
    const documented = "Defender for Containers provisioning Azure Policy for Kubernetes";
    for (const own of ["mdc-containers-AKS-autoprovisioning", "config-arc-extension2", documented])
      expect(readProvisioning(row(own))?.englishName).toBe(true);
  });
  it.each([
    [{ enforcementMode: "Default" }, "sensor"],
    [{ parameters: { effect: { value: "DeployIfNotExists" } } }, "sensor"],
    [{ enforcementMode: "DoNotEnforce" }, undefined],
    [{ enforcementMode: "Default", parameters: { effect: { value: "Disabled" } } }, undefined],
  ])("counts an assignment only where its effect takes place: %j", (about, kind) => {
    const row = {
      id: "/subscriptions/s/providers/Microsoft.Authorization/policyAssignments/x",
      definition: "/providers/microsoft.authorization/policydefinitions/64def556-fbad-4622-930e-72d1d5589bf5",
      name: "x",
    };
    expect(readProvisioning({ ...row, ...about })?.kind).toBe(kind);
  });
  it("counts calls by kind, without names", () => {
    expect(callName("https://x/subscriptions/a/providers/Microsoft.Security/pricings/Containers?a=b")).toBe(
      "Microsoft.Security/pricings",
    );
    expect(callName("https://x/subscriptions")).toBe("subscriptions");
  });
  it("reads how long the quota of Resource Graph is used up", () => {
    expect([duration("00:00:05"), duration("01:00:00"), duration("soon"), duration(undefined)]).toEqual([
      5000, 3_600_000, 1000, 1000,
    ]);
  });
});

describe("recommendations", () => {
  const about = (more: object) => ({ key: "", policy: "", title: "", category: "", ...more });
  it("finds each entry of the catalogue by key, policy and either name", () => {
    for (const known of knownRecommendations) {
      if (known.key) expect(findRecommendation(about({ key: known.key.toUpperCase() }))?.key).toBe(known.key);
      if (known.policy)
        expect(
          findRecommendation(about({ policy: `/providers/x/policyDefinitions/${known.policy}` }))?.policy,
        ).toBe(known.policy);
      for (const title of [known.name, known.nameJa ?? known.name])
        expect(findRecommendation(about({ title }))?.type).toBe(known.type);
    }
  });
  it("judges what the catalogue does not have", () => {
    expect(recommendationType(about({ title: "Update openssl", category: "SoftwareUpdate" }), "")).toBe(
      "vulnerability",
    );
    expect(recommendationType(about({ title: "Pods should be quiet" }), "")).toBe("data-plane");
    expect(recommendationType(about({ title: "Clusters should be quiet" }), "")).toBe("control-plane");
  });
});

describe("the role of simulations", () => {
  it("is assigned to the identity that the token is of", async () => {
    const oid = "7f3c2f9e-3c1a-4d35-9f53-6d1a5d0f7a10";
    const claims = Buffer.from(JSON.stringify({ oid })).toString("base64url");
    const client = { token: async () => `e30.${claims}.` };
    const { azure } = await simulationAzure(client as never, {} as never, {} as never).simulationGrants(
      "/a (b)",
    );
    expect(azure).toContain(`--role "Breakwater Simulations" --assignee-object-id ${oid} `);
    expect(azure).toMatch(/--scope '\/a \(b\)'$/);
  });
});

describe("the custom role", () => {
  const role = (actions: string[], notActions: string[] = []) => [{ actions, notActions }];
  it("lacks nothing under itself, and everything under nothing", () => {
    expect(missingActions(role(requiredActions.map(({ action }) => action)))).toEqual([]);
    expect(missingActions([])).toHaveLength(
      requiredActions.filter(({ groups, optional }) => !groups && !optional).length,
    );
  });
  it("is assigned to who Entra's token says the bot is; an opaque token leaves the place open", async () => {
    const oid = "11111111-2222-3333-4444-555555555555";
    const claims = Buffer.from(JSON.stringify({ oid, tid: "t" })).toString("base64url");
    expect(await principalOf({ token: async () => `e30.${claims}.sig` })).toBe(oid);
    expect(await principalOf({ token: async () => "opaque" })).toBe("PRINCIPAL_ID");
  });
  // As Azure's list of built-in roles has them.
  it.each([
    [
      "Security Reader",
      [
        "Microsoft.Authorization/*/read",
        "Microsoft.Insights/alertRules/read",
        "Microsoft.operationalInsights/workspaces/*/read",
        "Microsoft.Resources/deployments/*/read",
        "Microsoft.Resources/subscriptions/resourceGroups/read",
        "Microsoft.Security/*/read",
        "Microsoft.Support/*/read",
        "Microsoft.Management/managementGroups/read",
      ],
    ],
    ["Reader", ["*/read"]],
    ["AcrPull", ["Microsoft.ContainerRegistry/registries/pull/read"]],
  ])("is not taken for assigned where %s is", (_name, actions) => {
    expect(role(actions).some(isOurRole)).toBe(false);
    const older = requiredActions.slice(0, 12).map(({ action }) => action.toUpperCase());
    expect([...role(actions), ...role(older)].some(isOurRole)).toBe(true);
  });
  it("follows wildcards and notActions as Azure does, each permission for itself", () => {
    expect(allows(role(["*/read"]), "Microsoft.Security/alerts/read")).toBe(true);
    expect(allows(role(["Microsoft.Security/*"]), "microsoft.security/alerts/read")).toBe(true);
    expect(allows(role(["Microsoft.Security/*/read"]), "Microsoft.Security/alerts/write")).toBe(false);
    expect(allows(role(["*"], ["Microsoft.Security/*"]), "Microsoft.Security/alerts/read")).toBe(false);
    expect(allows([...role(["*"], ["*/read"]), ...role(["*/read"])], "Microsoft.Security/alerts/read")).toBe(
      true,
    );
    expect(allows(role(["Microsoft.Security/alerts/read"]), "Microsoft.Security/alerts/readX")).toBe(false);
  });
  it("is not asked about for ever: of many registries in ABAC mode the rest is said to be unchecked", async () => {
    const rows = Array.from({ length: 23 }, (_, index) => ({
      ...{ id: `${group}/g/providers/Microsoft.ContainerRegistry/registries/r${index}`, name: `r${index}` },
      roleAssignmentMode: "AbacRepositoryPermissions",
    }));
    const allowed = [{ actions: [], notActions: [], dataActions: [readTags], notDataActions: [] }];
    const checks = await abacRegistries(
      [],
      "p",
      { list: async () => allowed } as never,
      { graph: async () => ({ rows }) } as never,
      chooserOf("en"),
    );
    expect(checks.filter(({ state }) => state === "ok")).toHaveLength(20);
    expect(checks.at(-1)).toMatchObject({ state: "unknown", said: "3 more not checked" });
  });
  it("never takes an action for a data action, nor the other way round", () => {
    const one = { actions: ["*"], notActions: [], dataActions: ["A/*/read"], notDataActions: ["A/secret/*"] };
    expect(allowsData([one], "A/b/read")).toBe(true);
    expect(allowsData([one], "a/SECRET/read")).toBe(false);
    expect(allowsData(role(["*"]), "A/b/read")).toBe(false);
    expect(allows([{ ...one, actions: [] }], "A/b/read")).toBe(false);
  });
  it("names each action once, each with what it is for", () => {
    expect(new Set(requiredActions.map(({ action }) => action)).size).toBe(requiredActions.length);
    expect(requiredActions.every(({ purpose }) => purpose.length > 5)).toBe(true);
  });
});
