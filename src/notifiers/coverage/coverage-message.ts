import { openMembers } from "../../domain/coverage/watch/incidents.ts";
import type { Member } from "../../domain/coverage/watch/watch-state.ts";
import { closingOf } from "../../domain/enablement/closing.ts";
import { formatDuration, formatItems, formatTime } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { extensionWord } from "../../message/coverage/extension-word.ts";
import { closingButton } from "../../message/enablement/closing-button.ts";
import { commandLine } from "../../message/line.ts";
import type { Button, Inline, Message, Part, Sentence } from "../../message/message.ts";
import type { CoverageEvent } from "./event.ts";
import { headlines, nextStep, resourceId, whyUnknown } from "./texts.ts";

const say = sentences({
  en: {
    affected: "Affected",
    within: "Runs there",
    "no-data": "no data since {{since}}",
    clusters_one: "{{count}} cluster",
    clusters_other: "{{count}} clusters",
    registries_one: "{{count}} registry",
    registries_other: "{{count}} registries",
    by: "By",
    "by-one": "{{caller}} at {{at}}",
    "by-scope": "{{caller}} at {{at}} ({{subscription}})",
    when: "When",
    between: "between {{after}} and {{opened}}",
    recovered: "Recovered",
    "recovered-of": "{{done}} of {{count}}",
    next: "Next step",
    more: "+{{count}}",
    file_one: "Affected by this change ({{count}} row)",
    file_other: "Affected by this change ({{count}} rows)",
    status: "Coverage of {{name}}",
    after: "Recovered after {{time}}",
    gone: "Deleted after {{time}}",
    joined_one: "{{count}} more is affected: {{where}}",
    joined_other: "{{count}} more are affected: {{where}}",
  },
  ja: {
    affected: "対象",
    within: "影響範囲",
    "no-data": "{{since}} からデータなし",
    clusters_other: "クラスター {{count}} 個",
    registries_other: "レジストリ {{count}} 個",
    by: "変更者",
    "by-one": "{{caller}} ({{at}})",
    "by-scope": "{{caller}} ({{at}}、{{subscription}})",
    when: "時刻",
    between: "{{after}} から {{opened}} の間",
    recovered: "回復",
    "recovered-of": "{{count}} 件中 {{done}} 件",
    next: "次の手順",
    more: "ほか {{count}} 件",
    file_other: "この変更の対象 ({{count}} 行)",
    status: "{{name}} のカバレッジ",
    after: "{{time}}後に回復しました",
    gone: "{{time}}後に削除されました",
    joined_other: "対象が {{count}} 件増えました: {{where}}",
  },
});

const namesInHeadline = 2;
const membersShown = 5;
const authorsShown = 3;
const buttonsShown = 2;

/** One cause with all that it hit; where it is over, the same message says so. */
export function coverageMessage(event: CoverageEvent, language: Language): Message {
  const words = say(language);
  const { sort, members, ended } = event;
  const done = members.length - openMembers(event).length;
  const facts: [string, Sentence][] = [
    [words("affected"), formatItems(affected(event, language), language)],
    ...within(members, language).map((text): [string, Sentence] => [words("within"), text]),
    [words("when"), words.rich("between", { after: { time: event.after }, opened: { time: event.opened } })],
    ...authors(event, language).map((by): [string, Sentence] => [words("by"), by]),
  ];
  if (!ended && done > 0)
    facts.push([words("recovered"), words("recovered-of", { done, count: members.length })]);
  if (!ended) facts.push([words("next"), nextStep(sort, openMembers(event)[0] ?? members[0]!, language)]);
  return {
    headline: headline(event, language),
    tone: ended ? (deleted(event) ? "neutral" : "good") : sort === "uncovered" ? "warning" : "bad",
    parts: [
      { facts },
      ...(members.length > membersShown ? [membersFile(event, language)] : []),
      { actions: [...closingButtons(event, language), statusButton(members[0]!, language)] },
    ],
  };
}

/** The reply below an updated message: an edit alone notifies no one. */
export function changedMessage(
  before: CoverageEvent,
  after: CoverageEvent,
  language: Language,
): Message | undefined {
  const words = say(language);
  const joined = after.members.slice(before.members.length);
  if (after.ended && !before.ended) {
    const time = formatDuration(Date.parse(after.ended) - Date.parse(after.opened), language);
    const over = deleted(after);
    return { headline: words(over ? "gone" : "after", { time }), tone: over ? "neutral" : "good", parts: [] };
  }
  if (joined.length === 0) return undefined;
  const where = names(joined, language);
  return { headline: words("joined", { count: joined.length, where }), tone: "bad", parts: [] };
}

function headline(event: CoverageEvent, language: Language): string {
  const { sort, members, ended } = event;
  const where = names(members, language);
  if (ended && deleted(event)) return headlines(language)("deleted", { where });
  const extensions = [...new Set(members.flatMap(({ what }) => (what === undefined ? [] : [what])))];
  const what = formatItems(
    extensions.map((one) => extensionWord(one, language)),
    language,
  );
  return headlines(language)(ended ? `${sort}-ended` : sort, { where, what });
}

function deleted({ members }: CoverageEvent): boolean {
  return members.every(({ how }) => how === "deleted");
}

/** `aks-demo, aks-prod-eu +2`; a thing that lost several extensions is named once. */
function names(members: readonly Member[], language: Language): string {
  const all = [...new Set(members.map(({ name }) => name))];
  const more = all.length - namesInHeadline;
  const first = formatItems(all.slice(0, namesInHeadline), language);
  return more > 0 ? `${first} ${say(language)("more", { count: more })}` : first;
}

function affected({ sort, members }: CoverageEvent, language: Language): string[] {
  const words = say(language);
  const shown = members.slice(0, membersShown).map((member) => {
    const { kind, name, subscription, what, detail } = member;
    const about = [
      kind === "subscription" ? "" : subscription.name,
      what === undefined ? "" : extensionWord(what, language),
      sort === "blind" && detail ? words("no-data", { since: formatTime(detail, language) }) : (detail ?? ""),
    ].filter(Boolean);
    return about.length > 0 ? `${name} (${about.join(" · ")})` : name;
  });
  const more = members.length - shown.length;
  return more > 0 ? [...shown, words("more", { count: more })] : shown;
}

/** What a subscription's plan covered, each cluster and registry once. */
function within(members: readonly Member[], language: Language): string[] {
  const words = say(language);
  const scopes = new Map(members.map((member) => [member.subscription.id, member.within ?? []]));
  const all = [...scopes.values()].flat();
  const clusters = all.filter(({ cluster }) => cluster !== undefined).length;
  const parts = [
    clusters > 0 ? words("clusters", { count: clusters }) : "",
    all.length > clusters ? words("registries", { count: all.length - clusters }) : "",
  ].filter(Boolean);
  return parts.length > 0 ? [formatItems(parts, language)] : [];
}

function authors({ by, members }: CoverageEvent, language: Language): Sentence[] {
  if (!by) return [];
  if (by.authors.length === 0) return by.unknown ? [whyUnknown(by.unknown, language)] : [];
  const words = say(language);
  const several = new Set(members.map(({ subscription }) => subscription.id)).size > 1;
  const shown = by.authors.slice(0, authorsShown).flatMap(({ caller, at, subscription }, index): Inline[] => [
    ...(index > 0 ? ["; "] : []),
    ...words.rich(several ? "by-scope" : "by-one", {
      caller: { strong: caller },
      at: { time: at },
      subscription,
    }),
  ]);
  const more = by.authors.length - authorsShown;
  return [more > 0 ? [...shown, ` ${words("more", { count: more })}`] : shown];
}

const header = "kind,name,subscription,subscriptionId,resourceGroup,what,detail,state,ended,id".split(",");

function membersFile({ opened, sort, members }: CoverageEvent, language: Language): Part {
  const rows = members.map((one) => [
    one.kind,
    one.name,
    one.subscription.name,
    one.subscription.id,
    one.resourceGroup ?? "",
    one.what ?? "",
    one.detail ?? "",
    one.how ?? "open",
    one.ended ?? "",
    resourceId(one),
  ]);
  return {
    file: {
      name: `coverage-${sort}-${opened.slice(0, 19).replace(/[:T]/g, "-")}.csv`,
      title: say(language)("file", { count: rows.length }),
      csv: [header, ...rows],
    },
  };
}

/** Requests that it's turned on again, where `enable` can. */
function closingButtons(event: CoverageEvent, language: Language): Button[] {
  const open = event.ended ? [] : openMembers(event).slice(0, buttonsShown);
  return open.flatMap((member) => {
    const closing = closingOf(event.sort, { ...member, id: resourceId(member) }, member.what);
    return closing ? [closingButton({ ...closing, name: member.name }, language)] : [];
  });
}

function statusButton({ kind, name }: Member, language: Language) {
  const scope = `${kind === "subscription" ? "sub" : kind}:${name}`;
  return { label: say(language)("status", { name }), line: commandLine(["status", scope]) };
}
