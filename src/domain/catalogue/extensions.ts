import type { Words } from "./words.ts";

/** An extension of a plan: the portal's word for it. */
export type KnownExtension = { name: string; portal: Words };

const matrix = "Defender for Cloud documentation, containers support matrix (2026-06-02)";

/** The extensions of the plan Containers. Defender CSPM and Defender for Servers have some under the same names. */
export const knownExtensions = [
  {
    name: "AgentlessDiscoveryForKubernetes",
    portal: { en: "K8S API access", ja: "K8S API アクセス" },
    source: matrix,
  },
  {
    name: "ContainerRegistriesVulnerabilityAssessments",
    portal: { en: "Registry access", ja: "レジストリ アクセス" },
    source: matrix,
  },
  {
    name: "AgentlessVmScanning",
    portal: { en: "Agentless scanning for machines", ja: "マシンのエージェントレス スキャン" },
    source: matrix,
  },
  { name: "ContainerSensor", portal: { en: "Defender sensor", ja: "Defender センサー" }, source: matrix },
  {
    name: "ContainerIntegrityContribution",
    portal: { en: "Security findings", ja: "セキュリティの検出結果" },
    source: matrix,
  },
] as const satisfies readonly (KnownExtension & { source: string })[];

export type ExtensionName = (typeof knownExtensions)[number]["name"];

/** `K8S API access` for `AgentlessDiscoveryForKubernetes`; undefined where the catalogue does not have it. */
export function findExtension(name: string): KnownExtension | undefined {
  return knownExtensions.find((one) => one.name.toLowerCase() === name.toLowerCase());
}

/** The plans of Defender for Cloud that give features of containers, with the portal's names. */
export const planNames = {
  Containers: { en: "Defender for Containers", ja: "Defender for Containers" },
  CloudPosture: { en: "Defender CSPM", ja: "Defender CSPM" },
  VirtualMachines: { en: "Defender for Servers P2", ja: "Defender for Servers P2" },
  FoundationalCspm: { en: "Foundational CSPM", ja: "Foundational CSPM" },
} as const satisfies Record<string, Words>;
export type PlanName = keyof typeof planNames;
