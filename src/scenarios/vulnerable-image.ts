import { scenario } from "../definitions/scenario.ts";
import type { ScenarioRun } from "../domain/simulations/scenario.ts";

const deployment = "breakwater-vulnerable-image";
const images = ["ubuntu:18.04", "nginx:1.14"] as const;

/** A repository for each run: two runs never share a manifest, and removing one never takes the other's. */
function importOf({ id, parameters }: Pick<ScenarioRun, "id" | "parameters">) {
  const [name = "", tag = ""] = (parameters.image ?? images[0]).split(":");
  return { source: `docker.io/library/${name}:${tag}`, repository: `breakwater-simulation/${id}`, tag };
}

export default scenario({
  texts: {
    en: {
      summary: "Vulnerable image: an old image is imported into a registry, and run where a cluster is given",
      happens:
        "An old public image (ubuntu:18.04 or nginx:1.14) is imported into the chosen registry through its import API, into a repository of its own. Where a cluster is given, one pod of it runs there and only sleeps: no port is opened, and no vulnerable program is started.",
      cannotTell:
        "A cluster that isn't attached to the registry (AcrPull; Container Registry Repository Reader in ABAC mode) can't run the image. Findings come with Defender's own scans: usually within hours for a registry, and about a day for running containers.",
    },
    ja: {
      summary: "脆弱なイメージ: 古いイメージをレジストリにインポートし、クラスターを指定した場合は実行します",
      happens:
        "古い公開イメージ (ubuntu:18.04 または nginx:1.14) を、インポート API で指定のレジストリの専用リポジトリにインポートします。クラスターを指定した場合は、そのポッドを 1 つ実行します。スリープするだけで、ポートは開かず、脆弱なプログラムも起動しません。",
      cannotTell:
        "レジストリに接続 (AcrPull。ABAC モードでは Container Registry Repository Reader) されていないクラスターでは、イメージを実行できません。検出結果は Defender のスキャン後に得られます。目安は、レジストリは数時間以内、実行中のコンテナーは約 1 日です。",
    },
  },
  tactics: [],
  target: "registry",
  parameters: [
    { name: "registry", label: { en: "Registry into which it is imported", ja: "インポート先のレジストリ" } },
    { name: "image", label: { en: "Old image", ja: "古いイメージ" }, optional: true, choices: images },
  ],
  needs: { sensor: false, extensions: ["ContainerRegistriesVulnerabilityAssessments"], linuxNodes: false },
  creates: [
    {
      kind: "Image",
      name: "breakwater-simulation/RUN",
      why: { en: "in the registry, for Defender to scan", ja: "レジストリ内の Defender のスキャン対象" },
    },
    {
      kind: "Deployment",
      name: deployment,
      why: { en: "runs it, where a cluster is given", ja: "クラスターを指定した場合に実行するため" },
    },
  ],
  rights: [
    { apiGroup: "apps", resource: "deployments", verbs: ["create", "get", "list", "delete"] },
    { apiGroup: "", resource: "pods", verbs: ["get", "list"] },
  ],
  azureActions: [
    "Microsoft.ContainerRegistry/registries/importImage/action",
    "Microsoft.ContainerRegistry/registries/pull/read",
    "Microsoft.ContainerRegistry/registries/artifacts/delete",
  ],
  nodes: {
    en: "None; one Linux node where a cluster is given.",
    ja: "なし。クラスターを指定した場合は Linux ノード 1 台。",
  },
  outside: {
    en: "A vulnerable image lies in the registry until the verdict.",
    ja: "判定が終わるまで、脆弱なイメージがレジストリに置かれます。",
  },
  minutes: 27 * 60,
  verifyMinutes: 26 * 60,
  manifests: (run) => {
    if (!run.cluster) return [];
    const { repository, tag } = importOf(run);
    const labels = { app: deployment };
    return [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: deployment, namespace: run.namespace, labels },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: {
              automountServiceAccountToken: false,
              nodeSelector: { "kubernetes.io/os": "linux" },
              terminationGracePeriodSeconds: 1,
              containers: [
                {
                  name: "sleeps",
                  image: `${run.loginServer}/${repository}:${tag}`,
                  command: ["sleep", String(27 * 3600)],
                  resources: {
                    requests: { cpu: "10m", memory: "16Mi" },
                    limits: { cpu: "100m", memory: "64Mi" },
                  },
                  securityContext: {
                    runAsNonRoot: true,
                    runAsUser: 65534,
                    readOnlyRootFilesystem: true,
                    allowPrivilegeEscalation: false,
                    capabilities: { drop: ["ALL"] },
                    seccompProfile: { type: "RuntimeDefault" },
                  },
                },
              ],
            },
          },
        },
      },
    ];
  },
  steps: (run) => [
    { kind: "import-image", ...importOf(run) },
    ...(run.cluster ? [{ kind: "wait-ready" as const, pods: [deployment], minutes: 5 }] : []),
  ],
  expects: (run) => [
    {
      kind: "finding",
      where: "registry",
      title: {
        en: "Vulnerabilities of the imported image",
        ja: "インポートしたイメージの脆弱性",
      },
      required: true,
      typicalMinutes: 180,
      depends: ["registry-access"],
    },
    ...(run.cluster
      ? [
          {
            kind: "finding" as const,
            where: "running" as const,
            title: { en: "Vulnerabilities of the running container", ja: "実行中のコンテナーの脆弱性" },
            required: false,
            typicalMinutes: 24 * 60,
            depends: ["registry-access" as const],
          },
        ]
      : []),
  ],
  undoSteps: (run) => {
    const { repository, tag } = importOf(run);
    return [{ kind: "delete-image", repository, tag }];
  },
  cleanUp: "after-verdict",
  undo: {
    en: "The tag and its manifest are deleted from the registry, and the Deployment from the cluster, after the verdict.",
    ja: "判定後、レジストリからタグとマニフェストを、クラスターから Deployment を削除します。",
  },
});
