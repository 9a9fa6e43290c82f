import { describe, expect, it } from "vitest";
import { withHelmSensor } from "../../src/azure/coverage/helm-sensor.ts";
import { readCluster } from "../../src/azure/coverage/read-coverage.ts";
import type { PlanState } from "../../src/domain/coverage/coverage.ts";
import { summariseCoverage } from "../../src/domain/coverage/coverage-summary.ts";
import { expectedOf } from "../../src/domain/simulations/attack-tool.ts";
import { judgeNodes, notExpected } from "../../src/domain/simulations/preflight.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Ask, Transport } from "../../src/kubernetes/connection/transport.ts";
import { readNodes } from "../../src/kubernetes/pods/nodes.ts";
import { fixLine } from "../../src/message/coverage/fixes.ts";
import { gapSentence } from "../../src/message/coverage/gap-texts.ts";
import { checkWhy } from "../../src/message/simulations/words.ts";
import type { NodeInfo } from "../../src/ports/clusters.ts";

type Pod = { name: string; namespace: string; labels: Record<string, string> };
const ready = { conditions: [{ type: "Ready", status: "True" }] };
const node = { metadata: { name: "n1", labels: { "kubernetes.io/os": "linux" } }, status: ready };

/** A cluster with one node and these pods; `hidden`: namespaces ("" is all of them) whose pods may not be listed. */
function clusterWith(pods: readonly Pod[], hidden: readonly string[] = [], about: object = node): Transport {
  const answer = (ask: Ask) => {
    if (ask.path.startsWith("/api/v1/nodes")) return { body: { items: [about] } };
    const url = new URL(ask.path, "https://cluster");
    const namespace = /namespaces\/([^/]+)/.exec(url.pathname)?.[1] ?? "";
    const selected = /^app in \((.*)\)$/.exec(url.searchParams.get("labelSelector") ?? "")?.[1]?.split(",");
    if (hidden.includes(namespace))
      return { error: new UpstreamError("no", { system: "kubernetes", status: 403, retryable: false }) };
    const items = pods
      .filter((pod) => namespace === "" || pod.namespace === namespace)
      .filter((pod) => selected?.includes(pod.labels.app ?? ""))
      .map((metadata) => ({ metadata, spec: { nodeName: "n1" }, status: ready }));
    return { body: { items } };
  };
  return { how: "direct", ask: async (asks: readonly Ask[]) => asks.map(answer) } as unknown as Transport;
}

const addOn = (namespace = "kube-system"): Pod => ({
  name: "microsoft-defender-collector-ds-x1",
  namespace,
  labels: { app: "defender" },
});
const chart = (namespace: string, more: Record<string, string> = {}): Pod => ({
  name: "microsoft-defender-collectors-ds-x1",
  namespace,
  labels: { app: "defender-k8s-sensor", ...more },
});

describe("where the sensor is, and how it was installed", () => {
  it.each([
    ["the add-on", addOn(), "add-on"],
    ["the chart in its own namespace", chart("mdc"), "helm"],
    ["the chart of AKS Automatic", chart("kube-system"), "helm"],
    ["the chart in a namespace of somebody's choice", chart("security"), "helm"],
    [
      "the chart under the add-on's label, by Helm's own mark",
      { ...addOn(), labels: { app: "defender", "app.kubernetes.io/managed-by": "Helm" } },
      "helm",
    ],
  ] as const)("%s", async (_, pod, installed) => {
    expect(await readNodes(clusterWith([pod]))).toMatchObject([{ name: "n1", sensor: "ready", installed }]);
  });
  it("is looked for in the known namespaces where all cannot be listed", async () => {
    expect(await readNodes(clusterWith([chart("mdc")], [""]))).toMatchObject([
      { sensor: "ready", installed: "helm" },
    ]);
    expect(await readNodes(clusterWith([chart("security")], [""]))).toMatchObject([{ sensor: "unknown" }]);
    expect(await readNodes(clusterWith([], [""]))).toMatchObject([{ sensor: "unknown" }]);
  });
  it("is of no node where only half of the nodes are answered", async () => {
    const broken = new UpstreamError("no", { system: "kubernetes", status: 500, retryable: true });
    const whole = clusterWith([addOn()]);
    const ask = async (asks: readonly Ask[]) =>
      asks.some(({ path }) => path.includes("continue="))
        ? [{ error: broken }]
        : (await whole.ask(asks)).map((answer, index) =>
            asks[index]!.path.startsWith("/api/v1/nodes")
              ? { body: { items: [node], metadata: { continue: "more" } } }
              : answer,
          );
    await expect(readNodes({ ...whole, ask } as Transport)).rejects.toBe(broken);
  });
  it("is absent only where every namespace was listed", async () => {
    const [seen] = await readNodes(clusterWith([]));
    expect(seen).toMatchObject({ sensor: "absent" });
    expect(seen).not.toHaveProperty("installed");
  });
});

describe("a node without the sensor names what keeps it away, as far as the node says it", () => {
  const info = (kernelVersion: string, kubeletVersion: string) => ({
    ...ready,
    nodeInfo: { kernelVersion, kubeletVersion },
  });
  const labels = (os: string, arch = "amd64") => ({ "kubernetes.io/os": os, "kubernetes.io/arch": arch });
  const tainted = { taints: [{ key: "gpu", effect: "NoSchedule" }] };
  it.each<[string, object, string | undefined]>([
    ["Windows", { metadata: { name: "n1", labels: labels("windows") } }, "windows"],
    ["an old kernel", { status: info("4.18.0-azure", "v1.31.2") }, "kernel"],
    [
      "arm64 before Kubernetes 1.29",
      { metadata: { name: "n1", labels: labels("linux", "arm64") }, status: info("5.15.0", "v1.28.9") },
      "arm64",
    ],
    ["arm64, of no known version", { metadata: { name: "n1", labels: labels("linux", "arm64") } }, "arm64"],
    [
      "arm64 that no label names",
      // [Kubernetes API, NodeSystemInfo.architecture]
      { metadata: { name: "n1" }, status: { nodeInfo: { operatingSystem: "linux", architecture: "arm64" } } },
      "arm64",
    ],
    [
      "arm64 that is supported",
      { metadata: { name: "n1", labels: labels("linux", "arm64") }, status: info("5.4.0", "v1.29.0") },
      undefined,
    ],
    ["a taint", { spec: tainted, status: info("6.6.1", "v1.31.2") }, "taint"],
    ["nothing that is known", {}, undefined],
  ])("%s", async (_, about, limit) => {
    const [seen] = await readNodes(clusterWith([], [], { ...node, ...about }));
    expect(seen!.leftOut).toBe(limit);
  });
});

describe("what keeps pods of a run away from a node", () => {
  it.each<[string, object, object]>([
    [
      "a taint with a value",
      { spec: { taints: [{ key: "sku", value: "gpu", effect: "NoSchedule" }] } },
      { taint: "sku=gpu:NoSchedule" },
    ],
    [
      "a cordon",
      { spec: { taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }] } },
      { taint: "node.kubernetes.io/unschedulable:NoSchedule" },
    ],
    ["a preference is nothing", { spec: { taints: [{ key: "a", effect: "PreferNoSchedule" }] } }, {}],
    [
      "its architecture",
      { metadata: { name: "n1", labels: { "kubernetes.io/arch": "arm64" } } },
      { arm64: true },
    ],
  ])("%s", async (_, about, wanted) => {
    const [{ taint, arm64 }] = (await readNodes(clusterWith([], [], { ...node, ...about }))) as [NodeInfo];
    expect({ ...(taint && { taint }), ...(arm64 && { arm64 }) }).toEqual(wanted);
  });
});

describe("DNS detection", () => {
  const expects = expectedOf["ti-domain"];
  const nodeWith = (installed: "add-on" | "helm" | undefined) => [
    { name: "n1", os: "linux", ready: true, sensor: "ready", ...(installed && { installed }) },
  ];
  it.each([
    ["add-on", { 0: "helm-sensor" }],
    ["helm", {}],
    [undefined, {}],
  ] as const)("with the sensor installed as %s", (installed, unexpected) => {
    expect(notExpected(expects, judgeNodes(nodeWith(installed), undefined), [])).toEqual(unexpected);
  });
  it("says why it is not expected, in both languages", () => {
    expect(checkWhy("helm-sensor", "en")).toBe("sensor installed as add-on");
    expect(checkWhy("helm-sensor", "ja")).toContain("アドオン");
  });
});

describe("a profile that is off", () => {
  const saying = (said: string) => ({ source: "test", said, at: "2026-11-28T00:00:00.000Z" });
  const id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks";
  const plan = (properties: Record<string, string>): PlanState => {
    const state = { known: true, value: "on", evidence: saying("on") } as const;
    return { plan: state, extensions: [{ name: "ContainerSensor", state, properties }] };
  };
  const read = (sku: string, properties = {}) =>
    withHelmSensor(readCluster({ id, sku, security: {} }, new Map(), saying)!, plan(properties))
      .sensorProfile;

  it("is off where nothing says that the sensor comes by Helm", () => {
    expect(read("Base")).toMatchObject({ known: true, value: "off" });
    expect(read("Base", { InstallationMethod: "AddOn" })).toMatchObject({ known: true, value: "off" });
  });
  it.each([
    ["AKS Automatic", read("Automatic")],
    ["the plan's installation method", read("Base", { InstallationMethod: "Helm" })],
  ])("is unknown, with the reason, under %s", (_, profile) => {
    expect(profile).toMatchObject({ known: false, why: expect.stringContaining("Helm") });
  });

  it("is a gap of its own in `status`, which asks for no permission", () => {
    const cluster = withHelmSensor(
      readCluster({ id, sku: "Automatic", security: {} }, new Map(), saying)!,
      plan({}),
    );
    const { gaps } = summariseCoverage({ clusters: [cluster], subscriptions: [], registries: [] });
    const [gap] = gaps.filter(({ kind }) => kind.startsWith("sensor"));
    expect(gap).toMatchObject({ kind: "sensor-helm", detail: "sku.name: Automatic" });
    expect(gapSentence(gap!, "en")).toBe(
      "The sensor comes by Helm (sku.name: Automatic), so Azure doesn't show whether it runs.",
    );
    expect(gapSentence(gap!, "ja")).toContain("Helm でインストールされている");
    expect(fixLine(gap!, "en")).toMatch(/ready: kubectl get pods -A/);
  });
});
