/** One control: its recommendations by the beginning of their names; one without any has to be checked by hand. */
export type ControlFact = {
  id: string;
  title: string;
  recommendations?: readonly string[];
  category?: string;
};
export type StandardFact = { name: string; controls: readonly ControlFact[] };

/**
 * CIS Azure Kubernetes Service (AKS) Benchmark, an extract of v1.5. The display name is that of Defender's list of
 * standards; the resource's name is unconfirmed and made of it, as those of other standards are.
 */
export const cisAks: StandardFact = {
  name: "CIS-Azure-Kubernetes-Service-(AKS)-Benchmark-v1.5.0",
  controls: [
    {
      id: "2.1.1",
      title: "Enable audit Logs",
      recommendations: ["Diagnostic logs in Kubernetes services"],
    },
    {
      id: "3.1.1",
      title: "Ensure that the kubeconfig file permissions are set to 644 or more restrictive",
    },
    { id: "3.2.1", title: "Ensure that the --anonymous-auth argument is set to false" },
    { id: "4.1.1", title: "Ensure that the cluster-admin role is only used where required" },
    {
      id: "4.1.6",
      title: "Ensure that Service Account Tokens are only mounted where necessary",
      recommendations: ["Kubernetes clusters should disable automounting"],
    },
    {
      id: "4.2.1",
      title: "Minimize the admission of privileged containers",
      recommendations: ["Privileged containers"],
    },
    {
      id: "4.2.2",
      title: "Minimize the admission of containers wishing to share the host process ID namespace",
      recommendations: ["Containers sharing sensitive host namespaces"],
    },
    {
      id: "4.2.4",
      title: "Minimize the admission of containers wishing to share the host network namespace",
      recommendations: ["Usage of host networking"],
    },
    {
      id: "4.2.5",
      title: "Minimize the admission of containers with allowPrivilegeEscalation",
      recommendations: ["Container with privilege escalation"],
    },
    { id: "4.4.2", title: "Ensure that all Namespaces have Network Policies defined" },
    {
      id: "4.6.3",
      title: "The default namespace should not be used",
      recommendations: ["Kubernetes clusters should not use the default namespace"],
    },
    {
      id: "5.1.1",
      title: "Ensure Image Vulnerability Scanning using Microsoft Defender for Cloud (MDC) image scanning",
      category: "SoftwareUpdate",
    },
    { id: "5.2.1", title: "Prefer using dedicated AKS Service Accounts" },
    {
      id: "5.4.1",
      title: "Restrict Access to the Control Plane Endpoint",
      recommendations: ["Kubernetes API server should be configured"],
    },
    {
      id: "5.5.1",
      title: "Manage Kubernetes RBAC users with Azure AD",
      recommendations: ["Role-Based Access Control"],
    },
  ],
};

/** Microsoft cloud security benchmark v1, an extract. */
export const cloudBenchmark: StandardFact = {
  name: "Microsoft-cloud-security-benchmark",
  controls: [
    {
      id: "NS-2",
      title: "Secure cloud native services with network controls",
      recommendations: [
        "Container registries should not allow",
        "Container registries should use private link",
        "Kubernetes API server should be configured",
      ],
    },
    { id: "IM-1", title: "Use centralized identity and authentication system" },
    {
      id: "PA-7",
      title: "Follow just enough administration (least privilege) principle",
      recommendations: ["Role-Based Access Control"],
    },
    {
      id: "DP-3",
      title: "Encrypt sensitive data in transit",
      recommendations: ["Kubernetes clusters should be accessible only over HTTPS"],
    },
    {
      id: "DP-5",
      title: "Use customer-managed key option in data at rest encryption when required",
      recommendations: ["(Enable if required) Container registries should be encrypted"],
    },
    {
      id: "LT-1",
      title: "Enable threat detection capabilities",
      recommendations: ["Azure Kubernetes Service clusters should have Defender profile"],
    },
    {
      id: "LT-3",
      title: "Enable logging for security investigation",
      recommendations: ["Diagnostic logs in Kubernetes services"],
    },
    {
      id: "PV-2",
      title: "Audit and enforce secure configurations",
      recommendations: [
        "Azure Kubernetes Service clusters should have the Azure Policy add-on",
        "Container CPU and memory limits",
        "Container images should be deployed from trusted",
        "Container with privilege escalation",
        "Containers sharing sensitive host namespaces",
        "Immutable (read-only) root filesystem",
        "Least privileged Linux capabilities",
        "Privileged containers",
        "Running containers as root",
        "Services should listen on allowed ports",
      ],
    },
    {
      id: "PV-6",
      title: "Rapidly and automatically remediate vulnerabilities",
      category: "SoftwareUpdate",
      recommendations: ["Upgrade Azure Kubernetes Service"],
    },
    { id: "IR-1", title: "Preparation - update incident response plan and handling process" },
    { id: "BR-1", title: "Ensure regular automated backups" },
  ],
};

export const standardFacts = [cisAks, cloudBenchmark];
