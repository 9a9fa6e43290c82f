import { scenario } from "../definitions/scenario.ts";
import type { Expectation, Manifest, ScenarioRun } from "../domain/simulations/scenario.ts";

const bad = "breakwater-misconfigured";
const good = "breakwater-well-configured";
const hours = 26;

/** Names as the catalogue has them; each is broken by one line of the first Deployment, and kept by the second. */
const broken = [
  "Privileged containers should be avoided",
  "Container with privilege escalation should be avoided",
  "Containers sharing sensitive host namespaces should be avoided",
  "Usage of host networking and ports should be restricted",
  "Usage of pod HostPath volume mounts should be restricted to a known list to restrict node access from compromised containers",
  "Immutable (read-only) root filesystem should be enforced for containers",
  "Running containers as root user should be avoided",
  "Kubernetes clusters should disable automounting API credentials",
] as const;

export default scenario({
  texts: {
    en: {
      summary: "Misconfigured workload: one that breaks the data plane policies, beside one that keeps them",
      happens:
        "Two Deployments of one pod each are applied; both only sleep. The first is privileged, shares the node's network and processes, mounts a folder of the node (read-only), runs as root with a writable root file system and a mounted token, and has no limits. The second does nothing of that.",
      cannotTell:
        "Policies that are not assigned, or whose parameters leave the namespace out, find nothing. The add-on checks every 15 minutes, recommendations follow up to 24 hours later. Where admission denies such workloads, the check says so with the policy's words: then the policy works, and the run is not needed.",
    },
    ja: {
      summary:
        "不適切な構成のワークロード: データ プレーンのポリシーに違反するものと違反しないものを並べて配置します",
      happens:
        "ポッド 1 つの Deployment を 2 つ適用します。どちらもスリープするだけです。1 つ目は特権付きで、ノードのネットワークとプロセスを共有し、ノードのフォルダーを (読み取り専用で) マウントし、書き込み可能なルート ファイル システムで root として動作し、トークンをマウントし、制限値もありません。2 つ目はそのいずれにも当てはまりません。",
      cannotTell:
        "割り当てられていないポリシーや、パラメーターで名前空間が除外されているポリシーは何も検出しません。アドオンの確認は 15 分ごと、推奨事項への反映は最大 24 時間後です。アドミッションでこうしたワークロードが拒否される場合は、事前確認がポリシーの文言とともに知らせます。その場合ポリシーは機能しており、実行は不要です。",
    },
  },
  tactics: [],
  target: "cluster",
  needs: { sensor: false, extensions: [], linuxNodes: true, policyAddon: true },
  creates: [
    {
      kind: "Deployment",
      name: bad,
      why: {
        en: "breaks the policies: privileged, host network and processes, a folder of the node (read-only), root",
        ja: "ポリシーに違反する側 (特権、ホストのネットワークとプロセス、ノードのフォルダー (読み取り専用)、root)",
      },
    },
    { kind: "Deployment", name: good, why: { en: "keeps the policies", ja: "ポリシーに違反しない側" } },
  ],
  rights: [
    { apiGroup: "apps", resource: "deployments", verbs: ["create", "get", "list", "delete"] },
    { apiGroup: "", resource: "pods", verbs: ["get", "list"] },
  ],
  nodes: {
    en: "One or two Linux nodes, as the scheduler chooses.",
    ja: "Linux ノード 1 ～ 2 台 (スケジューラーが選択)。",
  },
  outside: {
    en: "A privileged container with access to the node runs until the verdict. It only sleeps.",
    ja: "判定が終わるまで、ノードにアクセスできる特権コンテナーが動作します (スリープするだけです)。",
  },
  minutes: (hours + 1) * 60,
  verifyMinutes: hours * 60,
  manifests: (run) => [
    deploymentOf(run, bad, {
      automountServiceAccountToken: true,
      hostNetwork: true,
      hostPID: true,
      containers: [
        {
          ...sleeping(run),
          securityContext: { privileged: true, allowPrivilegeEscalation: true, runAsUser: 0 },
          volumeMounts: [{ name: "node", mountPath: "/node", readOnly: true }],
        },
      ],
      volumes: [{ name: "node", hostPath: { path: "/usr/share", type: "Directory" } }],
    }),
    deploymentOf(run, good, {
      automountServiceAccountToken: false,
      containers: [
        {
          ...sleeping(run),
          resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
          securityContext: {
            privileged: false,
            allowPrivilegeEscalation: false,
            runAsNonRoot: true,
            runAsUser: 65534,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      ],
    }),
  ],
  steps: [{ kind: "wait-ready", pods: [bad, good], minutes: 5 }],
  expects: broken.map(
    (title): Expectation => ({
      kind: "recommendation",
      title,
      object: bad,
      required: true,
      typicalMinutes: 12 * 60,
      depends: ["policy-addon"],
    }),
  ),
  cleanUp: "after-verdict",
  undo: {
    en: "Both Deployments are deleted after the verdict, at the latest when their time to live is over.",
    ja: "判定後に両方の Deployment を削除します。遅くとも有効期限までに削除します。",
  },
});

function sleeping({ images }: ScenarioRun): object {
  return { name: "sleeps", image: images.busybox, command: ["sleep", String((hours + 1) * 3600)] };
}

function deploymentOf({ namespace }: ScenarioRun, name: string, spec: object): Manifest {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { nodeSelector: { "kubernetes.io/os": "linux" }, terminationGracePeriodSeconds: 1, ...spec },
      },
    },
  };
}
