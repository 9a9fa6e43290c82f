import type { FindingChange, RescanDigest } from "../../domain/findings/digest/delta.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { changeWord, exploitText, versionText, vulnerabilityCell } from "../../message/findings/finding.ts";
import type { Cell, Part } from "../../message/message.ts";
import { severityCell } from "../../message/words.ts";
import { listed } from "../../text/listed.ts";

const say = sentences({
  en: {
    caption: "Top new findings",
    severity: "Severity",
    vulnerability: "Vulnerability",
    image: "Image",
    package: "Package",
    versions: "Installed → fixed",
    exploit: "Exploit",
    running: "Runs in",
    change: "Change",
    age: "Published",
    exposed: "{{clusters}}, reachable from the internet",
    somewhere: "running",
    ago: "{{age}} ago",
    internet: "reachable from the internet",
  },
  ja: {
    caption: "新規のうち重要なもの",
    severity: "重大度",
    vulnerability: "脆弱性",
    image: "イメージ",
    package: "パッケージ",
    versions: "インストール済み → 修正版",
    exploit: "エクスプロイト",
    running: "実行先",
    change: "変化",
    age: "公開から",
    exposed: "{{clusters}} (インターネットから到達可能)",
    somewhere: "実行中",
    ago: "{{age}}",
    internet: "インターネットから到達可能",
  },
});

/** The worst of what came, rose or became known, with what to do about each; nothing where nothing did. */
export function worstTable({ worst, slot, counts }: RescanDigest, language: Language): Part[] {
  if (worst.length === 0) return [];
  const words = say(language);
  const labels = [
    "severity",
    "vulnerability",
    "image",
    "package",
    "versions",
    "exploit",
    "running",
    "change",
    "age",
  ] as const;
  const fresh = ["new", "new-image", "regressed", "raised", "news"] as const;
  const counted = fresh.flatMap((kind) => Object.values(counts[kind] ?? {}));
  return [
    {
      table: {
        caption: words("caption"),
        columns: labels.map((label) => ({ label: words(label) })),
        rows: worst.map((change) => row(change, slot, language)),
        total: Math.max(
          worst.length,
          counted.reduce((sum, count) => sum + count, 0),
        ),
        pageSize: 10,
      },
    },
  ];
}

function row(change: FindingChange, slot: string, language: Language): Cell[] {
  const { vulnerability, before, image, kind } = change;
  const severity = severityCell(vulnerability.severity, language);
  const was = before && before.severity !== vulnerability.severity ? before.severity : undefined;
  return [
    was ? `${severityCell(was, language)} → ${severity}` : severity,
    vulnerabilityCell(vulnerability.id),
    image,
    vulnerability.package,
    versionText(vulnerability, language),
    exploitText(vulnerability, language),
    runsText(change, language),
    changeWord(kind, language),
    ageText(vulnerability.published, slot, language),
  ];
}

/** How long the vulnerability has been public: whoever wants to use it has had so much time. */
function ageText(published: string | undefined, slot: string, language: Language): string {
  const age = Date.parse(slot) - Date.parse(published ?? "");
  return Number.isNaN(age) ? "–" : say(language)("ago", { age: formatDuration(Math.max(0, age), language) });
}

function runsText({ clusters, running, exposed }: FindingChange, language: Language): string {
  const words = say(language);
  const names = listed(clusters, 3);
  if (exposed) return names ? words("exposed", { clusters: names }) : words("internet");
  return names || (running ? words("somewhere") : "–");
}
