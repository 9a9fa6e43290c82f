import type { AlertTypeEntry } from "./known-alert-type.ts";

/** What the sensor finds, A to K [Defender for Cloud documentation, alerts for containers, 2024-09-10]. */
export const workloadTools: readonly AlertTypeEntry[] = [
  {
    id: "K8S.NODE_CommonBot",
    title: "Behavior similar to common Linux bots detected",
    severity: "medium",
    tactics: ["Execution", "Collection", "CommandAndControl"],
    techniques: [],
    means: {
      en: "A process ran that is typical of Linux botnets.",
      ja: "Linux ボットネットに典型的なプロセスが実行されました。",
    },
    preview: true,
  },
  {
    id: "K8S.NODE_ContainerSSH",
    title: "SSH server is running inside a container",
    severity: "informational",
    tactics: ["Execution"],
    techniques: ["MS-TA9010"],
    means: {
      en: "An SSH server runs inside a container: a way in that bypasses Kubernetes' own access control.",
      ja: "コンテナー内で SSH サーバーが動作しています。Kubernetes のアクセス制御を迂回する経路になります。",
    },
  },
  {
    id: "K8S.NODE_CryptoCoinMinerArtifacts",
    title: "Process associated with digital currency mining detected",
    severity: "medium",
    tactics: ["Execution", "Exploitation"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A process normally used for mining digital currency ran.",
      ja: "通常は暗号通貨のマイニングに使われるプロセスが実行されました。",
    },
  },
  {
    id: "K8S.NODE_CryptoCoinMinerDownload",
    title: "Possible Cryptocoinminer download detected",
    severity: "medium",
    tactics: ["DefenseEvasion", "CommandAndControl", "Exploitation"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A file was downloaded that is associated with a coin miner.",
      ja: "マイニング ツールに関連するファイルがダウンロードされました。",
    },
  },
  {
    id: "K8S.NODE_CryptoCoinMinerExecution",
    title: "Potential crypto coin miner started",
    severity: "medium",
    tactics: ["Execution"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A process started in the way in which coin miners are started.",
      ja: "マイニング ツールと同じ方法でプロセスが起動されました。",
    },
  },
  {
    id: "K8S.NODE_DigitalCurrencyMining",
    title: "Digital currency mining related behavior detected",
    severity: "high",
    tactics: ["Execution"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A process or command ran that normally goes with mining digital currency.",
      ja: "暗号通貨のマイニングに特有のプロセスまたはコマンドが実行されました。",
    },
  },
  {
    id: "K8S.NODE_DownloadAndRunCombo",
    title: "Suspicious Download Then Run Activity",
    severity: "medium",
    tactics: ["Execution", "CommandAndControl", "Exploitation"],
    techniques: ["MS-TA9007"],
    means: {
      en: "A file was downloaded and run in the same command.",
      ja: "ファイルのダウンロードと実行が 1 つのコマンドで行われました。",
    },
  },
  {
    id: "K8S.NODE_EICAR",
    title: "Microsoft Defender for Cloud test alert (not a threat)",
    severity: "high",
    tactics: ["Execution"],
    techniques: [],
    means: {
      en: "Microsoft's test alert: the sensor works. No action needed.",
      ja: "Microsoft のテスト アラートです。センサーが動作していることを示し、対応は不要です。",
    },
  },
  {
    id: "K8S.NODE_ExploitAttempt",
    title: "Possible command line exploitation attempt",
    severity: "medium",
    tactics: ["Exploitation"],
    techniques: ["MS-TA9009"],
    means: {
      en: "A command line looks like an attempt to exploit a known vulnerability.",
      ja: "既知の脆弱性を悪用しようとするコマンド ラインが検出されました。",
    },
  },
  {
    id: "K8S.NODE_HistoryFileCleared",
    title: "A history file has been cleared",
    severity: "medium",
    tactics: ["DefenseEvasion"],
    techniques: ["MS-TA9021"],
    means: {
      en: "The history of commands was cleared, which attackers do to cover their tracks.",
      ja: "コマンド履歴が消去されました。攻撃者が痕跡を消すために行う操作です。",
    },
  },
  {
    id: "K8S.NODE_ImageBuildOnNode",
    title: "Docker build operation detected on a Kubernetes node",
    severity: "informational",
    tactics: ["DefenseEvasion"],
    techniques: [],
    means: {
      en: "A container image was built on a node; attackers do so to avoid a registry's scan.",
      ja: "ノード上でコンテナー イメージがビルドされました。攻撃者がレジストリのスキャンを避けるために行うことがあります。",
    },
  },
  {
    id: "K8S.NODE_ImdsCall",
    title: "Access to cloud metadata service detected",
    severity: "medium",
    tactics: ["CredentialAccess"],
    techniques: ["MS-TA9033", "MS-TA9028"],
    means: {
      en: "A container called the cloud's metadata service, where the node's identity can be stolen.",
      ja: "コンテナーからクラウドのメタデータ サービスへのアクセスがありました。ノードの ID を盗まれるおそれがあります。",
    },
  },
  {
    id: "K8S.NODE_KnownLinuxAttackTool",
    title: "Possible attack tool detected",
    severity: "medium",
    tactics: ["Execution", "Collection", "CommandAndControl", "Probing"],
    techniques: [],
    means: {
      en: "A tool ran that is associated with attacks on other machines.",
      ja: "ほかのコンピューターへの攻撃に使われるツールが実行されました。",
    },
  },
  {
    id: "K8S.NODE_KnownLinuxCredentialAccessTool",
    title: "Possible credential access tool detected",
    severity: "medium",
    tactics: ["CredentialAccess"],
    techniques: [],
    means: {
      en: "A tool ran that is known for stealing credentials.",
      ja: "資格情報を盗むことで知られるツールが実行されました。",
    },
  },
  {
    id: "K8S.NODE_KnownLinuxDDoSToolkit",
    title: "Indicators associated with DDOS toolkit detected",
    severity: "medium",
    tactics: ["Persistence", "LateralMovement", "Execution", "Exploitation"],
    techniques: ["MS-TA9040"],
    means: {
      en: "File names are there that belong to a toolkit for denial-of-service attacks.",
      ja: "DDoS 攻撃のツールキットに含まれるファイル名が見つかりました。",
    },
  },
  {
    id: "K8S.NODE_KubeConfigAccess",
    title: "Access to kubelet kubeconfig file detected",
    severity: "medium",
    tactics: ["CredentialAccess"],
    techniques: ["MS-TA9003"],
    means: {
      en: "The kubeconfig of the kubelet was read from a process that normally doesn't.",
      ja: "kubelet の kubeconfig が、通常はアクセスしないプロセスから読み取られました。",
    },
  },
  {
    id: "K8S.NODE_KubernetesAPI",
    title: "Suspicious request to Kubernetes API",
    severity: "medium",
    tactics: ["LateralMovement"],
    techniques: ["MS-TA9029"],
    means: {
      en: "A container sent an unusual request to the Kubernetes API.",
      ja: "コンテナーから Kubernetes API に不審な要求が送られました。",
    },
  },
  {
    id: "K8S.NODE_KubernetesDashboard",
    title: "Suspicious request to the Kubernetes Dashboard",
    severity: "medium",
    tactics: ["LateralMovement"],
    techniques: ["MS-TA9005"],
    means: {
      en: "A container sent an unusual request to the Kubernetes dashboard.",
      ja: "コンテナーから Kubernetes ダッシュボードに不審な要求が送られました。",
    },
  },
];
