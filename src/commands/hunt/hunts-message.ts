import type { HuntWatch } from "../../domain/hunts/hunt-watch.ts";
import type { Hunt, HuntProblem } from "../../domain/hunts/hunts.ts";
import { severities } from "../../domain/severity.ts";
import { formatItems, formatNumber } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { watchedName } from "../../message/hunts/watched-hunt.ts";
import type { Cell, Message, Part } from "../../message/message.ts";
import { severityCell } from "../../message/words.ts";

const say = sentences({
  en: {
    hunts_one: "{{number}} hunt",
    hunts_other: "{{number}} hunts",
    caption: "Hunts, by severity",
    severity: "Severity",
    name: "Name",
    title: "Title",
    question: "Question",
    run: "Run one with {{line}}. Add a scope to narrow it down, --csv for every row.",
    watch: "{{line}} posts to the channel whenever rows appear or go.",
    watched: "Watched in this channel",
    wrong_one: "{{number}} file can't be used: {{files}}",
    wrong_other: "{{number}} files can't be used: {{files}}",
    line: "{{file}}, line {{line}}: {{problem}}",
  },
  ja: {
    hunts_other: "ハント {{number}} 件",
    caption: "ハント (重大度順)",
    severity: "重大度",
    name: "名前",
    title: "タイトル",
    question: "質問",
    run: "{{line}} で実行できます。範囲を追加すると対象を絞り込み、--csv を付けるとすべての行を取得できます。",
    watch: "{{line}} で、行が現れるか消えるたびにチャンネルに投稿します。",
    watched: "このチャンネルで監視中",
    wrong_other: "使用できないファイルが {{number}} 個あります: {{files}}",
    line: "{{file}} の {{line}} 行目: {{problem}}",
  },
});

const problemsShown = 5;

/** The answer of `hunt` alone: every hunt with its question, and the files that can't be used. */
export function huntsMessage(
  hunts: readonly Hunt[],
  problems: readonly HuntProblem[],
  watched: readonly HuntWatch[],
  language: Language,
): Message {
  const words = say(language);
  const sorted = hunts.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  const rows = sorted.map(({ name, severity, texts }): Cell[] => [
    severityCell(severity, language),
    name,
    texts[language].title,
    texts[language].question,
  ]);
  const columns = (["severity", "name", "title", "question"] as const).map((key) => ({ label: words(key) }));
  const number = formatNumber(hunts.length, language);
  return {
    headline: words("hunts", { count: hunts.length, number }),
    tone: problems.length > 0 ? "warning" : "neutral",
    parts: [
      { table: { caption: words("caption"), columns, rows, pageSize: 15 } },
      { note: words.rich("run", { line: { code: "/defender hunt NAME" } }) },
      { note: words.rich("watch", { line: { code: "/defender hunt NAME --watch" } }) },
      ...(watched.length > 0 ? [watchedPart(watched, language)] : []),
      ...wrongFiles(problems, language),
    ],
  };
}

function watchedPart(watched: readonly HuntWatch[], language: Language): Part {
  const names = watched.map((watch) => watchedName(watch));
  return { facts: [[say(language)("watched"), formatItems(names, language)]] };
}

function wrongFiles(problems: readonly HuntProblem[], language: Language): Part[] {
  const words = say(language);
  if (problems.length === 0) return [];
  const files = problems.slice(0, problemsShown).map((one) => words("line", one));
  const number = formatNumber(problems.length, language);
  return [{ note: words("wrong", { count: problems.length, number, files: files.join(" · ") }) }];
}
