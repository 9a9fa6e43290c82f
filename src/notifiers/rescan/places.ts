import type { PlaceCount, Rebuilt, RescanDigest } from "../../domain/findings/digest/delta.ts";
import { shortDigest } from "../../domain/findings/digest/pushed.ts";
import { formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { countedText } from "../../message/findings/finding.ts";
import type { Inline, Part, Sentence } from "../../message/message.ts";

const say = sentences({
  en: {
    rebuilt: "Rebuilt or replaced",
    line: " (was {{from}}, now {{to}}): {{fixed}} fixed, {{added}} new",
    "node-pool": ": {{fixed}} fixed, {{added}} new",
    "push-time": " · by push time",
    workload: " · by workload",
    registries: "By registry",
    clusters: "By cluster",
    place: ": {{added}} new, {{fixed}} fixed · open {{open}}",
    still: ": open {{open}}",
    more: "and {{count}} more",
  },
  ja: {
    rebuilt: "再ビルド・入れ替え",
    line: " (以前 {{from}}、現在 {{to}}): 修正済み {{fixed}} 件、新規 {{added}} 件",
    "node-pool": ": 修正済み {{fixed}} 件、新規 {{added}} 件",
    "push-time": " · プッシュ日時で比較",
    workload: " · ワークロードで比較",
    registries: "レジストリ別",
    clusters: "実行先のクラスター別",
    place: ": 新規 {{added}} 件、修正済み {{fixed}} 件 · 未対応 {{open}}",
    still: ": 未対応 {{open}}",
    more: "ほか {{count}} 件",
  },
});

const rebuiltShown = 8;
const placesShown = 5;

/** `frontend:1.8 (was a1b2c3, now c3d4e5): 12 fixed, 2 new`, those with the most changes first. */
export function rebuiltParts({ rebuilt }: RescanDigest, language: Language): Part[] {
  if (rebuilt.length === 0) return [];
  const sorted = rebuilt.toSorted(
    (a, b) => b.added + b.fixed - (a.added + a.fixed) || order(a.image, b.image),
  );
  return listed(say(language)("rebuilt"), sorted, rebuiltShown, language, rebuiltLine);
}

function rebuiltLine(one: Rebuilt, language: Language): Sentence {
  const words = say(language);
  const fixed = formatNumber(one.fixed, language);
  const added = formatNumber(one.added, language);
  // The digest of a node pool is its resource id: the same before and after.
  if (one.by === "node-pool") return [{ strong: one.image }, words("node-pool", { fixed, added })];
  const line = words("line", { from: shortDigest(one.from), to: shortDigest(one.to), fixed, added });
  return [{ strong: one.image }, line, one.by === "tag" ? "" : words(one.by)];
}

/** What changed in each registry and in each cluster that runs it, those with the most changes first. */
export function placeParts({ places, before }: RescanDigest, language: Language): Part[] {
  const line = (place: PlaceCount, wanted: Language) => placeLine(place, before !== undefined, wanted);
  const of = (kind: PlaceCount["kind"]) =>
    places
      .filter((place) => place.kind === kind)
      .sort((a, b) => b.added + b.fixed - (a.added + a.fixed) || order(a.name, b.name));
  const words = say(language);
  return [
    ...listed(words("registries"), of("registry"), placesShown, language, line),
    ...listed(words("clusters"), of("cluster"), placesShown, language, line),
  ];
}

function placeLine(place: PlaceCount, compared: boolean, language: Language): Inline[] {
  const open = countedText(place.open, language);
  const added = formatNumber(place.added, language);
  const fixed = formatNumber(place.fixed, language);
  return [
    { strong: place.name },
    say(language)(compared && place.added + place.fixed > 0 ? "place" : "still", { added, fixed, open }),
  ];
}

function listed<T>(
  title: string,
  all: readonly T[],
  most: number,
  language: Language,
  line: (one: T, language: Language) => Sentence,
): Part[] {
  if (all.length === 0) return [];
  const left = all.length - most;
  const lines = all.slice(0, most).map((one) => line(one, language));
  const list = left > 0 ? [...lines, say(language)("more", { count: left })] : lines;
  return [{ sentence: { strong: title } }, { list }];
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
