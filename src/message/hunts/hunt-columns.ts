import type { Language } from "../../locales/language.ts";

/** Columns of the hunts that come with the bot; others are shown by their own name. */
const words: Record<string, Record<Language, string>> = {
  address: { en: "Address", ja: "アドレス" },
  alert: { en: "Alert", ja: "アラート" },
  alertType: { en: "Alert type", ja: "アラートの種類" },
  assignment: { en: "Policy assignment", ja: "ポリシー割り当て" },
  category: { en: "Category", ja: "カテゴリ" },
  cves: { en: "CVEs", ja: "CVE" },
  digest: { en: "Digest", ja: "ダイジェスト" },
  entra: { en: "Microsoft Entra ID", ja: "Microsoft Entra ID" },
  example: { en: "For example", ja: "例" },
  exemption: { en: "Exemption", ja: "除外" },
  expires: { en: "Expires", ja: "期限" },
  fixed: { en: "Fixed in", ja: "修正版" },
  image: { en: "Image", ja: "イメージ" },
  kubernetesChannel: { en: "Kubernetes channel", ja: "Kubernetes のチャネル" },
  location: { en: "Region", ja: "リージョン" },
  loginServer: { en: "Login server", ja: "ログイン サーバー" },
  namespace: { en: "Namespace", ja: "名前空間" },
  newest: { en: "Newest of yours", ja: "環境内の最新" },
  nodeChannel: { en: "Node OS channel", ja: "ノード OS のチャネル" },
  package: { en: "Package", ja: "パッケージ" },
  packages: { en: "Packages", ja: "パッケージ数" },
  plan: { en: "Containers plan", ja: "Containers プラン" },
  plugin: { en: "Network plugin", ja: "ネットワーク プラグイン" },
  pool: { en: "Node pool", ja: "ノード プール" },
  pushed: { en: "Pushed", ja: "プッシュ日" },
  rbac: { en: "Kubernetes RBAC", ja: "Kubernetes RBAC" },
  reason: { en: "Reason", ja: "理由" },
  recommendations: { en: "Open high recommendations", ja: "未対応の推奨事項 (高)" },
  reported: { en: "Reported", ja: "報告日時" },
  role: { en: "Role", ja: "ロール" },
  scope: { en: "Scope", ja: "スコープ" },
  severity: { en: "Severity", ja: "重大度" },
  sku: { en: "SKU", ja: "SKU" },
  used: { en: "Where", ja: "場所" },
  version: { en: "Version", ja: "バージョン" },
  workload: { en: "Workload", ja: "ワークロード" },
};

/** The label of a column. */
export function columnWord(name: string, language: Language): string {
  return Object.hasOwn(words, name) ? words[name]![language] : name;
}
