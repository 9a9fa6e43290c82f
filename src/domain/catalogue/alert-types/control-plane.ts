import type { AlertTypeEntry } from "./known-alert-type.ts";

/** What the audit log and the cluster's configuration show [Defender for Cloud documentation, alerts for containers, 2024-09-10]. */
export const controlPlane: readonly AlertTypeEntry[] = [
  {
    id: "K8S_AbnormalMiActivity",
    title: "Abnormal activity of managed identity associated with Kubernetes",
    severity: "medium",
    tactics: ["LateralMovement"],
    techniques: ["MS-TA9020", "MS-TA9028"],
    means: {
      en: "The managed identity of an add-on did something that the add-on never does.",
      ja: "アドオンのマネージド ID が、そのアドオンでは行われない操作をしました。",
    },
    preview: true,
  },
  {
    id: "K8S_AdmissionController",
    title: "Creation of admission webhook configuration detected",
    severity: "informational",
    tactics: ["CredentialAccess", "Persistence"],
    techniques: ["MS-TA9015"],
    means: {
      en: "A new admission webhook can change or read every request to the cluster.",
      ja: "新しいアドミッション Webhook が作成されました。クラスターへの要求を変更または閲覧できます。",
    },
  },
  {
    id: "K8S_ClusterAdminBinding",
    title: "Role binding to the cluster-admin role detected",
    severity: "informational",
    tactics: ["Persistence", "PrivilegeEscalation"],
    techniques: ["MS-TA9019"],
    means: {
      en: "Someone was given the role cluster-admin, which allows everything.",
      ja: "すべての操作が可能な cluster-admin ロールが割り当てられました。",
    },
  },
  {
    id: "K8S_CoreDnsModification",
    title: "CoreDNS modification in Kubernetes detected",
    severity: "low",
    tactics: ["LateralMovement"],
    techniques: ["MS-TA9035"],
    means: {
      en: "The configuration of the cluster's DNS was changed; names may lead elsewhere.",
      ja: "クラスターの DNS の構成が変更されました。名前解決の結果が変わるおそれがあります。",
    },
  },
  {
    id: "K8S_DeleteEvents",
    title: "Kubernetes events deleted",
    severity: "low",
    tactics: ["DefenseEvasion"],
    techniques: ["MS-TA9022"],
    means: {
      en: "Kubernetes events were deleted, which hides what happened in the cluster.",
      ja: "Kubernetes のイベントが削除されました。クラスターでの操作を隠すために行われることがあります。",
    },
  },
  {
    id: "K8S_ExposedDashboard",
    title: "Exposed Kubernetes dashboard detected",
    severity: "high",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "The Kubernetes dashboard can be reached from the internet through a load balancer.",
      ja: "Kubernetes ダッシュボードがロード バランサーを通じてインターネットに公開されました。",
    },
  },
  {
    id: "K8S_ExposedKubeflow",
    title: "Exposed Kubeflow dashboard detected",
    severity: "medium",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "The Kubeflow dashboard may be reachable from the internet.",
      ja: "Kubeflow ダッシュボードがインターネットに公開された可能性があります。",
    },
  },
  {
    id: "K8S_ExposedPostgresBroadIPRange",
    title: "Exposed Postgres service with risky configuration in Kubernetes detected",
    severity: "medium",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "A Postgres service is exposed to a wide range of addresses.",
      ja: "Postgres サービスが広い範囲の IP アドレスに公開されています。",
    },
    preview: true,
  },
  {
    id: "K8S_ExposedPostgresTrustAuth",
    title: "Exposed Postgres service with trust authentication configuration in Kubernetes detected",
    severity: "medium",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "A Postgres service is exposed that asks for no credentials.",
      ja: "資格情報を必要としない Postgres サービスが公開されています。",
    },
    preview: true,
  },
  {
    id: "K8S_ExposedRedis",
    title: "Exposed Redis service in AKS detected",
    severity: "low",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "A Redis service is exposed by a load balancer.",
      ja: "Redis サービスがロード バランサーで公開されています。",
    },
  },
  {
    id: "K8S_ExposedService",
    title: "Exposed Kubernetes service detected",
    severity: "medium",
    tactics: ["InitialAccess"],
    techniques: ["MS-TA9005"],
    means: {
      en: "A service that can run code in the cluster is exposed by a load balancer.",
      ja: "クラスター内でコードを実行できるサービスがロード バランサーで公開されています。",
    },
  },
  {
    id: "K8S_HighPrivilegesRole",
    title: "New high privileges role detected",
    severity: "informational",
    tactics: ["Persistence"],
    techniques: [],
    means: {
      en: "A role with very wide permissions was created.",
      ja: "非常に広い権限を持つロールが作成されました。",
    },
  },
  {
    id: "K8S_KubeSystemContainer",
    title: "New container in the kube-system namespace detected",
    severity: "informational",
    tactics: ["Persistence"],
    techniques: ["MS-TA9023"],
    means: {
      en: "A container runs in kube-system that doesn't normally run there.",
      ja: "通常は存在しないコンテナーが kube-system で実行されています。",
    },
  },
  {
    id: "K8S_MaliciousContainerImage",
    title: "Digital currency mining container detected",
    severity: "high",
    tactics: ["Execution"],
    techniques: ["MS-TA9039"],
    means: {
      en: "A container runs an image that mines digital currency.",
      ja: "暗号通貨をマイニングするイメージのコンテナーが実行されています。",
    },
  },
  {
    id: "K8S_PenTestToolsKubeHunter",
    title: "Kubernetes penetration testing tool detected",
    severity: "low",
    tactics: ["Execution"],
    techniques: ["MS-TA9031"],
    means: {
      en: "kube-hunter, a tool that looks for weaknesses, was used against the cluster.",
      ja: "弱点を探すツール kube-hunter がクラスターに対して使用されました。",
    },
  },
  {
    id: "K8S_PrivilegedContainer",
    title: "Privileged container detected",
    severity: "informational",
    tactics: ["PrivilegeEscalation"],
    techniques: ["MS-TA9018"],
    means: {
      en: "A privileged container was created; it has full access to its node.",
      ja: "特権コンテナーが作成されました。ノードに完全にアクセスできます。",
    },
  },
  {
    id: "K8S_SensitiveMount",
    title: "Container with a sensitive volume mount detected",
    severity: "informational",
    tactics: ["PrivilegeEscalation"],
    techniques: ["MS-TA9013"],
    means: {
      en: "A container mounts a sensitive file or folder of its node.",
      ja: "コンテナーがノードの機密性の高いファイルまたはフォルダーをマウントしています。",
    },
  },
  {
    id: "K8S_ServiceAccountRareOperation",
    title: "Abnormal Kubernetes service account operation detected",
    severity: "medium",
    tactics: ["LateralMovement", "CredentialAccess"],
    techniques: ["MS-TA9016"],
    means: {
      en: "A service account did something that it normally doesn't.",
      ja: "サービス アカウントが通常とは異なる操作をしました。",
    },
  },
  {
    id: "K8S_TI_Proxy",
    title: "K8S API requests from proxy IP address detected",
    severity: "low",
    tactics: ["Execution"],
    techniques: ["MS-TA9024"],
    means: {
      en: "The API server was called from an address of an anonymizing proxy such as TOR.",
      ja: "TOR などの匿名プロキシの IP アドレスから API サーバーが呼び出されました。",
    },
  },
];
