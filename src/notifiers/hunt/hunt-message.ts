import type { HuntEvent, HuntNews, HuntTrouble, NamedRow } from "../../domain/hunts/hunt-watch.ts";
import { formatItems, formatNumber, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { columnWord } from "../../message/hunts/hunt-columns.ts";
import { endWatchButton, watchedLine, watchedName } from "../../message/hunts/watched-hunt.ts";
import type { Cell, Message, Part } from "../../message/message.ts";
import { severityWord } from "../../message/words.ts";

const say = sentences({
  en: {
    started_one: "Watching from now on: {{title}} · {{number}} match",
    started_other: "Watching from now on: {{title}} · {{number}} matches",
    by: "{{name}}, by {{who}}. Rows that exist now aren't repeated here.",
    unread: "Couldn't be read, so nothing in them counts as new when they can be: {{names}}.",
    rows: "{{changes}} · {{severity}} · {{title}}",
    appeared_one: "{{number}} new match",
    appeared_other: "{{number}} new matches",
    gone_one: "{{number}} gone",
    gone_other: "{{number}} gone",
    now_one: "{{number}} match now; compared with {{time}}.",
    now_other: "{{number}} matches now; compared with {{time}}.",
    again: "It couldn't be compared for a while, so this may have happened earlier.",
    "new-caption": "New matches",
    "gone-list": "Gone: {{names}}",
    more: "{{names}} and {{count}} more",
    resource: "Resource",
    subscription: "Subscription",
    action: "What to do: {{action}}",
    show: "Show matches",
    trouble: "Can't compare the watched hunt “{{title}}” now",
    rejected: "Resource Graph rejected it. If it's one of your own files, fix it: {{line}} names the line.",
    cut: "It has more rows than are read. Watch it over a smaller scope.",
    "cve-details":
      "It needs CVE details, which Breakwater can't read. {{line}} shows the missing permission.",
    removed: "There's no hunt of this name any more. End the watch, or restore its file.",
    "no-answer": "Azure doesn't answer it.",
    kept: "Nothing counts as gone meanwhile. A message follows when it can be compared again.",
    resolved: "The watched hunt “{{title}}” can be compared again: no changes",
  },
  ja: {
    started_other: "監視を開始しました: {{title}} · {{number}} 件が該当",
    by: "{{name}} ({{who}} が設定)。現時点の行はここでは繰り返しません。",
    unread: "読み取れなかったため、後で読み取れても新規として扱いません: {{names}}。",
    rows: "{{changes}} · {{severity}} · {{title}}",
    appeared_other: "新たに {{number}} 件が該当",
    gone_other: "{{number}} 件が解消",
    now_other: "現在は {{number}} 件が該当します ({{time}} との比較)。",
    again: "しばらく比較できなかったため、実際の変化はこれより前の可能性があります。",
    "new-caption": "新たに該当した行",
    "gone-list": "解消: {{names}}",
    more: "{{names}} ほか {{count}} 件",
    resource: "リソース",
    subscription: "サブスクリプション",
    action: "対処方法: {{action}}",
    show: "該当する行を表示",
    trouble: "監視中のハント「{{title}}」を比較できません",
    rejected:
      "Resource Graph に拒否されました。独自のファイルの場合は修正してください。該当する行は {{line}} で確認できます。",
    cut: "行数が読み取りの上限を超えています。範囲を絞って監視してください。",
    "cve-details": "必要な CVE の詳細を読み取れません。不足している権限は {{line}} で確認できます。",
    removed: "この名前のハントがなくなりました。監視を終了するか、ファイルを元に戻してください。",
    "no-answer": "Azure が応答しません。",
    kept: "その間は、行が解消したものとして扱いません。比較できるようになったら知らせます。",
    resolved: "監視中のハント「{{title}}」を再び比較できるようになりました。変化はありません",
  },
});

const namesShown = 10;

/** What is posted to a channel about a watched hunt. */
export function huntMessage(event: HuntEvent, language: Language): Message {
  const { news } = event;
  if (news.kind === "rows") return rowsMessage(event, news, language);
  const words = say(language);
  const title = event.about.title[language];
  const number = formatNumber(news.count, language);
  const actions = actionsOf(event, language);
  if (news.kind === "resolved")
    return { headline: words("resolved", { title }), tone: "good", parts: [actions] };
  if (news.kind === "trouble")
    return {
      headline: words("trouble", { title }),
      tone: "warning",
      parts: [
        { sentence: whyText(news.trouble, language) },
        ...(news.detail ? [{ quote: news.detail }] : []),
        { note: words("kept") },
        actions,
      ],
    };
  const by = { name: { code: watchedName(event) }, who: { person: event.by } };
  const names = formatSome(news.unread, namesShown, language);
  return {
    headline: words("started", { count: news.count, number, title }),
    tone: "neutral",
    parts: [
      { note: words.rich("by", by) },
      ...(names ? [{ note: words("unread", { names }) }] : []),
      actions,
    ],
  };
}

function rowsMessage(
  event: HuntEvent,
  news: Extract<HuntNews, { kind: "rows" }>,
  language: Language,
): Message {
  const words = say(language);
  const { counts, appeared, gone, count, since, again } = news;
  const { title, severity, action } = event.about;
  const said = (["appeared", "gone"] as const).flatMap((key) => {
    const number = formatNumber(counts[key], language);
    return counts[key] > 0 ? [words(key, { count: counts[key], number })] : [];
  });
  const changes = formatItems(said, language);
  const severe = severity === "critical" || severity === "high";
  const now = { count, number: formatNumber(count, language), time: { time: since } };
  return {
    headline: words("rows", { changes, severity: severityWord(severity, language), title: title[language] }),
    tone: counts.appeared === 0 ? "good" : severe ? "bad" : "warning",
    parts: [
      ...(appeared.length > 0 ? [tableOf(news, language)] : []),
      ...(gone.length > 0
        ? [{ sentence: words("gone-list", { names: goneText(gone, counts.gone, language) }) }]
        : []),
      ...(counts.appeared > 0 ? [{ sentence: words("action", { action: action[language] }) }] : []),
      actionsOf(event, language),
      { note: words.rich("now", now) },
      ...(again ? [{ note: words("again") }] : []),
    ],
  };
}

function tableOf(
  { appeared, columns, counts }: Extract<HuntNews, { kind: "rows" }>,
  language: Language,
): Part {
  const words = say(language);
  const shown = columns.filter((name) => appeared.some(({ cells }) => (cells?.[name] ?? "") !== ""));
  const cell = ({ cells }: NamedRow, name: string): Cell => {
    const read = cells?.[name] ?? "";
    return typeof read === "number" ? { number: read } : read;
  };
  return {
    table: {
      caption: words("new-caption"),
      columns: [
        { label: words("resource") },
        ...shown.map((name) => ({ label: columnWord(name, language) })),
        { label: words("subscription") },
      ],
      rows: appeared.map((row) => [row.name, ...shown.map((name) => cell(row, name)), row.subscription]),
      ...(counts.appeared > appeared.length && { total: counts.appeared }),
      pageSize: 10,
    },
  };
}

function goneText(gone: readonly NamedRow[], total: number, language: Language): string {
  const names = formatItems(
    gone.slice(0, namesShown).map(({ name }) => name),
    language,
  );
  const count = total - Math.min(gone.length, namesShown);
  return count > 0 ? say(language)("more", { names, count }) : names;
}

function whyText(trouble: HuntTrouble, language: Language) {
  return say(language).rich(trouble, { line: { code: "/defender doctor" } });
}

function actionsOf(event: HuntEvent, language: Language): Part {
  return {
    actions: [{ label: say(language)("show"), line: watchedLine(event) }, endWatchButton(event, language)],
  };
}
