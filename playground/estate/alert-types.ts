import { rowsOf } from "./table.ts";

/**
 * Alert types of Defender for Containers: id, title, severity, tactics [Defender for Cloud documentation, "Alerts for
 * containers - Kubernetes clusters"]. `K8S.NODE_…` comes from the sensor, `K8S_…` from the audit log.
 */
export type AlertType = readonly [id: string, title: string, severity: string, tactics: string];

const table = `
K8S.NODE_CommonBot | Behavior similar to common Linux bots detected | Medium | Execution, Collection, Command And Control
K8S.NODE_ContainerSSH | SSH server is running inside a container | Informational | Execution
K8S.NODE_CryptoCoinMinerArtifacts | Process associated with digital currency mining detected | Medium | Execution, Exploitation
K8S.NODE_CryptoCoinMinerDownload | Possible Cryptocoinminer download detected | Medium | DefenseEvasion, Command And Control, Exploitation
K8S.NODE_CryptoCoinMinerExecution | Potential crypto coin miner started | Medium | Execution
K8S.NODE_DigitalCurrencyMining | Digital currency mining related behavior detected | High | Execution
K8S.NODE_DownloadAndRunCombo | Suspicious Download Then Run Activity | Medium | Execution, CommandAndControl, Exploitation
K8S.NODE_EICAR | Microsoft Defender for Cloud test alert (not a threat) | High | Execution
K8S.NODE_ExploitAttempt | Possible command line exploitation attempt | Medium | Exploitation
K8S.NODE_HistoryFileCleared | A history file has been cleared | Medium | DefenseEvasion
K8S.NODE_ImageBuildOnNode | Docker build operation detected on a Kubernetes node | Informational | DefenseEvasion
K8S.NODE_ImdsCall | Access to cloud metadata service detected | Medium | CredentialAccess
K8S.NODE_KnownLinuxAttackTool | Possible attack tool detected | Medium | Execution, Collection, Command And Control, Probing
K8S.NODE_KnownLinuxCredentialAccessTool | Possible credential access tool detected | Medium | CredentialAccess
K8S.NODE_KnownLinuxDDoSToolkit | Indicators associated with DDOS toolkit detected | Medium | Persistence, LateralMovement, Execution, Exploitation
K8S.NODE_KubeConfigAccess | Access to kubelet kubeconfig file detected | Medium | CredentialAccess
K8S.NODE_KubernetesAPI | Suspicious request to Kubernetes API | Medium | LateralMovement
K8S.NODE_KubernetesDashboard | Suspicious request to the Kubernetes Dashboard | Medium | LateralMovement
K8S.NODE_LinuxBackdoorArtifact | Possible backdoor detected | Medium | Persistence, DefenseEvasion, Execution, Exploitation
K8S.NODE_MitreCalderaTools | MITRE Caldera agent detected | Medium | Persistence, Privilege Escalation, DefenseEvasion, CredentialAccess, Discovery, LateralMovement, Execution, Collection, Exfiltration, Command And Control, Probing, Exploitation
K8S.NODE_NamespaceCreation | Attempt to create a new Linux namespace from a container detected | Informational | Privilege Escalation
K8S.NODE_PrivilegedContainerArtifacts | Container running in privileged mode | Informational | Privilege Escalation, Execution
K8S.NODE_PrivilegedExecutionInContainer | Command within a container running with high privileges | Informational | Privilege Escalation
K8S.NODE_ReconnaissanceArtifactsBurst | Burst of multiple reconnaissance commands could indicate initial activity after compromise | Low | Discovery, Collection
K8S.NODE_ReverseShell | Potential reverse shell detected | Medium | Exfiltration, Exploitation
K8S.NODE_SshKeyAccess | Process seen accessing the SSH authorized keys file in an unusual way | Informational | Unknown
K8S.NODE_SuspectConnection | An uncommon connection attempt detected | Medium | Execution, Exfiltration, Exploitation
K8S.NODE_SuspectDownload | Detected file download from a known malicious source | Medium | Privilege Escalation, Execution, Exfiltration, Command And Control
K8S.NODE_SuspectDownloadArtifacts | Detected suspicious file download | Informational | Persistence
K8S.NODE_SuspectNohup | Detected suspicious use of the nohup command | Medium | Persistence, DefenseEvasion
K8S.NODE_SuspectPasswordChange | Possible password change using crypt-method detected | Medium | CredentialAccess
K8S.NODE_SuspectPasswordFileAccess | Suspicious password access | Informational | Persistence
K8S.NODE_SuspectPortForwarding | Potential port forwarding to external IP address | Medium | Exfiltration, Command And Control
K8S.NODE_SuspectProcessTermination | Security-related process termination detected | Low | Persistence
K8S.NODE_SuspectUserAddition | Detected suspicious use of the useradd command | Medium | Persistence
K8S.NODE_SystemLogRemoval | Possible Log Tampering Activity Detected | Medium | DefenseEvasion
K8S.NODE_TimerServiceDisabled | Attempt to stop apt-daily-upgrade.timer service detected | Informational | DefenseEvasion
K8S.NODE_TimestampTampering | Suspicious file timestamp modification | Low | Persistence, DefenseEvasion
K8S.NODE_Webshell | Possible malicious web shell detected | Medium | Persistence, Exploitation
K8S_AbnormalMiActivity | Abnormal activity of managed identity associated with Kubernetes | Medium | Lateral Movement
K8S_AdmissionController | Creation of admission webhook configuration detected | Informational | Credential Access, Persistence
K8S_ClusterAdminBinding | Role binding to the cluster-admin role detected | Informational | Persistence, Privilege Escalation
K8S_CoreDnsModification | CoreDNS modification in Kubernetes detected | Low | Lateral Movement
K8S_DeleteEvents | Kubernetes events deleted | Low | Defense Evasion
K8S_ExposedDashboard | Exposed Kubernetes dashboard detected | High | Initial Access
K8S_ExposedKubeflow | Exposed Kubeflow dashboard detected | Medium | Initial Access
K8S_ExposedPostgresBroadIPRange | Exposed Postgres service with risky configuration in Kubernetes detected | Medium | InitialAccess
K8S_ExposedPostgresTrustAuth | Exposed Postgres service with trust authentication configuration in Kubernetes detected | Medium | InitialAccess
K8S_ExposedRedis | Exposed Redis service in AKS detected | Low | Initial Access
K8S_ExposedService | Exposed Kubernetes service detected | Medium | Initial Access
K8S_HighPrivilegesRole | New high privileges role detected | Informational | Persistence
K8S_KubeSystemContainer | New container in the kube-system namespace detected | Informational | Persistence
K8S_MaliciousContainerImage | Digital currency mining container detected | High | Execution
K8S_PenTestToolsKubeHunter | Kubernetes penetration testing tool detected | Low | Execution
K8S_PrivilegedContainer | Privileged container detected | Informational | Privilege Escalation
K8S_SensitiveMount | Container with a sensitive volume mount detected | Informational | Privilege Escalation
K8S_ServiceAccountRareOperation | Abnormal Kubernetes service account operation detected | Medium | Lateral Movement, Credential Access
K8S_TI_Proxy | K8S API requests from proxy IP address detected | Low | Execution
`;

export const alertTypes: readonly AlertType[] = rowsOf(table).map(
  ([id = "", title = "", severity = "", tactics = ""]) => [id, title, severity, tactics],
);
