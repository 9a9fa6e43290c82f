import type { RecommendationType } from "../domain/recommendation.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";

const words = sentences({
  en: { "control-plane": "Control plane", "data-plane": "Data plane", vulnerability: "Vulnerability" },
  ja: { "control-plane": "コントロール プレーン", "data-plane": "データ プレーン", vulnerability: "脆弱性" },
});

/** `Data plane` · `データ プレーン`. */
export function typeWord(type: RecommendationType, language: Language): string {
  return words(language)(type);
}
