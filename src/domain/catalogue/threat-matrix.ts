/** The tactics of Microsoft's Threat Matrix for Kubernetes, in its order. */
export const matrixTactics = [
  "InitialAccess",
  "Execution",
  "Persistence",
  "PrivilegeEscalation",
  "DefenseEvasion",
  "CredentialAccess",
  "Discovery",
  "LateralMovement",
  "Collection",
  "Impact",
] as const;
export type MatrixTactic = (typeof matrixTactics)[number];

/** One technique of the matrix; `attack`: the techniques of MITRE ATT&CK that it names. */
export type Technique = {
  id: string;
  name: string;
  tactics: readonly MatrixTactic[];
  attack: readonly string[];
};

const row = (
  number: number,
  name: string,
  tactics: readonly MatrixTactic[],
  ...attack: string[]
): Technique => ({
  id: `MS-TA9${String(number).padStart(3, "0")}`,
  name,
  tactics,
  attack,
});

/** Source: Threat Matrix for Kubernetes (microsoft.github.io/Threat-Matrix-for-Kubernetes, 2023-01-23). */
export const techniques: readonly Technique[] = [
  row(1, "Using cloud credentials", ["InitialAccess"], "T1078.004"),
  row(2, "Compromised image in registry", ["InitialAccess"], "T1195.002", "T1525"),
  row(3, "Kubeconfig file", ["InitialAccess"]),
  row(4, "Application vulnerability", ["InitialAccess"], "T1190"),
  row(5, "Exposed sensitive interfaces", ["InitialAccess", "Discovery"], "T1133"),
  row(6, "Exec into container", ["Execution"], "T1609"),
  row(7, "Bash or cmd inside container", ["Execution"], "T1059"),
  row(8, "New container", ["Execution"], "T1610"),
  row(9, "Application exploit (RCE)", ["Execution"], "T1190"),
  row(10, "SSH server running inside container", ["Execution"]),
  row(11, "Sidecar injection", ["Execution"], "T1610"),
  row(12, "Backdoor container", ["Persistence"], "T1543"),
  row(13, "Writable hostPath mount", ["Persistence", "PrivilegeEscalation", "LateralMovement"], "T1611"),
  row(14, "Kubernetes CronJob", ["Persistence"], "T1053.007"),
  row(15, "Malicious admission controller", ["Persistence", "CredentialAccess"], "T1546"),
  row(16, "Container service account", ["Persistence", "CredentialAccess", "LateralMovement"], "T1528"),
  row(17, "Static pods", ["Persistence"]),
  row(18, "Privileged container", ["PrivilegeEscalation"], "T1610"),
  row(19, "Cluster-admin binding", ["PrivilegeEscalation"], "T1078.003"),
  row(20, "Access cloud resources", ["PrivilegeEscalation", "LateralMovement"], "T1078.004"),
  row(21, "Clear container logs", ["DefenseEvasion"], "T1070"),
  row(22, "Delete Kubernetes events", ["DefenseEvasion"], "T1070"),
  row(23, "Pod or container name similarity", ["DefenseEvasion"], "T1036.005"),
  row(24, "Connect from proxy server", ["DefenseEvasion"], "T1090"),
  row(25, "List Kubernetes secrets", ["CredentialAccess"], "T1552.007"),
  row(26, "Mount service principal", ["CredentialAccess"], "T1552.001"),
  row(27, "Application credentials in configuration files", ["CredentialAccess", "LateralMovement"], "T1552"),
  row(28, "Access managed identity credentials", ["CredentialAccess"], "T1552.005"),
  row(29, "Access Kubernetes API server", ["Discovery"], "T1613"),
  row(30, "Access Kubelet API", ["Discovery"], "T1613"),
  row(31, "Network mapping", ["Discovery"], "T1046"),
  row(33, "Instance Metadata API", ["Discovery"], "T1552.005"),
  row(34, "Cluster internal networking", ["LateralMovement"], "T1210"),
  row(35, "CoreDNS poisoning", ["LateralMovement"], "T1557"),
  row(36, "ARP poisoning and IP spoofing", ["LateralMovement"], "T1557"),
  row(37, "Images from a private registry", ["Collection"], "T1530"),
  row(38, "Data destruction", ["Impact"], "T1485"),
  row(39, "Resource hijacking", ["Impact"], "T1496"),
  row(40, "Denial of service", ["Impact"], "T1498", "T1499"),
  row(41, "Collecting data from pod", ["Collection"]),
];

/** The technique of an id. */
export function findTechnique(id: string): Technique | undefined {
  return techniques.find((one) => one.id === id);
}

/** Its page in the matrix or in ATT&CK. */
export function attackUrl(attack: string): string {
  return `https://attack.mitre.org/techniques/${attack.replace(".", "/")}/`;
}
