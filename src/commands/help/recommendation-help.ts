import type { Ports } from "../../definitions/ports.ts";
import { findRecommendation } from "../../domain/catalogue/find-recommendation.ts";
import type { KnownRecommendation } from "../../domain/catalogue/known-recommendation.ts";
import { parametersOf } from "../../domain/catalogue/policy-parameters.ts";
import type { Assessment, Recommendation } from "../../domain/recommendations/recommendation.ts";
import { groupAssessments, recommendationOf } from "../../domain/recommendations/recommendation-summary.ts";
import { scenariosForRecommendation } from "../../domain/simulations/proofs/proofs.ts";
import { UpstreamError } from "../../errors.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message, Part, Sentence } from "../../message/message.ts";
import { knownTitle, typeWord } from "../../message/recommendations/recommendation-words.ts";
import { severityWord } from "../../message/words.ts";
import { hereFacts, simulationParts } from "./here.ts";

const say = sentences({
  en: {
    type: "Type",
    severity: "Severity",
    policy: "Policy definition",
    parameters: "Parameters",
    "parameters-at": "{{names}}, on the assignment of the policy or of the benchmark that holds it",
    also: "Also called",
    until: "Listed until",
    now: "Now",
    counts: "{{unhealthy}} affected, {{healthy}} healthy",
    none: "Not assessed on anything here",
    unread: "Unknown because Azure couldn't be read",
    why: "What it means",
    fix: "How to fix it",
    silent: "Azure's description comes with an assessment, and there is none here. {{link}}",
    link: "Microsoft's list of recommendations",
    source: "Source",
    "source-text": "Defender for Cloud documentation, container security recommendations (2026-06-30)",
    uncatalogued: "Not in Breakwater's catalogue: shown as Defender reports it.",
    open: "Show affected resources",
  },
  ja: {
    type: "種類",
    severity: "重大度",
    policy: "ポリシー定義",
    parameters: "パラメーター",
    "parameters-at": "{{names}} (ポリシーまたはそれを含むベンチマークの割り当てで設定)",
    also: "別名",
    until: "掲載の終了日",
    now: "現在",
    counts: "対象 {{unhealthy}}、正常 {{healthy}}",
    none: "この環境では評価されていません",
    unread: "不明 (Azure を読み取れませんでした)",
    why: "意味",
    fix: "修復方法",
    silent: "説明は Azure の評価に含まれますが、この環境には評価がありません。{{link}}",
    link: "Microsoft の推奨事項の一覧",
    source: "出典",
    "source-text": "Defender for Cloud のドキュメント (コンテナーのセキュリティに関する推奨事項、2026-06-30)",
    uncatalogued: "Breakwater のカタログにないため、Defender の報告どおりに表示しています。",
    open: "対象リソースを表示",
  },
});

const documented = "https://learn.microsoft.com/azure/defender-for-cloud/recommendations-reference-container";

/** A recommendation of the catalogue, or one that only an assessment names. */
type Asked = { known?: KnownRecommendation; assessment?: Assessment };

/** What a recommendation means, what it says here, and how to simulate it. */
export async function recommendationHelp(
  { known, assessment }: Asked,
  ports: Ports,
  language: Language,
): Promise<Message> {
  const words = say(language);
  const now = await current(ports, (one) =>
    assessment ? one.key === assessment.key : findRecommendation(recognisable(one)) === known,
  );
  const about = now === "unread" ? undefined : now;
  const { type } = known ?? assessment ?? { type: "control-plane" as const };
  const here = await hereFacts(
    { feature: featureOf(type, known?.name ?? ""), does: "assesses" },
    ports,
    language,
  );
  const listed = known?.severity === "unknown" ? undefined : known?.severity;
  const severity = about?.severity ?? listed ?? assessment?.severity ?? "unknown";
  const title = known ? knownTitle(known, language) : (assessment?.title ?? "");
  const scenarios = known ? scenariosForRecommendation(known, ports.definitions.scenarios) : [];
  const facts: [string, Sentence][] = [
    [words("type"), typeWord(type, language)],
    [words("severity"), severityWord(severity, language)],
    ...catalogueFacts(known, language),
    [words("now"), countsText(now, language)],
    ...here.facts,
    ...(known ? [[words("source"), words("source-text")] as [string, Sentence]] : []),
  ];
  return {
    headline: title,
    tone: about && about.unhealthy.length > 0 ? "warning" : "neutral",
    parts: [
      { facts },
      ...meaning(about, language),
      ...simulationParts(scenarios, ports, language),
      ...(about
        ? [{ actions: [{ label: words("open"), line: commandLine(["recommendation", about.key]) }] }]
        : []),
      ...(known ? [] : [{ note: words("uncatalogued") }]),
      ...here.parts,
    ],
  };
}

const recognisable = ({ key, policy = "", title }: Assessment) => ({ key, policy, title, category: "" });

/** What assessments say of it now; undefined where there are none. */
async function current(
  { readings }: Pick<Ports, "readings">,
  fits: (one: Assessment) => boolean,
): Promise<Recommendation | undefined | "unread"> {
  const read = await readings.recommendations().catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
  });
  if (!read) return "unread";
  const { assessments } = read.value;
  const first = assessments.find(fits);
  return (
    first &&
    groupAssessments(assessments.filter((one) => recommendationOf(one) === recommendationOf(first)))[0]
  );
}

function catalogueFacts(known: KnownRecommendation | undefined, language: Language): [string, Sentence][] {
  const words = say(language);
  if (!known) return [];
  const { policy, also = [], until } = known;
  const names = formatItems(
    parametersOf(policy).map(({ title }) => title[language]),
    language,
  );
  return [
    ...(policy ? [[words("policy"), { code: policy }] as [string, Sentence]] : []),
    ...(names ? [[words("parameters"), words("parameters-at", { names })] as [string, Sentence]] : []),
    ...(also.length > 0 ? [[words("also"), formatItems(also, language)] as [string, Sentence]] : []),
    ...(until ? [[words("until"), until] as [string, Sentence]] : []),
  ];
}

function countsText(now: Recommendation | undefined | "unread", language: Language): string {
  const words = say(language);
  if (now === "unread") return words("unread");
  return now ? words("counts", { unhealthy: now.unhealthy.length, healthy: now.healthy }) : words("none");
}

function meaning(now: Recommendation | undefined, language: Language): Part[] {
  const words = say(language);
  const quoted = (title: string, quote: string): Part[] =>
    quote ? [{ sentence: { strong: title } }, { quote }] : [];
  const said = [
    ...quoted(words("why"), now?.description ?? ""),
    ...quoted(words("fix"), now?.remediation ?? ""),
  ];
  const link = { link: words("link"), url: documented };
  return said.length > 0 ? said : [{ note: words.rich("silent", { link }) }];
}

/** Which feature assesses it. */
function featureOf(type: Recommendation["type"], name: string): string {
  if (type !== "vulnerability")
    return type === "data-plane" ? "data-plane-hardening" : "control-plane-hardening";
  if (/node/i.test(name)) return "node-vulnerabilities";
  return /running/i.test(name) ? "running-containers" : "registry-images";
}
