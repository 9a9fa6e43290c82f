import { features } from "../../domain/catalogue/features.ts";
import { type FeatureCell, isThere, type PlaceFeatures } from "../../domain/coverage/feature-matrix.ts";
import { countValues, type FeatureValue } from "../../domain/coverage/feature-value.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { evidenceWords, reasonSentence, valueWord } from "../../message/coverage/feature-words.ts";
import type { Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    more_one: "{{count}} more: status --csv has them all.",
    more_other: "{{count}} more: status --csv has them all.",
    values: "{{word}}: {{names}}",
  },
  ja: {
    more_other: "ほかに {{count}} 件あります。status --csv ですべて出力します。",
    values: "{{word}}: {{names}}",
  },
});

const placesShown = 40;
/** Up to so many are shown feature by feature, with the evidence of each. */
const wholePlaces = 2;
/** All of what most features need. */
const evidenceShown = 3;

/** Each cluster and registry with its features, those with most that is off first; few of them with all evidence. */
export function placesParts(places: readonly PlaceFeatures[], language: Language): Part[] {
  if (places.length <= wholePlaces) return places.flatMap((place) => wholePlace(place, language));
  const weight = ({ cells }: PlaceFeatures) => {
    const { off, partial, unknown } = countValues(cells);
    return off * 10_000 + partial * 100 + unknown;
  };
  const sorted = [...places].sort(
    (a, b) => weight(b) - weight(a) || a.on.name.localeCompare(b.on.name, "en"),
  );
  const left = sorted.length - placesShown;
  return [
    { list: sorted.slice(0, placesShown).map((place) => placeLine(place, language)) },
    ...(left > 0 ? [{ note: say(language)("more", { count: left }) }] : []),
  ];
}

function wholePlace({ on, subscription, cells }: PlaceFeatures, language: Language): Part[] {
  const lines = cells.flatMap((cell, index) => (isThere(cell) ? [cellLine(cell, index, language)] : []));
  return [{ sentence: [{ strong: on.name }, ` · ${subscription.name}`] }, { list: lines }];
}

function cellLine(cell: FeatureCell, index: number, language: Language): Sentence {
  const reason = reasonSentence(cell, language);
  const all = [...new Map(cell.because.map((one) => [JSON.stringify(one.evidence), one])).values()];
  return [
    { strong: features[index]!.name[language] },
    `: ${valueWord(cell.value, language)}`,
    ...(reason ? [` · ${reason}`] : []),
    ...all
      .slice(0, evidenceShown)
      .flatMap((one, number) => [number === 0 ? " · " : "; ", ...evidenceWords(one, language)]),
  ];
}

function placeLine({ on, subscription, cells }: PlaceFeatures, language: Language): Sentence {
  const words = say(language);
  const said = (["off", "partial", "unknown"] as const).flatMap((value) => {
    const names = namesWith(cells, value, language);
    return names ? [words("values", { word: valueWord(value, language), names })] : [];
  });
  const { on: count } = countValues(cells);
  return [
    { strong: on.name },
    ` · ${subscription.name} · ${[words("values", { word: valueWord("on", language), names: String(count) }), ...said].join(" · ")}`,
  ];
}

function namesWith(cells: readonly FeatureCell[], value: FeatureValue, language: Language): string {
  return formatItems(
    features.filter((_, index) => cells[index]?.value === value).map(({ name }) => name[language]),
    language,
  );
}
