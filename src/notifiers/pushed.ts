import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { imageName, type PushedImage, shortDigest } from "../domain/findings/digest/pushed.ts";
import { formatNumber } from "../locales/format.ts";
import { sentences } from "../locales/sentences.ts";
import { detailsLine, exploitText, versionText, vulnerabilityCell } from "../message/findings/finding.ts";
import { commandLine } from "../message/line.ts";
import type { Cell, Message, Part, Sentence } from "../message/message.ts";
import { severityCell, severityWord } from "../message/words.ts";

const say = sentences({
  en: {
    headline_one: "New image {{image}}: {{number}} fixable finding of severity {{least}}",
    headline_other: "New image {{image}}: {{number}} fixable findings of severity {{least}}",
    worse_one: "New image {{image}}: {{number}} fixable finding, {{least}} or higher",
    worse_other: "New image {{image}}: {{number}} fixable findings, {{least}} or higher",
    registry: "Registry",
    digest: "Digest",
    tags: "Tags",
    pushed: "Pushed",
    seen: "Seen",
    caption: "Fixes",
    severity: "Severity",
    vulnerability: "Vulnerability",
    package: "Package",
    versions: "Installed → fixed",
    exploit: "Exploit",
    all: "All findings in this image",
    note: "Posted right away because this channel's subscription has --immediate.",
  },
  ja: {
    headline_other: "新しいイメージ {{image}}: 重大度「{{least}}」の修正可能な検出結果 {{number}} 件",
    worse_other: "新しいイメージ {{image}}: 重大度「{{least}}」以上の修正可能な検出結果 {{number}} 件",
    registry: "レジストリ",
    digest: "ダイジェスト",
    tags: "タグ",
    pushed: "プッシュ",
    seen: "確認",
    caption: "修正方法",
    severity: "重大度",
    vulnerability: "脆弱性",
    package: "パッケージ",
    versions: "インストール済み → 修正版",
    exploit: "エクスプロイト",
    all: "このイメージのすべての検出結果",
    note: "このチャンネルの購読設定 (immediate) により、次のまとめを待たずにお知らせします。",
  },
});

const pushedImage = z.custom<PushedImage>((value) => {
  const one = value as PushedImage | null;
  return one?.v === 1 && typeof one.digest === "string" && typeof one.place?.repository === "string";
}, "a newly pushed image");

export default notifier<PushedImage>({
  texts: {
    en: {
      summary:
        "A newly pushed image with severe findings that can be fixed, where a subscription asks for it (immediate)",
    },
    ja: { summary: "プッシュ直後のイメージにある、修正可能で重大な検出結果 (immediate を指定した購読のみ)" },
  },
  topic: "rescan",
  event: pushedImage,
  filters: [],
  severity: ({ worst, least }) => worst[0]?.severity ?? least,
  // Channels may ask for different severities: each has its own count of the same image.
  key: ({ place, digest, least }) => `${place.registry}/${place.repository}@${digest}|${least}`,
  at: ({ seen }) => seen,
  origin: ({ place }) => place.pushed,
  render(image, { language }): Message {
    const words = say(language);
    const { place, digest, least, count, seen } = image;
    const { registry, repository, tags, pushed, subscription } = place;
    const key = least === "critical" ? "headline" : "worse";
    const facts: [string, Sentence | undefined][] = [
      [words("registry"), `${registry} · ${subscription.name}`],
      [words("digest"), shortDigest(digest)],
      [words("tags"), tags?.join(", ") || undefined],
      [words("pushed"), pushed ? { time: pushed } : undefined],
      [words("seen"), { time: seen }],
    ];
    return {
      headline: words(key, {
        count,
        number: formatNumber(count, language),
        image: imageName({ repository, tags }, digest),
        least: severityWord(least, language),
      }),
      tone: "bad",
      parts: [
        { facts: facts.filter((fact): fact is [string, Sentence] => fact[1] !== undefined) },
        ...fixes(image, words),
        { actions: [{ label: words("all"), line: commandLine(["vulnerabilities", digest.slice(0, 80)]) }] },
        ...detailsLine(image, language).map((note): Part => ({ note })),
        { note: words("note") },
      ],
    };
  },
});

function fixes({ worst, count }: PushedImage, words: ReturnType<typeof say>): Part[] {
  const labels = ["severity", "vulnerability", "package", "versions", "exploit"] as const;
  const rows = worst.map((one): Cell[] => [
    severityCell(one.severity, words.language),
    vulnerabilityCell(one.id),
    one.package,
    versionText(one, words.language),
    exploitText(one, words.language),
  ]);
  if (rows.length === 0) return [];
  const columns = labels.map((label) => ({ label: words(label) }));
  return [{ table: { caption: words("caption"), columns, rows, total: Math.max(count, rows.length) } }];
}
