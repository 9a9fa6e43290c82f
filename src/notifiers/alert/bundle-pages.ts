import type { Alert } from "../../domain/alerts/alert.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { alertDetails, placeText } from "../../message/alerts/alert.ts";
import type { Cell, Message, Part } from "../../message/message.ts";
import { severityCell, severityWord, stateWord } from "../../message/words.ts";

const say = sentences({
  en: {
    type: "Alert type",
    where: "Where",
    alerts: "Alerts",
    page: "Alerts {{from}}–{{to}} of {{count}}, worst first",
    rest_one: "The other alert is in the file.",
    rest_other: "The other {{count}} alerts are in the file.",
    file: "Alerts {{from}}–{{to}}",
    severity: "Severity",
    title: "Alert",
    happened: "Detected (UTC)",
    choose: "Show details of …",
    entity: "Entity",
    link: "Link",
    namespace: "Namespace",
    state: "State",
    posted: "State when posted",
  },
  ja: {
    type: "アラートの種類",
    where: "場所",
    alerts: "アラート",
    page: "アラート {{from}} ～ {{to}} 件目 (全 {{count}} 件、重大度順)",
    rest_other: "残りの {{count}} 件はファイルにあります。",
    file: "アラート {{from}} ～ {{to}} 件目",
    severity: "重大度",
    title: "アラート",
    happened: "検出 (UTC)",
    choose: "詳細を表示…",
    entity: "エンティティ",
    link: "リンク",
    namespace: "名前空間",
    state: "状態",
    posted: "投稿時の状態",
  },
});

/** Rows of a thread page: with long names they stay under the 10,000 characters of a table [Slack docs, data_table]. */
const pageRows = 36;
/** Up to here the thread lists every alert; beyond, the worst fill some pages and the rest is a file. */
const pagesWithoutFile = 3;
const pagesBesideFile = 5;
/** Alerts of a page that its menu offers, the worst: a longer menu would take room that the table needs. */
const pageOptions = 8;
/** Cut by position, never by content: a part that is posted or edited later must not repeat or lose an alert. */
export function pages(alerts: readonly Alert[], language: Language): Message[] {
  const words = say(language);
  const withFile = alerts.length > pageRows * pagesWithoutFile;
  const listed = withFile ? pageRows * pagesBesideFile : alerts.length;
  const messages: Message[] = [];
  for (let from = 0; from < Math.min(listed, alerts.length); from += pageRows) {
    const some = alerts.slice(from, Math.min(from + pageRows, listed));
    const caption = words("page", { from: from + 1, to: from + some.length, count: alerts.length });
    messages.push({ headline: caption, parts: pageParts(some, from, language) });
  }
  const rest = alerts.slice(listed);
  if (rest.length > 0) {
    const title = words("file", { from: listed + 1, to: alerts.length });
    const day = (alerts[0]?.generated ?? alerts[0]?.start ?? "").slice(0, 10);
    messages.push({
      headline: words("rest", { count: rest.length }),
      parts: [
        {
          file: {
            name: `alerts-${day}-${listed + 1}-${alerts.length}.csv`,
            title,
            csv: csvRows(rest, language),
          },
        },
      ],
    });
  }
  return messages;
}

function pageParts(alerts: readonly Alert[], from: number, language: Language): Part[] {
  const words = say(language);
  const columns = [
    "#",
    words("severity"),
    words("state"),
    words("title"),
    words("where"),
    words("entity"),
    words("happened"),
  ];
  // No links in the cells: portal links are so long that a table would hold only a few rows.
  const rows = alerts.map((alert, index): Cell[] => [
    { number: from + index + 1 },
    severityCell(alert.severity, language),
    stateWord(alert.state, language),
    short(alert.title, 70),
    short(alert.place.cluster ?? alert.place.registry ?? alert.place.subscription.name, 40),
    short(alert.compromisedEntity, 40),
    (alert.start ?? "").slice(0, 16).replace("T", " "),
  ]);
  const options = alerts.slice(0, pageOptions).map((alert, index) => ({
    ...alertDetails(alert, language),
    label: `${from + index + 1}. ${severityWord(alert.severity, language)} · ${alert.title}`,
  }));
  return [
    { table: { caption: words("alerts"), columns: columns.map((label) => ({ label })), rows, pageSize: 10 } },
    { actions: [{ label: words("choose"), menu: "select", options }] },
  ];
}

/** Cut by grapheme, so that no emoji or combining letter is torn. */
function short(text: string, most: number): string {
  if (text.length <= most) return text;
  const graphemes = [...new Intl.Segmenter().segment(text.slice(0, most * 4))].map(({ segment }) => segment);
  return graphemes.length > most ? `${graphemes.slice(0, most - 1).join("")}…` : text;
}

function csvRows(alerts: readonly Alert[], language: Language): string[][] {
  const words = say(language);
  const header = ["id", words("severity"), words("posted"), words("type"), words("title"), words("where")];
  return [
    [...header, words("namespace"), words("entity"), words("happened"), words("link")],
    ...alerts.map((alert) => [
      alert.id,
      severityWord(alert.severity, language),
      stateWord(alert.state, language),
      alert.type,
      alert.title,
      placeText(alert.place),
      alert.namespace ?? "",
      alert.compromisedEntity,
      alert.start ?? "",
      alert.portal ?? "",
    ]),
  ];
}
