import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import type { Unread } from "../../domain/reading/reading.ts";
import { goneResources } from "../../domain/recommendations/gone.ts";
import type { Assessment } from "../../domain/recommendations/recommendation.ts";
import { isWholeCluster } from "../../domain/recommendations/recommendation-generations.ts";
import { groupAssessments, recommendationOf } from "../../domain/recommendations/recommendation-summary.ts";
import { scoreEffects } from "../../domain/recommendations/secure-score.ts";
import type { Scope } from "../../domain/scope/scope.ts";
import { assessmentsWithin } from "../../domain/scope/scoped-reading.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import { formatItems, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Part } from "../../message/message.ts";
import { affectedObjectsParts } from "../../message/recommendations/affected-objects.ts";
import { exemptParts } from "../../message/recommendations/exempt-resources.ts";
import { policyParametersParts } from "../../message/recommendations/policy-parameters.ts";
import { effectParts } from "../../message/recommendations/secure-score.ts";
import { noMatchMessage, withFilters } from "../../message/scope.ts";
import { exempted } from "../../readings/exempted.ts";
import { parametersInForce } from "../../readings/policy-parameters.ts";
import { findScope, subscriptionsWithin } from "../../readings/scope.ts";
import { languages } from "../../text/language.ts";
import { recommendationMessage } from "./recommendation-message.ts";

const say = sentences({
  en: {
    unknown: "Recommendation not found here. It may have been withdrawn.",
    unread: "Recommendation not found, but these couldn't be read: {{names}}.",
    gone: "Not found in Azure any more, probably deleted, though Defender still assesses it: {{names}}",
  },
  ja: {
    unknown: "推奨事項が見つかりません (報告対象外になった可能性があります)。",
    unread: "読み取れた範囲に推奨事項が見つかりません。読み取れなかったもの: {{names}}。",
    gone: "Azure に見つからないもの (削除済みと思われますが、Defender の評価が残っています): {{names}}",
  },
});
const mostNames = 5;

type Arguments = { key: string; scope?: Scope; csv: boolean };

/** The resources that a recommendation is about, and what can be done for them. */
export async function answer(
  { key, scope, csv }: Arguments,
  ports: Ports,
  { language }: Invocation,
): Promise<Answer> {
  const read = assessmentsWithin(await ports.readings.recommendations(), scope);
  const match = scope && read.value.length === 0 ? await findScope(ports, scope) : undefined;
  if (scope && match && match.kind !== "matched") {
    const again = (one: string) => commandLine(["recommendation", key, one], { csv });
    return noMatchMessage(scope, match, { language, again });
  }
  const asked = read.value.find((one) => one.key.toLowerCase() === key.toLowerCase());
  const same = read.value.filter((one) => asked && recommendationOf(one) === recommendationOf(asked));
  const [recommendation] = groupAssessments(same);
  if (!recommendation) throw notFound(read.unread, scope);
  const unassessed = await subscriptionsWithin(ports, read.unassessed, scope);
  const clusters = recommendation.unhealthy.filter((one) => one.policy && isWholeCluster(one));
  const isDataPlane = recommendation.type === "data-plane" && clusters.length > 0;
  const [objects, exempt, inForce, gone] = await Promise.all([
    isDataPlane ? ports.azure.affectedObjects(clusters) : undefined,
    exempted(ports, recommendation.exempt),
    parametersInForce(ports, recommendation.unhealthy),
    goneParts(recommendation.unhealthy, ports, language),
  ]);
  const { asOf, scores } = read;
  const effect = scores && scoreEffects(scores)(recommendation.unhealthy);
  const more = [
    ...gone,
    ...(objects ? affectedObjectsParts({ ...objects, clusters: clusters.length, asOf, csv }, language) : []),
    ...policyParametersParts(inForce, language),
    ...exemptParts(exempt, language),
    ...(scores && effect ? effectParts(effect, scores, language) : []),
  ];
  const result = { ...read, unassessed, value: recommendation };
  const about = { scope, csv, effect, more };
  return recommendationMessage(result, about, language);
}

function notFound(unread: readonly Unread[], scope: Scope | undefined): UserError {
  const said = languages.map((language) => {
    const names = formatItems(
      unread.slice(0, mostNames).map(({ id, name }) => name || id),
      language,
    );
    return withFilters(
      say(language)(unread.length > 0 ? "unread" : "unknown", { names }),
      { scope },
      language,
    );
  });
  return new UserError({ en: said[0]!, ja: said[1]! }, "recommendations");
}

/** Without an answer about what exists, nothing is said of it. */
async function goneParts(
  unhealthy: readonly Assessment[],
  { readings, log }: Pick<Ports, "readings" | "log">,
  language: Language,
): Promise<Part[]> {
  const targets = await readings.targets().catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ err: error }, "which assessed resources still exist is unknown");
  });
  const names = targets ? goneResources(unhealthy, targets) : [];
  if (names.length === 0) return [];
  return [{ note: say(language)("gone", { names: formatSome(names, mostNames, language) }) }];
}
