import type { Answer, Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { allGaps, groupCauses } from "../../domain/coverage/causes.ts";
import { summariseCoverage } from "../../domain/coverage/coverage-summary.ts";
import { featureMatrixSteps } from "../../domain/coverage/feature-matrix.ts";
import { supportGaps } from "../../domain/coverage/uncatalogued.ts";
import type { Scope } from "../../domain/scope/scope.ts";
import { coverageWithin } from "../../domain/scope/scoped-reading.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf } from "../../message/as-of.ts";
import { commandLine } from "../../message/line.ts";
import { noMatchMessage, withFilters } from "../../message/scope.ts";
import { withPods } from "../../readings/cluster-pods.ts";
import { findScope } from "../../readings/scope.ts";
import { inTurns } from "../../text/yield-to-event-loop.ts";
import { causesParts } from "./causes-parts.ts";
import { featuresParts } from "./features-parts.ts";
import { placesParts } from "./places-parts.ts";

const say = sentences({
  en: {
    fixes: "Fixes",
    features: "By feature",
    clusters: "By cluster",
    causes_one: "{{count}} cause to fix",
    causes_other: "{{count}} causes to fix",
    none: "Nothing to fix in what was read",
    "by-feature": "Defender features, one by one",
    places_one: "Features of {{count}} cluster or registry",
    places_other: "Features of {{count}} clusters and registries",
  },
  ja: {
    fixes: "対処方法",
    features: "機能別",
    clusters: "クラスター別",
    causes_other: "対処が必要な原因: {{count}} 件",
    none: "読み取れた範囲に、対処が必要なものはありません",
    "by-feature": "Defender の機能ごとの状態",
    places_other: "クラスターとレジストリの機能: {{count}} 個",
  },
});

type Arguments = { view: "fixes" | "features" | "clusters"; scope?: Scope };

/** Fixes, features or clusters of a scope, as a modal. */
export async function answer(
  { view, scope }: Arguments,
  ports: Ports,
  { language }: Invocation,
): Promise<Answer> {
  const words = say(language);
  const { readings, settings } = ports;
  const whole = await readings.coverage();
  const within = coverageWithin(whole, scope);
  const empty = Object.values(within.value).every((part) => part.length === 0);
  const match = scope && empty ? await findScope(ports, scope) : undefined;
  if (scope && match && match.kind !== "matched") {
    const again = (one: string) => commandLine(["status-details", view, one]);
    return noMatchMessage(scope, match, { language, again });
  }
  const read = { ...within, value: await withPods(within.value, whole, ports) };
  const matrix = await inTurns(featureMatrixSteps(read.value, read.asOf));
  const { gaps } = summariseCoverage(read.value);
  const causes = groupCauses(allGaps([...gaps, ...supportGaps(read.value.clusters, read.asOf)], matrix));
  const places = [...matrix.clusters, ...matrix.registries];
  const [headline, parts] =
    view === "fixes"
      ? [
          causes.length > 0 ? words("causes", { count: causes.length }) : words("none"),
          causesParts(causes, settings.azure.portal, language),
        ]
      : view === "features"
        ? [words("by-feature"), featuresParts(matrix, language)]
        : [words("places", { count: places.length }), placesParts(places, language)];
  return {
    modal: {
      title: words(view),
      headline: withFilters(headline, { scope }, language),
      parts: [...parts, ...asOf(read, language)],
    },
  };
}
