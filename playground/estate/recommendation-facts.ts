import { rowsOf } from "./table.ts";

/** Container recommendations [Defender for Cloud documentation, "Container security recommendations", June 2026]. */
export type RecommendationFact = {
  name: string;
  type: "control-plane" | "data-plane" | "vulnerability";
  severity: string;
  policy?: string;
};

/** Name, type, severity, policy. */
const table = `
(Enable if required) Container registries should be encrypted with a customer-managed key (CMK) | control-plane | Low | 5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580
Azure Arc-enabled Kubernetes clusters should have the Azure Policy extension installed | control-plane | High
Azure Arc-enabled Kubernetes clusters should have the Defender extension installed | control-plane | High
Azure Kubernetes Service clusters should have Defender profile enabled | control-plane | High
Azure Kubernetes Service clusters should have the Azure Policy add-on for Kubernetes installed | control-plane | High | 0a15ec92-a229-4763-bb14-0ea34a568f8d
Container registries should not allow unrestricted network access | control-plane | Medium | d0793b48-0edc-4296-a390-4c75d1bdfd71
Container registries should use private link | control-plane | Medium | e8eef0a8-67cf-4eb4-9386-14b0e78733d4
Diagnostic logs in Kubernetes services should be enabled | control-plane | Low
Kubernetes API server should be configured with restricted access | control-plane | High | 0e246bcf-5f6f-4f87-bc6f-775d4712c7ea
Role-Based Access Control should be used on Kubernetes Services | control-plane | High | ac4a19c2-fa67-49b4-8ae5-0b2e78c49457
Microsoft Defender for Containers should be enabled | control-plane | High
Container CPU and memory limits should be enforced | data-plane | Medium | e345eecc-fa47-480f-9e88-67dcc122b164
Container images should be deployed from trusted registries only | data-plane | High | febd0533-8e55-448f-b837-bd0e06f16469
Container with privilege escalation should be avoided | data-plane | Medium | 1c6e92c9-99f0-4e55-9cf2-0c234dc48f99
Containers sharing sensitive host namespaces should be avoided | data-plane | Medium | 47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8
Containers should only use allowed AppArmor profiles | data-plane | High | 511f5417-5d12-434d-ab2e-816901e72a5e
Immutable (read-only) root filesystem should be enforced for containers | data-plane | Medium | df49d893-a74c-421d-bc95-c663042e5b80
Kubernetes clusters should be accessible only over HTTPS | data-plane | High | 1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d
Kubernetes clusters should disable automounting API credentials | data-plane | High | 423dd1ba-798e-40e4-9c4d-b6902674b423
Kubernetes clusters should not grant CAPSYSADMIN security capabilities | data-plane | High
Kubernetes clusters should not use the default namespace | data-plane | Low | 9f061a12-e40d-4183-a00e-171812443373
Least privileged Linux capabilities should be enforced for containers | data-plane | Medium | c26596ff-4d70-4e6a-9a30-c2506bd2f80c
Privileged containers should be avoided | data-plane | Medium | 95edb821-ddaf-4404-9732-666045e056b4
Running containers as root user should be avoided | data-plane | High | f06ddb64-5fa3-4b77-b166-acb36f7f6042
Services should listen on allowed ports only | data-plane | Medium | 233a2a17-77ca-4fb1-9b6b-69223d272a44
Usage of host networking and ports should be restricted | data-plane | Medium | 82985f06-dc18-4a48-bc1c-b9f4f0098cfe
Usage of pod HostPath volume mounts should be restricted to a known list to restrict node access from compromised containers | data-plane | Medium | 098fc59e-46c7-4d99-9b16-64990e543d75
Upgrade Azure Kubernetes Service to remove vulnerabilities from AKS system pods (Preview) | control-plane | High
`;

export const recommendationFacts: readonly RecommendationFact[] = rowsOf(table).map(
  ([name = "", type, severity = "", policy]) => ({
    name,
    type: type as RecommendationFact["type"],
    severity,
    ...(policy && { policy }),
  }),
);
