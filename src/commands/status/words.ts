import type { Language } from "../../locales/language.ts";

/** The portal's words for the plan's extensions [Defender for Cloud docs, support matrix]. */
const portal: Record<string, Record<Language, string>> = {
  AgentlessDiscoveryForKubernetes: { en: "K8S API access", ja: "K8S API アクセス" },
  ContainerRegistriesVulnerabilityAssessments: { en: "Registry access", ja: "レジストリ アクセス" },
  AgentlessVmScanning: { en: "Agentless scanning for machines", ja: "マシンのエージェントレス スキャン" },
  ContainerSensor: { en: "Defender sensor", ja: "Defender センサー" },
  ContainerIntegrityContribution: { en: "Security findings", ja: "セキュリティの検出結果" },
};

/** `K8S API access` for `AgentlessDiscoveryForKubernetes`; a name that is not known stays as it is. */
export function extensionWord(name: string, language: Language): string {
  return portal[name]?.[language] ?? name;
}
