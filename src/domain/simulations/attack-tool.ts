import type { Expectation, Manifest, ScenarioDefinition, ScenarioRun } from "./scenario.ts";

/**
 * Microsoft's attack simulation as its chart `mdc-simulation` 0.1.0 creates it: the attacker sends a script to the
 * victim's web shell. Its scripts use the names of the services, so those must stay; the namespace may differ.
 */
export const victim = "mdc-simulation-victim";
export const attacker = "mdc-simulation-attacker";

/** Values of the attacker's `SCENARIO`, and the heading under which the log of each shows what it did. */
export const attacks = {
  recon: "--- Reconnaissance ---",
  "lateral-mov": "--- Lateral Movement ---",
  secrets: "--- Secrets Gathering ---",
  crypto: "--- Cryptomining ---",
  webshell: "--- Webshell ---",
  "ti-domain": "--- Threat Intelligence Communication ---",
} as const;
export type Attack = keyof typeof attacks;

/** Printed at the end, also where the victim was never reached: alone it proves nothing. */
const lastLine = "--- Simulation completed ---";

const alert = (
  titles: readonly string[],
  types: readonly string[],
  more: Partial<Pick<Expectation, "required" | "depends">> = {},
): Expectation => ({
  kind: "alert",
  titles,
  types,
  required: true,
  typicalMinutes: 15,
  depends: ["sensor"],
  ...more,
});

/**
 * What Microsoft's README of the tool expects of Defender. Ids where the table of alerts has the title; the README's
 * and the table's names of the web shell differ, so both are matched.
 */
export const webShellAlert = alert(
  ["Possible Web Shell activity detected", "Possible malicious web shell detected"],
  ["K8S.NODE_Webshell"],
);
export const expectedOf: Record<Attack, readonly Expectation[]> = {
  recon: [
    alert(["Suspicious Kubernetes service account operation detected"], []),
    alert(["Network scanning tool detected"], []),
    alert(
      [
        "Suspicious access to workload identity token or service account token detected",
        "Suspicious access to workload identity token or service account token",
      ],
      [],
    ),
  ],
  "lateral-mov": [alert(["Access to cloud metadata service detected"], ["K8S.NODE_ImdsCall"])],
  secrets: [
    alert(["Sensitive files access detected"], []),
    alert(["Possible secret reconnaissance detected"], []),
  ],
  crypto: [
    alert(["Kubernetes CPU optimization detected"], []),
    // Met in both forms.
    alert(
      [
        "Command within a container accessed ld.so.preload",
        "Command within container accessed ld.so.preload",
      ],
      [],
    ),
    alert(["Possible Cryptocoinminer download detected"], ["K8S.NODE_CryptoCoinMinerDownload"]),
    // Defender's default drift rule ignores drift, and no API tells the rules: it may come, it need not.
    alert(["A drift binary detected executing in the container"], ["K8S.NODE_DriftDetection"], {
      required: false,
      depends: ["sensor", "drift-rule"],
    }),
    alert(["Digital currency mining related behavior detected"], ["K8S.NODE_DigitalCurrencyMining"]),
  ],
  webshell: [],
  // DNS detection works with the sensor of the Helm chart only [Defender docs, DNS detection].
  "ti-domain": [
    alert(["Communication with test domain identified by threat intelligence"], [], {
      depends: ["sensor", "helm-sensor"],
    }),
  ],
};

/** Everything of a scenario of the attack tool but its texts, tactics and expectations. */
export function attackOf(
  scenario: Attack | "all",
): Omit<ScenarioDefinition, "texts" | "tactics" | "expects"> {
  // Of all in one request, only the attacker's announcement is below the heading of the web shell [all-scenarios.sh].
  const { webshell: _, ...others } = attacks;
  const headings = scenario === "all" ? Object.values(others) : [attacks[scenario]];
  return {
    target: "cluster",
    needs: { sensor: true, extensions: ["ContainerSensor"], linuxNodes: true },
    creates,
    rights: [
      { apiGroup: "", resource: "serviceaccounts", verbs: ["create", "get", "list", "delete"] },
      { apiGroup: "", resource: "services", verbs: ["create", "get", "list", "delete"] },
      { apiGroup: "", resource: "pods", verbs: ["create", "get", "list", "delete"] },
      { apiGroup: "", resource: "pods/log", verbs: ["get"] },
    ],
    nodes: {
      en: "One or two Linux nodes, as the scheduler chooses.",
      ja: "Linux ノード 1 ～ 2 台 (スケジューラーが選択)。",
    },
    minutes: 20,
    manifests: (run) => manifestsOf(run, scenario),
    steps: [
      { kind: "wait-ready", pods: [victim], minutes: 5 },
      // It attacks as soon as it runs, whether the victim is there or not.
      { kind: "create", objects: [{ kind: "Pod", name: attacker }] },
      { kind: "follow-log", pod: attacker, headings, ends: lastLine, minutes: 10 },
    ],
    cleanUp: "after-steps",
    undo: {
      en: "Everything carries the label breakwater/run and is deleted as soon as the log has ended, also after a crash or a cancel.",
      ja: "作成したものにはすべて breakwater/run ラベルが付き、ログの終了後すぐに削除します。異常終了や中止の場合も同じです。",
    },
  };
}

const creates: ScenarioDefinition["creates"] = [
  {
    kind: "ServiceAccount",
    name: victim,
    why: { en: "the victim runs as it; it has no rights", ja: "被害側ポッドの実行用 (権限なし)" },
  },
  {
    kind: "Service",
    name: victim,
    why: {
      en: "headless; the attacker finds the victim by it",
      ja: "ヘッドレス。攻撃側が被害側を見つけるため",
    },
  },
  {
    kind: "Service",
    name: attacker,
    why: {
      en: "headless; the victim finds the attacker by it",
      ja: "ヘッドレス。被害側が攻撃側を見つけるため",
    },
  },
  {
    kind: "Pod",
    name: victim,
    why: {
      en: "a web server with a web shell, reachable in the cluster",
      ja: "Web シェルを置いた Web サーバー (クラスター内から到達可能)",
    },
  },
  {
    kind: "Pod",
    name: attacker,
    why: { en: "sends the commands, and ends by itself", ja: "コマンドを送る側 (自然に終了)" },
  },
];

// Neither pod can gain privileges. Their capabilities stay those of the images: the web server and the port scan of the
// attack need some, and Microsoft's chart takes none away.
const security = { allowPrivilegeEscalation: false, seccompProfile: { type: "RuntimeDefault" } };
const resources = { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "512Mi" } };
const linux = { "kubernetes.io/os": "linux" };

function manifestsOf({ namespace, images }: ScenarioRun, scenario: string): Manifest[] {
  const metadata = (name: string) => ({ name, namespace, labels: { name } });
  const service = (name: string): Manifest => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(name),
    // Headless services without ports publish the pods' names [chart].
    spec: { clusterIP: "None", selector: { name } },
  });
  const pod = (name: string, hostname: string, spec: object, container: object): Manifest => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(name),
    spec: {
      hostname,
      subdomain: name,
      nodeSelector: linux,
      ...spec,
      containers: [{ name: hostname, resources, securityContext: security, ...container }],
    },
  });
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata(victim) },
    service(victim),
    service(attacker),
    pod(
      victim,
      "victim",
      { serviceAccountName: victim, restartPolicy: "Always" },
      { image: images.victim, ports: [{ containerPort: 80 }] },
    ),
    pod(
      attacker,
      "attacker",
      { restartPolicy: "Never", automountServiceAccountToken: false },
      { image: images.attacker, env: [{ name: "SCENARIO", value: scenario }] },
    ),
  ];
}
