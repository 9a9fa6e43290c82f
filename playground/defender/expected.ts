import type { AttackPart } from "../kubernetes/behaviour.ts";

/**
 * An alert that Defender raises: type where it is published (facts: "Alerts for containers"), the name it shows, and after
 * how many minutes it usually comes. Where no id is published the one here is made up: don't rely on it. `audit`: from the audit log of the control plane, without any sensor.
 */
export type Raised = { type: string; title: string; severity: string; minutes: number; audit?: true };

const webShell: Raised = {
  type: "K8S.NODE_Webshell",
  title: "Possible malicious web shell detected",
  severity: "Medium",
  minutes: 4,
};

/** What each part of Microsoft's attack simulation raises [its README]. */
export const raisedBy: Record<AttackPart, readonly Raised[]> = {
  webshell: [webShell],
  recon: [
    webShell,
    {
      type: "K8S_ServiceAccountRareOperation",
      title: "Suspicious Kubernetes service account operation detected",
      severity: "Medium",
      minutes: 10,
      audit: true,
    },
    {
      type: "K8S.NODE_NetworkScanningTool",
      title: "Network scanning tool detected",
      severity: "Medium",
      minutes: 5,
    },
    {
      type: "K8S.NODE_ServiceAccountTokenAccess",
      title: "Suspicious access to workload identity token or service account token detected",
      severity: "Medium",
      minutes: 6,
    },
  ],
  "lateral-mov": [
    webShell,
    {
      type: "K8S.NODE_ImdsCall",
      title: "Access to cloud metadata service detected",
      severity: "Medium",
      minutes: 5,
    },
  ],
  secrets: [
    webShell,
    {
      type: "K8S.NODE_SensitiveFilesAccess",
      title: "Sensitive files access detected",
      severity: "Medium",
      minutes: 5,
    },
    {
      type: "K8S.NODE_SecretReconnaissance",
      title: "Possible secret reconnaissance detected",
      severity: "Medium",
      minutes: 7,
    },
  ],
  crypto: [
    webShell,
    {
      type: "K8S.NODE_CpuOptimization",
      title: "Kubernetes CPU optimization detected",
      severity: "Medium",
      minutes: 5,
    },
    {
      type: "K8S.NODE_LdPreload",
      title: "Command within a container accessed ld.so.preload",
      severity: "Medium",
      minutes: 5,
    },
    {
      type: "K8S.NODE_CryptoCoinMinerDownload",
      title: "Possible Cryptocoinminer download detected",
      severity: "Medium",
      minutes: 6,
    },
    {
      type: "K8S.NODE_DigitalCurrencyMining",
      title: "Digital currency mining related behavior detected",
      severity: "High",
      minutes: 8,
    },
  ],
  "ti-domain": [
    {
      type: "K8S.NODE_ThreatIntelligenceTestDomain",
      title: "Communication with test domain identified by threat intelligence",
      severity: "Medium",
      minutes: 9,
    },
  ],
};

export const drift: Raised = {
  type: "K8S.NODE_DriftDetection",
  title: "A drift binary detected executing in the container",
  severity: "High",
  minutes: 5,
};
/** Detected by the agentless scan of the node's disk, once a day [Defender docs, test agentless malware scanning]. */
export const malware: Raised = {
  type: "VM_AgentlessMalware",
  title: "'EICAR_Test_File' malware was detected (Agentless)",
  severity: "High",
  minutes: 24 * 60,
};
export const privileged: Raised = {
  type: "K8S_PrivilegedContainer",
  title: "Privileged container detected",
  severity: "Informational",
  minutes: 10,
  audit: true,
};

/** What the bundle KubernetesService of sample alerts has; each says of itself that it is a sample. */
export const samples: readonly Raised[] = [
  {
    type: "K8S_ExposedDashboard",
    title: "[SAMPLE ALERT] Exposed Kubernetes dashboard detected",
    severity: "High",
    minutes: 2,
  },
  {
    type: "K8S_ClusterAdminBinding",
    title: "[SAMPLE ALERT] Role binding to the cluster-admin role detected",
    severity: "Informational",
    minutes: 2,
  },
  {
    type: "K8S.NODE_DigitalCurrencyMining",
    title: "[SAMPLE ALERT] Digital currency mining related behavior detected",
    severity: "High",
    minutes: 2,
  },
];
