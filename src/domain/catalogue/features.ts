import type { ExtensionName, PlanName } from "./extensions.ts";
import type { Words } from "./words.ts";

/** What can be known of one place besides plans and their extensions. */
export const inputNames = [
  "sensor",
  "helm-sensor",
  "policy-addon",
  "drift-rule",
  "cis-standard",
  "security-gating",
  "antimalware",
  "kubernetes-1.31",
  "container-results",
] as const;
export type InputName = (typeof inputNames)[number];

/** What a feature depends on. An extension counts in any of the plans named. */
export type Need =
  | { plan: readonly PlanName[] }
  | { extension: ExtensionName; plans: readonly PlanName[] }
  | { input: InputName }
  | { all: readonly Need[] }
  | { any: readonly Need[] };

export const featureGroups = ["posture", "vulnerability", "runtime", "newer"] as const;
export type FeatureGroup = (typeof featureGroups)[number];

/** One feature of Defender for Containers; `simulated`: scenarios that prove it. */
export type Feature = {
  id: string;
  group: FeatureGroup;
  name: Words;
  /** What it needs at each kind of place where it exists; a subscription shows what holds in it. */
  needs: { cluster?: Need; registry?: Need };
  /** True where it can't work while no node runs. */
  nodes?: true;
  simulated: readonly string[];
  source: string;
};

const matrix = "Containers support matrix (2026-06-02)";
const both = ["Containers", "CloudPosture"] as const;
const k8sApi: Need = { extension: "AgentlessDiscoveryForKubernetes", plans: both };
const registryAccess: Need = { extension: "ContainerRegistriesVulnerabilityAssessments", plans: both };
const machines = (...plans: PlanName[]): Need => ({ extension: "AgentlessVmScanning", plans });
const input = (name: InputName): Need => ({ input: name });
const plan: Need = { plan: ["Containers"] };
const sensor = input("sensor");
const helmSensor = input("helm-sensor");
const driftRule = input("drift-rule");
/** Assessments exist only with one of these; Foundational CSPM is free, and opt-in since 27 October 2026. */
const assessed: Need = { plan: ["FoundationalCspm", "CloudPosture"] };
const attacks = [
  "web-shell",
  "reconnaissance",
  "lateral-movement",
  "secrets-gathering",
  "crypto-mining",
  "all",
] as const;

/** The thirteen features and the newer ones [Defender for Cloud documentation; facts per feature in `source`]. */
export const features: readonly Feature[] = [
  {
    id: "agentless-discovery",
    group: "posture",
    name: { en: "Agentless discovery for Kubernetes", ja: "Kubernetes のエージェントレス検出" },
    needs: { cluster: k8sApi },
    simulated: [],
    source: matrix,
  },
  {
    id: "inventory",
    group: "posture",
    name: { en: "Comprehensive inventory", ja: "包括的なインベントリ" },
    needs: { cluster: k8sApi, registry: registryAccess },
    simulated: [],
    source: matrix,
  },
  {
    id: "risk-hunting",
    group: "posture",
    name: { en: "Enhanced risk hunting", ja: "強化されたリスク ハンティング" },
    needs: { cluster: k8sApi },
    simulated: [],
    source: matrix,
  },
  {
    id: "control-plane-hardening",
    group: "posture",
    name: { en: "Control plane hardening", ja: "コントロール プレーンのセキュリティ強化" },
    needs: { cluster: assessed, registry: assessed },
    simulated: [],
    source: `${matrix}; Foundational CSPM opt-in (2026-10-27)`,
  },
  {
    id: "data-plane-hardening",
    group: "posture",
    name: { en: "Data plane hardening", ja: "データ プレーンのセキュリティ強化" },
    needs: { cluster: { all: [input("policy-addon"), assessed] } },
    simulated: ["misconfigured-workload"],
    source: `${matrix}; Foundational CSPM opt-in (2026-10-27)`,
  },
  {
    id: "cis-benchmark",
    group: "posture",
    name: { en: "CIS Azure Kubernetes Service benchmark", ja: "CIS Azure Kubernetes Service ベンチマーク" },
    needs: { cluster: { all: [k8sApi, input("cis-standard")] } },
    simulated: [],
    source: matrix,
  },
  {
    id: "registry-images",
    group: "vulnerability",
    name: { en: "Registry images", ja: "レジストリのイメージ" },
    needs: { registry: registryAccess },
    simulated: ["vulnerable-image"],
    source: matrix,
  },
  {
    id: "running-containers",
    group: "vulnerability",
    name: { en: "Running containers", ja: "実行中のコンテナー" },
    needs: {
      cluster: {
        all: [
          { any: [k8sApi, sensor] },
          { any: [registryAccess, machines(...both)] },
          input("container-results"),
        ],
      },
    },
    nodes: true,
    simulated: ["vulnerable-image"],
    source: matrix,
  },
  {
    id: "node-vulnerabilities",
    group: "vulnerability",
    name: { en: "Kubernetes nodes", ja: "Kubernetes ノード" },
    needs: { cluster: machines(...both, "VirtualMachines") },
    nodes: true,
    simulated: [],
    source: matrix,
  },
  {
    id: "control-plane-detection",
    group: "runtime",
    name: { en: "Control plane threat detection", ja: "コントロール プレーンの脅威検出" },
    needs: { cluster: plan },
    simulated: ["sample-alerts"],
    source: matrix,
  },
  {
    id: "workload-detection",
    group: "runtime",
    name: {
      en: "Workload, node and cluster threat detection",
      ja: "ワークロード・ノード・クラスターの脅威検出",
    },
    needs: { cluster: { all: [plan, sensor] } },
    nodes: true,
    simulated: attacks,
    source: matrix,
  },
  {
    id: "node-malware",
    group: "runtime",
    name: { en: "Malware detection on nodes", ja: "ノードのマルウェア検出" },
    needs: { cluster: machines("Containers", "VirtualMachines") },
    nodes: true,
    simulated: ["node-malware"],
    source: matrix,
  },
  {
    id: "binary-drift",
    group: "runtime",
    name: { en: "Binary drift detection", ja: "バイナリ ドリフトの検出" },
    needs: { cluster: { all: [plan, sensor, driftRule] } },
    nodes: true,
    simulated: ["binary-drift"],
    source: "Binary drift detection: the default rule ignores drift; no API to read the rules is documented",
  },
  {
    id: "gated-deployment",
    group: "newer",
    name: { en: "Gated deployment", ja: "ゲート付きデプロイ" },
    needs: {
      cluster: {
        all: [
          plan,
          input("kubernetes-1.31"),
          sensor,
          input("security-gating"),
          { extension: "ContainerIntegrityContribution", plans: ["Containers"] },
          registryAccess,
        ],
      },
    },
    nodes: true,
    simulated: [],
    source: matrix,
  },
  {
    id: "dns-detection",
    group: "newer",
    name: { en: "DNS detection", ja: "DNS の検出" },
    needs: { cluster: { all: [plan, helmSensor] } },
    nodes: true,
    simulated: ["threat-intelligence-domain"],
    source: matrix,
  },
  {
    id: "antimalware",
    group: "newer",
    name: { en: "Antimalware", ja: "マルウェア対策" },
    needs: { cluster: { all: [plan, helmSensor, input("antimalware")] } },
    nodes: true,
    simulated: [],
    source: matrix,
  },
  {
    id: "drift-blocking",
    group: "newer",
    name: { en: "Drift blocking (preview)", ja: "ドリフトのブロック (プレビュー)" },
    needs: { cluster: { all: [plan, helmSensor, driftRule] } },
    nodes: true,
    simulated: [],
    source: matrix,
  },
];
