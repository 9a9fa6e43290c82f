import type { KnownAlertType } from "./known-alert-type.ts";

const tool = "Microsoft Defender for Cloud Attack Simulation, README";
const sensor = { severity: "unknown", feature: "workload-detection", source: tool } as const;

/** Newer ones that the documentation doesn't list one by one; severities and tactics come with the alerts. */
export const newerAlertTypes: readonly KnownAlertType[] = [
  {
    ...sensor,
    title: "Suspicious Kubernetes service account operation detected",
    tactics: ["LateralMovement", "CredentialAccess"],
    techniques: ["MS-TA9016"],
    means: {
      en: "A pod used its service account in a way that it normally doesn't.",
      ja: "ポッドがサービス アカウントを通常とは異なる方法で使用しました。",
    },
  },
  {
    ...sensor,
    title: "Network scanning tool detected",
    tactics: ["Discovery"],
    techniques: ["MS-TA9031"],
    means: {
      en: "A tool that scans the network ran in a container.",
      ja: "ネットワークをスキャンするツールがコンテナー内で実行されました。",
    },
  },
  {
    ...sensor,
    title: "Suspicious access to workload identity token or service account token detected",
    also: ["Suspicious access to workload identity token or service account token"],
    tactics: ["CredentialAccess"],
    techniques: ["MS-TA9016"],
    means: {
      en: "A process read a token by which it can act as the pod's identity.",
      ja: "ポッドの ID として動作できるトークンがプロセスに読み取られました。",
    },
  },
  {
    ...sensor,
    title: "Sensitive files access detected",
    tactics: ["CredentialAccess"],
    techniques: ["MS-TA9027"],
    means: {
      en: "A process read files that usually hold credentials.",
      ja: "通常は資格情報を含むファイルがプロセスに読み取られました。",
    },
  },
  {
    ...sensor,
    title: "Possible secret reconnaissance detected",
    tactics: ["CredentialAccess", "Discovery"],
    techniques: ["MS-TA9025"],
    means: {
      en: "A process looked for secrets in the container or the cluster.",
      ja: "コンテナーまたはクラスター内のシークレットを探す操作が検出されました。",
    },
  },
  {
    ...sensor,
    title: "Kubernetes CPU optimization detected",
    tactics: ["Impact"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A process tuned the CPU as coin miners do.",
      ja: "マイニング ツールのように CPU を調整するプロセスが検出されました。",
    },
  },
  {
    ...sensor,
    title: "Command within a container accessed ld.so.preload",
    also: ["Command within container accessed ld.so.preload"],
    tactics: ["Persistence", "DefenseEvasion"],
    techniques: [],
    means: {
      en: "A command opened ld.so.preload, by which malware loads itself into every process.",
      ja: "ld.so.preload へのアクセスがありました。マルウェアが各プロセスに読み込まれるために使います。",
    },
  },
  {
    id: "K8S.NODE_DriftDetection",
    title: "A drift binary detected executing in the container",
    severity: "unknown",
    tactics: ["Execution"],
    techniques: [],
    feature: "binary-drift",
    source: "Defender for Cloud documentation, binary drift detection",
    means: {
      en: "A binary ran that isn't part of the container's image.",
      ja: "コンテナー イメージに含まれていないバイナリが実行されました。",
    },
  },
  {
    title: "Communication with test domain identified by threat intelligence",
    severity: "unknown",
    tactics: ["CommandAndControl"],
    techniques: [],
    feature: "dns-detection",
    source: tool,
    means: {
      en: "A pod asked for Microsoft's test domain: DNS detection works.",
      ja: "ポッドから Microsoft のテスト用ドメインへのアクセスがありました。DNS の検出が動作しています。",
    },
  },
];
