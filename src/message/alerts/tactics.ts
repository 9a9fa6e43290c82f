import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

/** The tactics of the alerts API's `intent` (SecurityAlert, KillChainIntent), in the words of Microsoft and MITRE. */
const texts = {
  en: {
    preattack: "Pre-attack",
    reconnaissance: "Reconnaissance",
    resourcedevelopment: "Resource Development",
    initialaccess: "Initial Access",
    execution: "Execution",
    persistence: "Persistence",
    privilegeescalation: "Privilege Escalation",
    defenseevasion: "Defense Evasion",
    credentialaccess: "Credential Access",
    discovery: "Discovery",
    lateralmovement: "Lateral Movement",
    collection: "Collection",
    exfiltration: "Exfiltration",
    commandandcontrol: "Command and Control",
    impact: "Impact",
    probing: "Probing",
    exploitation: "Exploitation",
  },
  ja: {
    preattack: "攻撃前",
    reconnaissance: "偵察",
    resourcedevelopment: "リソース開発",
    initialaccess: "初期アクセス",
    execution: "実行",
    persistence: "永続化",
    privilegeescalation: "特権エスカレーション",
    defenseevasion: "防御回避",
    credentialaccess: "資格情報アクセス",
    discovery: "探索",
    lateralmovement: "横移動",
    collection: "収集",
    exfiltration: "流出",
    commandandcontrol: "コマンド アンド コントロール",
    impact: "影響",
    probing: "プローブ",
    exploitation: "悪用",
  },
};
const say = sentences(texts);

/** `Credential Access, Discovery`; "" for none. */
export function tacticsText(tactics: readonly string[], language: Language): string {
  const words = tactics.map((tactic) => tacticWord(tactic, language));
  return formatItems(words, language);
}

/** `CredentialAccess` as `Credential Access` · `資格情報アクセス`; a tactic that is not known, as Azure writes it. */
function tacticWord(tactic: string, language: Language): string {
  const letters = tactic.toLowerCase().replace(/[^a-z]/g, "");
  return Object.hasOwn(texts.en, letters) ? say(language)(letters as keyof typeof texts.en) : tactic;
}
