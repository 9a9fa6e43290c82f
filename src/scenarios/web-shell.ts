import { type Manifest, type ScenarioRun, scenario } from "../definitions/scenario.ts";

/** Names that the attacker's script uses, so they must stay; the namespace may differ [facts/defender.md section 5]. */
const victim = "mdc-simulation-victim";
const attacker = "mdc-simulation-attacker";
const images = "ghcr.io/microsoft/defender-for-cloud/attacksimulation";

export default scenario({
  texts: {
    en: {
      summary: "Web shell: commands are sent through a web page to a container",
      happens:
        "An attacker's pod sends commands to a web shell in a victim's pod, which runs them. Nothing outside the namespace is touched.",
      cannotTell:
        "The log ends in the same way when the victim could not be reached: only its own heading and a result line say that it ran.",
    },
    ja: {
      summary: "Web シェル: Web ページ経由でコンテナーにコマンドを送ります",
      happens:
        "攻撃側のポッドが、被害側のポッドの Web シェルにコマンドを送り、実行させます。名前空間の外には触れません。",
      cannotTell:
        "被害側に到達できなくてもログの最後は同じになります。実行されたことは、見出しと結果の行だけが示します。",
    },
  },
  tactics: ["Persistence", "Exploitation"],
  needs: { sensor: true, extensions: ["ContainerSensor"], linuxNodes: true },
  creates: [
    {
      kind: "ServiceAccount",
      name: victim,
      why: { en: "the victim runs as it; it has no rights", ja: "被害側ポッドの実行用 (権限なし)" },
    },
    {
      kind: "Service",
      name: victim,
      why: { en: "the attacker finds the victim by it", ja: "攻撃側が被害側を見つけるため" },
    },
    {
      kind: "Service",
      name: attacker,
      why: { en: "the attacker's host name", ja: "攻撃側のホスト名のため" },
    },
    {
      kind: "Pod",
      name: victim,
      why: { en: "a web server with a web shell", ja: "Web シェルを置いた Web サーバー" },
    },
    { kind: "Pod", name: attacker, why: { en: "sends the commands", ja: "コマンドを送る側" } },
  ],
  rights: [
    { apiGroup: "", resource: "serviceaccounts", verbs: ["create", "get", "delete"] },
    { apiGroup: "", resource: "services", verbs: ["create", "get", "delete"] },
    { apiGroup: "", resource: "pods", verbs: ["create", "get", "watch", "delete"] },
    { apiGroup: "", resource: "pods/log", verbs: ["get"] },
  ],
  minutes: 15,
  manifests: (run) => [
    object(run, "v1", "ServiceAccount", victim),
    { ...object(run, "v1", "Service", victim), spec: headless(victim) },
    { ...object(run, "v1", "Service", attacker), spec: headless(attacker) },
    {
      ...object(run, "v1", "Pod", victim),
      spec: {
        hostname: "victim",
        subdomain: victim,
        serviceAccountName: victim,
        containers: [{ name: "victim", image: `${images}/victim:latest`, ports: [{ containerPort: 80 }] }],
      },
    },
    {
      ...object(run, "v1", "Pod", attacker),
      spec: {
        hostname: "attacker",
        subdomain: attacker,
        restartPolicy: "Never",
        automountServiceAccountToken: false,
        containers: [
          {
            name: "attacker",
            image: `${images}/attacker:latest`,
            env: [{ name: "SCENARIO", value: "webshell" }],
          },
        ],
      },
    },
  ],
  steps: [
    {
      kind: "follow-log",
      pod: attacker,
      heading: "--- Webshell ---",
      ends: "--- Simulation completed ---",
      minutes: 5,
    },
  ],
  expects: [
    {
      title: "Possible Web Shell activity detected",
      required: true,
      typicalMinutes: 15,
    },
  ],
  undo: {
    en: "The objects carry the label breakwater/run and are deleted after the run, also after a crash or a cancel.",
    ja: "作成したものには breakwater/run ラベルが付き、異常終了や取り消しの場合も含め、実行後に削除されます。",
  },
});

function object(run: ScenarioRun, apiVersion: string, kind: string, name: string): Manifest {
  const labels = { name, "app.kubernetes.io/managed-by": "breakwater", "breakwater/run": run.id };
  return { apiVersion, kind, metadata: { name, namespace: run.namespace, labels } };
}

function headless(name: string): object {
  return { clusterIP: "None", selector: { name } };
}
