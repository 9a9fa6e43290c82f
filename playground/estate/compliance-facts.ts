import { rowsOf } from "./table.ts";

/** One control: its recommendations by the beginning of their names; one without any has to be checked by hand. */
export type ControlFact = {
  id: string;
  title: string;
  recommendations?: readonly string[];
  category?: string;
};
export type StandardFact = { name: string; controls: readonly ControlFact[] };

/** Id, title, recommendations, category. */
function controlsOf(table: string): ControlFact[] {
  return rowsOf(table).map(([id = "", title = "", recommendations, category]) => ({
    id,
    title,
    ...(recommendations && { recommendations: recommendations.split("; ") }),
    ...(category && { category }),
  }));
}

/**
 * CIS Azure Kubernetes Service (AKS) Benchmark, an extract of v1.5. The display name is that of Defender's list of
 * standards; the resource's name is unconfirmed and made of it, as those of other standards are.
 */
export const cisAks: StandardFact = {
  name: "CIS-Azure-Kubernetes-Service-(AKS)-Benchmark-v1.5.0",
  controls: controlsOf(`
2.1.1 | Enable audit Logs | Diagnostic logs in Kubernetes services
3.1.1 | Ensure that the kubeconfig file permissions are set to 644 or more restrictive
3.2.1 | Ensure that the --anonymous-auth argument is set to false
4.1.1 | Ensure that the cluster-admin role is only used where required
4.1.6 | Ensure that Service Account Tokens are only mounted where necessary | Kubernetes clusters should disable automounting
4.2.1 | Minimize the admission of privileged containers | Privileged containers
4.2.2 | Minimize the admission of containers wishing to share the host process ID namespace | Containers sharing sensitive host namespaces
4.2.4 | Minimize the admission of containers wishing to share the host network namespace | Usage of host networking
4.2.5 | Minimize the admission of containers with allowPrivilegeEscalation | Container with privilege escalation
4.4.2 | Ensure that all Namespaces have Network Policies defined
4.6.3 | The default namespace should not be used | Kubernetes clusters should not use the default namespace
5.1.1 | Ensure Image Vulnerability Scanning using Microsoft Defender for Cloud (MDC) image scanning |  | SoftwareUpdate
5.2.1 | Prefer using dedicated AKS Service Accounts
5.4.1 | Restrict Access to the Control Plane Endpoint | Kubernetes API server should be configured
5.5.1 | Manage Kubernetes RBAC users with Azure AD | Role-Based Access Control
`),
};

/** Microsoft cloud security benchmark v1, an extract. */
export const cloudBenchmark: StandardFact = {
  name: "Microsoft-cloud-security-benchmark",
  controls: controlsOf(`
NS-2 | Secure cloud native services with network controls | Container registries should not allow; Container registries should use private link; Kubernetes API server should be configured
IM-1 | Use centralized identity and authentication system
PA-7 | Follow just enough administration (least privilege) principle | Role-Based Access Control
DP-3 | Encrypt sensitive data in transit | Kubernetes clusters should be accessible only over HTTPS
DP-5 | Use customer-managed key option in data at rest encryption when required | (Enable if required) Container registries should be encrypted
LT-1 | Enable threat detection capabilities | Azure Kubernetes Service clusters should have Defender profile
LT-3 | Enable logging for security investigation | Diagnostic logs in Kubernetes services
PV-2 | Audit and enforce secure configurations | Azure Kubernetes Service clusters should have the Azure Policy add-on; Container CPU and memory limits; Container images should be deployed from trusted; Container with privilege escalation; Containers sharing sensitive host namespaces; Immutable (read-only) root filesystem; Least privileged Linux capabilities; Privileged containers; Running containers as root; Services should listen on allowed ports
PV-6 | Rapidly and automatically remediate vulnerabilities | Upgrade Azure Kubernetes Service | SoftwareUpdate
IR-1 | Preparation - update incident response plan and handling process
BR-1 | Ensure regular automated backups
`),
};

export const standardFacts = [cisAks, cloudBenchmark];
