import type { KnownRecommendation } from "./known-recommendation.ts";
import { vulnerabilityRecommendations } from "./vulnerability-recommendations.ts";

export const recommendationsSource =
  "Defender for Cloud documentation, container security recommendations (2026-06-30 and earlier states) and Kubernetes data plane hardening (2026-08-07); Japanese names from a published verification (March 2025)";

/** Source: `recommendationsSource`. */
export const knownRecommendations: readonly KnownRecommendation[] = [
  {
    name: "(Enable if required) Container registries should be encrypted with a customer-managed key (CMK)",
    type: "control-plane",
    severity: "low",
    policy: "5b9159ae-1701-4a6f-9a7a-aa9c8ddd0580",
  },
  {
    name: "Azure Arc-enabled Kubernetes clusters should have the Azure Policy extension installed",
    type: "control-plane",
    severity: "high",
  },
  {
    name: "Azure Arc-enabled Kubernetes clusters should have the Defender extension installed",
    type: "control-plane",
    severity: "high",
  },
  {
    name: "Azure Kubernetes Service clusters should have Defender profile enabled",
    type: "control-plane",
    severity: "high",
  },
  {
    name: "Azure Kubernetes Service clusters should have the Azure Policy add-on for Kubernetes installed",
    type: "control-plane",
    severity: "high",
    policy: "0a15ec92-a229-4763-bb14-0ea34a568f8d",
  },
  {
    name: "Container registries should not allow unrestricted network access",
    type: "control-plane",
    severity: "medium",
    policy: "d0793b48-0edc-4296-a390-4c75d1bdfd71",
  },
  {
    name: "Container registries should use private link",
    type: "control-plane",
    severity: "medium",
    policy: "e8eef0a8-67cf-4eb4-9386-14b0e78733d4",
  },
  {
    name: "Diagnostic logs in Kubernetes services should be enabled",
    type: "control-plane",
    severity: "low",
  },
  {
    name: "Kubernetes API server should be configured with restricted access",
    type: "control-plane",
    severity: "high",
    policy: "0e246bcf-5f6f-4f87-bc6f-775d4712c7ea",
  },
  {
    name: "Role-Based Access Control should be used on Kubernetes Services",
    type: "control-plane",
    severity: "high",
    policy: "ac4a19c2-fa67-49b4-8ae5-0b2e78c49457",
  },
  { name: "Microsoft Defender for Containers should be enabled", type: "control-plane", severity: "high" },
  {
    name: "Container CPU and memory limits should be enforced",
    type: "data-plane",
    severity: "medium",
    policy: "e345eecc-fa47-480f-9e88-67dcc122b164",
  },
  {
    name: "Container images should be deployed from trusted registries only",
    type: "data-plane",
    severity: "high",
    policy: "febd0533-8e55-448f-b837-bd0e06f16469",
  },
  {
    name: "Container with privilege escalation should be avoided",
    type: "data-plane",
    severity: "medium",
    policy: "1c6e92c9-99f0-4e55-9cf2-0c234dc48f99",
  },
  {
    name: "Containers sharing sensitive host namespaces should be avoided",
    type: "data-plane",
    severity: "medium",
    policy: "47a1ee2f-2a2a-4576-bf2a-e0e36709c2b8",
  },
  {
    name: "Containers should only use allowed AppArmor profiles",
    also: ["Overriding or disabling of containers AppArmor profile should be restricted"],
    type: "data-plane",
    severity: "high",
    policy: "511f5417-5d12-434d-ab2e-816901e72a5e",
  },
  {
    name: "Immutable (read-only) root filesystem should be enforced for containers",
    type: "data-plane",
    severity: "medium",
    policy: "df49d893-a74c-421d-bc95-c663042e5b80",
  },
  {
    name: "Kubernetes clusters should be accessible only over HTTPS",
    type: "data-plane",
    severity: "high",
    policy: "1a5b4dca-0b6f-4cf5-907c-56316bc1bf3d",
  },
  {
    name: "Kubernetes clusters should disable automounting API credentials",
    type: "data-plane",
    severity: "high",
    policy: "423dd1ba-798e-40e4-9c4d-b6902674b423",
  },
  {
    name: "Kubernetes clusters should not grant CAPSYSADMIN security capabilities",
    also: [
      "Kubernetes clusters should not grant CAP_SYS_ADMIN capabilities",
      "Kubernetes clusters should not grant CAP_SYS_ADMIN security capabilities",
    ],
    type: "data-plane",
    severity: "high",
  },
  {
    name: "Kubernetes clusters should not use the default namespace",
    type: "data-plane",
    severity: "low",
    policy: "9f061a12-e40d-4183-a00e-171812443373",
  },
  {
    name: "Least privileged Linux capabilities should be enforced for containers",
    type: "data-plane",
    severity: "medium",
    policy: "c26596ff-4d70-4e6a-9a30-c2506bd2f80c",
  },
  {
    name: "Privileged containers should be avoided",
    type: "data-plane",
    severity: "medium",
    policy: "95edb821-ddaf-4404-9732-666045e056b4",
  },
  {
    name: "Running containers as root user should be avoided",
    type: "data-plane",
    severity: "high",
    policy: "f06ddb64-5fa3-4b77-b166-acb36f7f6042",
  },
  {
    name: "Services should listen on allowed ports only",
    also: ["Containers should listen on allowed ports only"],
    type: "data-plane",
    severity: "medium",
    policy: "233a2a17-77ca-4fb1-9b6b-69223d272a44",
  },
  {
    name: "Usage of host networking and ports should be restricted",
    type: "data-plane",
    severity: "medium",
    policy: "82985f06-dc18-4a48-bc1c-b9f4f0098cfe",
  },
  {
    name: "Usage of pod HostPath volume mounts should be restricted to a known list to restrict node access from compromised containers",
    also: ["Usage of pod HostPath volume mounts should be restricted to a known list"],
    type: "data-plane",
    severity: "medium",
    policy: "098fc59e-46c7-4d99-9b16-64990e543d75",
  },
  {
    name: "[Preview] Container images from deleted Azure Container Registries should not be used in your container workloads",
    type: "data-plane",
    severity: "medium",
    until: "2024-09-23",
  },
  ...vulnerabilityRecommendations,
];
