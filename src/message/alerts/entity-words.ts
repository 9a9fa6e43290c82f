import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

/** Kinds of entities in alerts for containers [Microsoft's alert schemas, entities reference], without dashes. */
const texts = {
  en: {
    k8scluster: "Kubernetes cluster",
    k8snamespace: "namespace",
    k8spod: "pod",
    k8sdeployment: "deployment",
    k8sservice: "service",
    k8sserviceaccount: "service account",
    containerimage: "image",
    container: "container",
    containerregistry: "registry",
    azureresource: "Azure resource",
    ip: "IP address",
    dns: "domain name",
    url: "URL",
    host: "host",
    process: "process",
    file: "file",
    filehash: "file hash",
    account: "account",
    malware: "malware",
  },
  ja: {
    k8scluster: "Kubernetes クラスター",
    k8snamespace: "名前空間",
    k8spod: "ポッド",
    k8sdeployment: "Deployment",
    k8sservice: "サービス",
    k8sserviceaccount: "サービス アカウント",
    containerimage: "イメージ",
    container: "コンテナー",
    containerregistry: "レジストリ",
    azureresource: "Azure リソース",
    ip: "IP アドレス",
    dns: "ドメイン名",
    url: "URL",
    host: "ホスト",
    process: "プロセス",
    file: "ファイル",
    filehash: "ファイル ハッシュ",
    account: "アカウント",
    malware: "マルウェア",
  },
};
const say = sentences(texts);

/** `K8s-pod` as `pod` · `ポッド`; a kind that is not known, as Azure writes it. */
export function entityWord(kind: string, language: Language): string {
  const letters = kind.toLowerCase().replace(/[^a-z0-9]/g, "");
  return Object.hasOwn(texts.en, letters) ? say(language)(letters as keyof typeof texts.en) : kind;
}
