import type { Located } from "../../domain/scope/scope.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Part } from "../message.ts";

const say = sentences({
  en: {
    cis_one:
      "The CIS Azure Kubernetes Service benchmark isn't assigned in {{number}} subscription with clusters: {{names}}.",
    cis_other:
      "The CIS Azure Kubernetes Service benchmark isn't assigned in {{number}} subscriptions with clusters: {{names}}.",
    more: "{{names}} and {{count}} more",
    open: "Request it for …",
    how: "In the portal: {{portal}} › Environment settings › the subscription › Security policies › CIS Azure Kubernetes Service (AKS) Benchmark: On. It needs Defender for Containers or Defender CSPM with K8S API access; first results can take up to 24 hours.",
    none: "To assign one: {{portal}} › Environment settings › the subscription › Security policies. It needs at least one paid Defender plan; first results can take up to 24 hours.",
    portal: "Microsoft Defender for Cloud",
  },
  ja: {
    cis_other:
      "CIS Azure Kubernetes Service ベンチマークが割り当てられていない、クラスターのあるサブスクリプション: {{number}} 個 ({{names}})。",
    more: "{{names}} ほか {{count}} 個",
    open: "割り当てを依頼…",
    how: "ポータルでは、{{portal}} › 環境設定 › 対象のサブスクリプション › セキュリティ ポリシー › CIS Azure Kubernetes Service (AKS) Benchmark をオンにしてください。K8S API アクセスを有効にした Defender for Containers または Defender CSPM が必要です。最初の結果が出るまで最大 24 時間かかります。",
    none: "割り当てるには、{{portal}} › 環境設定 › 対象のサブスクリプション › セキュリティ ポリシー を開いてください。有料の Defender プランが 1 つ以上必要です。最初の結果が出るまで最大 24 時間かかります。",
    portal: "Microsoft Defender for Cloud",
  },
});

const namesShown = 5;

/** Where CIS AKS is not assigned although there are clusters, with the request that turns it on, and the way in the portal; nothing where it is everywhere. */
export function cisUnassignedParts(
  subscriptions: readonly Located["subscription"][],
  portal: string,
  language: Language,
): Part[] {
  if (subscriptions.length === 0) return [];
  const words = say(language);
  const shown = formatItems(
    subscriptions.slice(0, namesShown).map(({ name }) => name),
    language,
  );
  const count = subscriptions.length;
  const more = count - namesShown;
  const names = more > 0 ? words("more", { names: shown, count: more }) : shown;
  return [
    { sentence: words("cis", { count, number: formatNumber(count, language), names }) },
    {
      actions: [
        {
          label: words("open"),
          menu: "select",
          options: subscriptions.map(({ id, name }) => ({
            label: name || id,
            line: commandLine(["enable", `sub:${id}`, "cis-standard"]),
          })),
        },
      ],
    },
    { note: words.rich("how", { portal: portalLink(portal, language) }) },
  ];
}

/** How any standard is assigned, where there is none. */
export function noStandardParts(portal: string, language: Language): Part[] {
  return [{ note: say(language).rich("none", { portal: portalLink(portal, language) }) }];
}

/** Blade of Defender's overview, as `message/coverage/fixes.ts` has it for its settings. */
function portalLink(portal: string, language: Language) {
  const url = `${portal}/#view/Microsoft_Azure_Security/SecurityMenuBlade/~/EnvironmentSettings`;
  return { link: say(language)("portal"), url };
}
