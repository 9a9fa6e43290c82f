import { z } from "zod";
import { unreadOf } from "../alerts/read.ts";
import { scope } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import { findRecommendation } from "../domain/catalogue/find-recommendation.ts";
import { mayHoldIn } from "../domain/exemptions/exemption-target.ts";
import { type Exemption, exemptionKinds, type InForce } from "../domain/exemptions/exemptions.ts";
import type { Read } from "../domain/reading/reading.ts";
import { readWhole } from "../domain/reading/reading.ts";
import { inScope, type Scope } from "../domain/scope/scope.ts";
import { formatTime } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { asOf, partly } from "../message/as-of.ts";
import { exemptionHeadline } from "../message/exemptions/exemptions.ts";
import { commandLine } from "../message/line.ts";
import type { Cell, Message, Part } from "../message/message.ts";
import { knownTitle } from "../message/recommendations/recommendation-words.ts";
import { noMatchMessage, withFilters } from "../message/scope.ts";
import { findScope, subscriptionsWithin } from "../readings/scope.ts";
import { each } from "../text/each.ts";

const say = sentences({
  en: {
    some_one: "{{count}} suppression or exemption in force",
    some_other: "{{count}} suppressions and exemptions in force",
    none: "No suppressions or exemptions in force",
    endless_one: "{{count}} has no end",
    endless_other: "{{count}} have no end",
    caption: "In force, by their end",
    kind: "Kind",
    alert: "Alert suppression",
    recommendation: "Exemption",
    what: "What",
    where: "Where",
    ends: "Ends",
    never: "⚠️ never",
    reason: "Reason",
    by: "Made by",
    bot: "Breakwater",
    other: "outside Slack",
    whole: "whole subscription",
    every: "every alert type",
    open: "Awaiting approval",
  },
  ja: {
    some_other: "有効な抑制と除外: {{count}} 件",
    none: "有効な抑制と除外はありません",
    endless_other: "うち期限なし {{count}} 件",
    caption: "有効なもの (終了が近い順)",
    kind: "種類",
    alert: "アラートの抑制",
    recommendation: "除外",
    what: "内容",
    where: "対象",
    ends: "終了",
    never: "⚠️ 期限なし",
    reason: "理由",
    by: "作成元",
    bot: "Breakwater",
    other: "Slack 以外",
    whole: "サブスクリプション全体",
    every: "すべての種類のアラート",
    open: "承認待ち",
  },
});

export default command({
  texts: {
    en: {
      summary: "Alert suppressions and exemptions in force and when they end, whoever made them",
      detail: "Read from Azure now: also those made in the portal or by other tools.",
    },
    ja: {
      summary: "有効なアラートの抑制と除外を、終了日時とともに表示します (作成元を問いません)",
      detail: "Azure から読み取るため、ポータルやほかのツールで作成したものも含みます。",
    },
  },
  examples: ["exemptions", "exemptions sub:prod-*"],
  arguments: z.object({ scope: scope.optional() }),
  positional: ["scope"],
  argumentTexts: { scope: { en: "Only from there.", ja: "この範囲だけ。" } },
  access: "member",
  effect: "none",
  async run({ scope: within }, ports, { language }) {
    const match = within && (await findScope(ports, within));
    if (match && match.kind !== "matched") {
      const again = (near: string) => commandLine(["exemptions", near]);
      return noMatchMessage(within, match, { language, again });
    }
    const ours = await ports.store.exemptions.list();
    const read = await readInForce(ports, ours, within);
    return exemptionsMessage(read, ours, within, language);
  },
});

/** What is in force now; a subscription that can't be read is named. */
async function readInForce(
  ports: Ports,
  ours: readonly Exemption[],
  within: Scope | undefined,
): Promise<Read<InForce[]>> {
  const { azure, clock } = ports;
  const all = await azure.subscriptions();
  const named = all.value.filter((one) => within?.kind !== "sub" || inScope({ subscription: one }, within));
  const asked = await subscriptionsWithin(ports, named, within);
  const unread = [...all.unread];
  const pairs = asked.flatMap((one) => exemptionKinds.map((kind) => ({ one, kind })));
  const lists = await each(pairs, async ({ one, kind }) => {
    const ids = ours.filter((mine) => mine.kind === kind && mine.subscription.id === one.id);
    const also = ids.filter(({ state }) => state === "active").map(({ resource }) => resource);
    return azure.exemptionsOf({ id: one.id, name: one.name }, kind, also).catch((error: unknown) => {
      if (!unread.some(({ id }) => id === one.id)) unread.push(unreadOf(one, error));
      return [];
    });
  });
  const now = clock.now();
  const inForce = lists.flat().filter(({ enabled, expires }) => enabled && (!expires || expires > now));
  const value = await onlyWithin(ports, inForce, within);
  return { value, asOf: now, subscriptions: asked.length + all.unread.length, unread };
}

/** Without those that are known to hold elsewhere only. */
async function onlyWithin(
  { readings }: Ports,
  inForce: InForce[],
  within: Scope | undefined,
): Promise<InForce[]> {
  if (!within || within.kind === "sub") return inForce;
  const estate = await readings.targets().catch(() => undefined);
  if (!estate) return inForce;
  const { clusters, registries } = estate.value;
  const unread = new Set(estate.unread.map(({ id }) => id));
  return inForce.filter(
    (one) => unread.has(one.subscription.id) || mayHoldIn(one, within, [...clusters, ...registries]),
  );
}

function exemptionsMessage(
  read: Read<InForce[]>,
  ours: readonly Exemption[],
  within: Scope | undefined,
  language: Language,
): Message {
  const words = say(language);
  const { value } = read;
  const endless = value.filter(({ expires }) => !expires).length;
  const count =
    value.length === 0
      ? words("none")
      : [words("some", { count: value.length }), endless && words("endless", { count: endless })]
          .filter(Boolean)
          .join(" · ");
  const asking = ours.filter(({ state }) => state === "requested");
  return {
    headline: withFilters(count, { scope: within }, language) + partly(read, language),
    tone: endless > 0 || !readWhole(read) ? "warning" : "neutral",
    parts: [
      ...(value.length > 0 ? [tableOf(value, ours, language)] : []),
      ...(asking.length > 0
        ? [
            { sentence: { strong: words("open") } },
            { list: asking.slice(0, 20).map((one) => exemptionHeadline(one, language)) },
          ]
        : []),
      ...asOf(read, language),
    ],
  };
}

function tableOf(value: readonly InForce[], ours: readonly Exemption[], language: Language): Part {
  const words = say(language);
  const known = new Map(
    ours.filter(({ state }) => state === "active").map((one) => [one.resource.toLowerCase(), one]),
  );
  const last = "9999";
  const sorted = value.toSorted((a, b) => (a.expires ?? last).localeCompare(b.expires ?? last));
  const rows = sorted.map((one): Cell[] => {
    const mine = known.get(one.id.toLowerCase());
    return [
      words(one.kind),
      mine?.title ?? titleOf(one, language),
      [one.where || words("whole"), one.subscription.name].join(" · "),
      one.expires ? formatTime(one.expires, language, { year: true }) : words("never"),
      mine?.reason ?? one.reason,
      words(mine ? "bot" : "other"),
    ];
  });
  const columns = (["kind", "what", "where", "ends", "reason", "by"] as const).map((key) => ({
    label: words(key),
  }));
  return { table: { caption: words("caption"), columns, rows } };
}

function titleOf({ kind, what, called }: InForce, language: Language): string {
  if (kind === "alert") return what === "*" ? say(language)("every") : what;
  const known = findRecommendation({ key: what, policy: "", title: what, category: "" });
  return known ? knownTitle(known, language) : (called ?? what);
}
