import { scenario } from "../definitions/scenario.ts";

const pod = "breakwater-drift";
const container = "drift";

export default scenario({
  texts: {
    en: {
      summary: "Binary drift: a container runs a program that was not in its image",
      happens:
        "In a throw-away pod, a harmless program is copied to a new name and run from there once, only to print its help.",
      cannotTell:
        "Which drift rules there are: no API tells them, and Defender's default rule ignores drift. Where the alert is missing, look at the rules first (Microsoft Defender portal, or Defender for Cloud → Environment settings → Containers drift policy); a new rule takes up to 30 minutes to reach the sensors.",
    },
    ja: {
      summary: "バイナリ ドリフト: イメージに含まれていないプログラムをコンテナーで実行します",
      happens:
        "使い捨てのポッドの中で、無害なプログラムを別の名前でコピーし、そこから 1 回だけ実行します (ヘルプを表示するだけです)。",
      cannotTell:
        "設定されているドリフト ルール。読み取る API がなく、既定のルールではドリフトは無視されます。アラートが発生しない場合は、まずルールを確認してください (Microsoft Defender ポータル、または Defender for Cloud の [環境設定] → [コンテナー ドリフト ポリシー])。新しいルールがセンサーに届くまで最大 30 分かかります。",
    },
  },
  tactics: ["Execution"],
  target: "cluster",
  needs: { sensor: true, extensions: ["ContainerSensor"], linuxNodes: true },
  creates: [
    {
      kind: "Pod",
      name: pod,
      why: { en: "the program is copied and run in it", ja: "プログラムをコピーして実行するため" },
    },
  ],
  rights: [
    { apiGroup: "", resource: "pods", verbs: ["create", "get", "list", "delete"] },
    // The API server asks for `get` where the client upgrades to a WebSocket, `create` where it posts.
    { apiGroup: "", resource: "pods/exec", verbs: ["create", "get"] },
  ],
  nodes: {
    en: "One Linux node, as the scheduler chooses.",
    ja: "Linux ノード 1 台 (スケジューラーが選択)。",
  },
  minutes: 15,
  manifests: ({ namespace, images }) => [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: pod, namespace },
      spec: {
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        terminationGracePeriodSeconds: 1,
        nodeSelector: { "kubernetes.io/os": "linux" },
        containers: [
          {
            name: container,
            image: images.busybox,
            // Ends by itself, whatever becomes of the bot.
            command: ["sh", "-c", "mkdir -p /tmp && exec sleep 900"],
            resources: { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "100m", memory: "64Mi" } },
            // The copy must lie in the container's own layer, which belongs to root; a volume would be no drift.
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              seccompProfile: { type: "RuntimeDefault" },
            },
          },
        ],
      },
    },
  ],
  steps: [
    { kind: "wait-ready", pods: [pod], minutes: 5 },
    {
      kind: "exec",
      pod,
      container,
      // The program is the shell's own file: resolved wherever an image keeps it. BusyBox goes by its name:
      // one that begins with "busybox" answers to `--help`.
      command: ["sh", "-c", "cp /proc/self/exe /tmp/busybox-drift && /tmp/busybox-drift --help"],
    },
  ],
  expects: [
    {
      kind: "alert",
      types: ["K8S.NODE_DriftDetection"],
      titles: ["A drift binary detected executing in the container"],
      required: true,
      typicalMinutes: 15,
      depends: ["sensor", "drift-rule"],
    },
  ],
  cleanUp: "after-steps",
  undo: {
    en: "The pod is deleted as soon as the program has run; it also ends by itself after 15 minutes.",
    ja: "実行後すぐにポッドを削除します。ポッドは 15 分後に自動的にも終了します。",
  },
});
