import { artifactName, registriesOf } from "../../domain/findings/model/artifact-name.ts";
import type { Artifact, ImageUse } from "../../domain/findings/model/finding.ts";
import type { SnapshotHead } from "../../domain/findings/model/snapshot.ts";
import { formatItems, formatList, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf } from "../as-of.ts";
import type { Part } from "../message.ts";
import { detailsLine, modelNames } from "./finding.ts";

const say = sentences({
  en: {
    stale_one: "{{number}} image or node pool could not be read in that scan: shown as it was before.",
    stale_other:
      "{{number}} images and node pools could not be read in that scan: shown as they were before.",
    partial_one: "{{number}} image or node pool could be read only in part in that scan.",
    partial_other: "{{number}} images and node pools could be read only in part in that scan.",
    silent: "Returned no rows in that scan, but had findings before: {{models}}.",
    failed: "Could not be read as a whole in that scan: {{models}}.",
    more: "{{names}} and {{count}} more",
  },
  ja: {
    stale_other:
      "そのスキャンで読み取れなかったイメージまたはノード プール {{number}} 個は、以前の内容です。",
    partial_other: "そのスキャンでイメージまたはノード プール {{number}} 個は一部しか読み取れませんでした。",
    silent: "以前は検出結果があったのに、そのスキャンでは 0 行でした: {{models}}。",
    failed: "そのスキャンで一部または全部を読み取れませんでした: {{models}}。",
    more: "{{names}} ほか {{count}} 件",
  },
});

/** The name with the registry that it lies in, or its cluster: of several registries, images have the same names. */
export function artifactLabel(artifact: Pick<Artifact, "key" | "kind" | "name" | "places" | "at">): string {
  const [where = artifact.at?.cluster] = registriesOf(artifact);
  return [artifactName(artifact) || artifact.key, where].filter(Boolean).join(" · ");
}

/** `aks-web / shop / checkout`. */
export function useText({ cluster, namespace, workload }: ImageUse): string {
  return [cluster, namespace, workload].filter(Boolean).join(" / ");
}

/** `a, b, c and 4 more`; "–" for none. */
export function someOf(names: readonly string[], most: number, language: Language): string {
  if (names.length === 0) return "–";
  if (names.length <= most) return formatList(names, language);
  const shown = formatItems(names.slice(0, most), language);
  return say(language)("more", { names: shown, count: names.length - most });
}

/** The lines below every answer from a snapshot: as of when, from how many subscriptions, what was not read. */
export function scanLines(head: SnapshotHead, language: Language): Part[] {
  const words = say(language);
  const failed = head.models.filter(({ error }) => error).map(({ model }) => model);
  const silent = head.models.filter((one) => !one.error && one.silent).map(({ model }) => model);
  const { partial = 0 } = head;
  return [
    ...detailsLine(head, language).map((note) => ({ note })),
    ...(failed.length > 0 ? [{ note: words("failed", { models: modelNames(failed, language) }) }] : []),
    ...(partial > 0
      ? [{ note: words("partial", { count: partial, number: formatNumber(partial, language) }) }]
      : []),
    ...(silent.length > 0 ? [{ note: words("silent", { models: modelNames(silent, language) }) }] : []),
    ...(head.stale > 0
      ? [{ note: words("stale", { count: head.stale, number: formatNumber(head.stale, language) }) }]
      : []),
    ...asOf(head, language),
  ];
}
