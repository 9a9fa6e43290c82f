import { features } from "../../domain/catalogue/features.ts";
import type { FeatureMatrix, PlaceFeatures } from "../../domain/coverage/feature-matrix.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { reasonSentence } from "../../message/coverage/feature-words.ts";
import type { Part } from "../../message/message.ts";
import type { Steps } from "../../text/yield-to-event-loop.ts";

const say = sentences({
  en: { title_one: "Features ({{count}} row)", title_other: "Features ({{count}} rows)" },
  ja: { title_other: "機能 ({{count}} 行)" },
});

const header =
  "subscription,subscriptionId,kind,name,group,feature,value,providedBy,why,source,said,at,id".split(",");

/** What a row costs, in the unit of `Steps`. */
const rowWork = 5;

/** Each feature at each place as a row, with its evidence; where a feature does not exist there is no row. */
export function* featureFileSteps(matrix: FeatureMatrix, at: string, language: Language): Steps<Part> {
  const rows: string[][] = [];
  for (const place of [...matrix.subscriptions, ...matrix.clusters, ...matrix.registries]) {
    rows.push(...placeRows(place, language));
    yield rowWork * place.cells.length;
  }
  return {
    file: {
      name: `status-features-${at.slice(0, 16).replace(/[:T]/g, "-")}.csv`,
      title: say(language)("title", { count: rows.length }),
      csv: [header, ...rows],
    },
  };
}

function placeRows({ on, subscription, cells }: PlaceFeatures, language: Language): string[][] {
  return cells.flatMap((cell, index) => {
    const [first] = cell.because;
    if (!first) return [];
    const { id, group } = features[index]!;
    const { source, said, at } = first.evidence;
    const place = [subscription.name, subscription.id, on.kind, on.name];
    const by = first.plan ?? "";
    return [[...place, group, id, cell.value, by, reasonSentence(cell, language), source, said, at, on.id]];
  });
}
