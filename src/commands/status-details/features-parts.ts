import { type Feature, featureGroups, features } from "../../domain/catalogue/features.ts";
import { groupCauses } from "../../domain/coverage/causes.ts";
import { type FeatureCell, type FeatureMatrix, isThere } from "../../domain/coverage/feature-matrix.ts";
import { countValues, featureValues } from "../../domain/coverage/feature-value.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { causeNames, causeWord } from "../../message/coverage/cause-texts.ts";
import { countedWords, evidenceWords, groupWord } from "../../message/coverage/feature-words.ts";
import type { Part, Sentence } from "../../message/message.ts";

const causesShown = 3;

/** Each feature: at how many places it has which value, why, and the evidence of the worst. */
export function featuresParts(matrix: FeatureMatrix, language: Language): Part[] {
  const places = [...matrix.clusters, ...matrix.registries];
  // Without clusters and registries, what their subscriptions' settings would give them.
  const shown = places.length > 0 ? places : matrix.subscriptions;
  return featureGroups.flatMap((group): Part[] => [
    { sentence: { strong: groupWord(group, language) } },
    {
      list: features.flatMap((feature, index) =>
        feature.group === group
          ? [featureLine(feature, shown.map(({ cells }) => cells[index]!).filter(isThere), language)]
          : [],
      ),
    },
  ]);
}

function featureLine({ name }: Feature, cells: readonly FeatureCell[], language: Language): Sentence {
  const worst = featureValues.flatMap((value) => cells.filter((cell) => cell.value === value)).at(0);
  const causes = groupCauses(
    cells
      .filter(({ value }) => value !== "on" && value !== "not-applicable")
      .flatMap(({ because }) => because.flatMap(({ gap }) => gap ?? [])),
  );
  const whys = causes.slice(0, causesShown).map((cause) => {
    const names = [...new Set(cause.gaps.map(({ on }) => on.name))];
    return `${causeWord(cause, language)} (${causeNames(names, language)})`;
  });
  const evidence = worst?.because[0];
  return [
    { strong: name[language] },
    `: ${countedWords(countValues(cells), language)}`,
    ...(whys.length > 0 ? [` · ${formatItems(whys, language)}`] : []),
    ...(evidence ? [" · ", ...evidenceWords(evidence, language)] : []),
  ];
}
