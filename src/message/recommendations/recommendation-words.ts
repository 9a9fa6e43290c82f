import type { KnownRecommendation } from "../../domain/catalogue/known-recommendation.ts";
import type { RecommendationType } from "../../domain/recommendations/recommendation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

const words = sentences({
  en: {
    "control-plane": "Control plane",
    "data-plane": "Data plane",
    vulnerability: "Vulnerability",
    image: "image",
    container: "running container",
    cluster: "AKS cluster",
    registry: "registry",
    arc: "Arc-enabled cluster",
    subscription: "subscription",
  },
  ja: {
    "control-plane": "コントロール プレーン",
    "data-plane": "データ プレーン",
    vulnerability: "脆弱性",
    image: "イメージ",
    container: "実行中のコンテナー",
    cluster: "AKS クラスター",
    registry: "レジストリ",
    arc: "Arc 対応クラスター",
    subscription: "サブスクリプション",
  },
});

/** What Azure calls the resources that recommendations for containers are about, in small letters. */
const kinds = {
  ".containerimage": "image",
  "k8s-container": "container",
  managedclusters: "cluster",
  registries: "registry",
  connectedclusters: "arc",
  subscriptions: "subscription",
} as const;

/** `Data plane` · `データ プレーン`. */
export function typeWord(type: RecommendationType, language: Language): string {
  return words(language)(type);
}

/** `AKS cluster` for `Microsoft.ContainerService/managedClusters`; what is not known as Azure writes it, `–` for nothing. */
export function resourceKindWord(kind: string, language: Language): string {
  const last = kind.toLowerCase().split("/").at(-1) ?? "";
  const known = Object.entries(kinds).find(([name]) => name === last)?.[1];
  return known ? words(language)(known) : kind || "–";
}

/** The name of one in the catalogue, in the language where its name in it is known. */
export function knownTitle({ name, nameJa }: KnownRecommendation, language: Language): string {
  return (language === "ja" && nameJa) || name;
}
