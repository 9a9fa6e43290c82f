import type { Invocation } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import {
  aboutHunt,
  cannotCompare,
  firstRows,
  type HuntWatch,
  huntEvent,
  huntWatchId,
  mostWatched,
  sameHunt,
} from "../../domain/hunts/hunt-watch.ts";
import type { HuntAnswer } from "../../domain/hunts/hunts.ts";
import { UserError } from "../../errors.ts";
import { formatNumber } from "../../locales/format.ts";
import { sentences } from "../../locales/sentences.ts";
import { asOf } from "../../message/as-of.ts";
import { endWatchButton, watchedLine, watchedName } from "../../message/hunts/watched-hunt.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { assertReachable } from "../../readings/reachable.ts";
import { languages } from "../../text/language.ts";
import type { AskedHunt } from "./rows-message.ts";

const texts = {
  en: {
    begun_one: "This channel now watches {{name}}: {{number}} match",
    begun_other: "This channel now watches {{name}}: {{number}} matches",
    how: "Compared at each time of schedules.hunts (every 15 minutes by default). A message follows in the channel.",
    show: "Show matches",
    ended: "This channel no longer watches {{name}}",
    nothing: "This channel didn't watch {{name}}; nothing was changed",
    cut: "The hunt {{name}} has more rows than are read, so it can't be watched. Narrow it down with a scope.",
    "cve-details":
      "The hunt {{name}} needs CVE details, which Breakwater can't read, so it can't be watched.",
    full: "This channel watches {{count}} hunts already. End one of them first.",
  },
  ja: {
    begun_other: "このチャンネルで {{name}} の監視を開始しました: {{number}} 件が該当",
    how: "schedules.hunts の時刻 (既定では 15 分ごと) に比較します。続いてチャンネルにメッセージを投稿します。",
    show: "該当する行を表示",
    ended: "このチャンネルでの {{name}} の監視を終了しました",
    nothing: "このチャンネルでは {{name}} を監視していません。何も変更していません",
    cut: "ハント {{name}} の行数が読み取りの上限を超えているため、監視できません。範囲を指定して絞り込んでください。",
    "cve-details": "ハント {{name}} に必要な CVE の詳細を読み取れないため、監視できません。",
    full: "このチャンネルではすでに {{count}} 件のハントを監視しています。先にどれかを終了してください。",
  },
};
const say = sentences(texts);

type Asking = Pick<Invocation, "caller" | "language" | "audit">;

/** Watches a hunt from the answer on that was read for it. */
export async function beginWatch(
  answer: HuntAnswer,
  { hunt, scope, cve }: AskedHunt,
  { store, chat, clock, publish }: Ports,
  { caller, language }: Asking,
): Promise<Message> {
  const cannot = cannotCompare(answer);
  const again = commandLine(["hunt", hunt.name, "sub:NAME"], { cve, watch: true });
  const narrower = cannot === "cut" ? again : "doctor";
  if (cannot === "cut" || cannot === "cve-details") throw refusal(cannot, { name: hunt.name }, narrower);
  await assertReachable(caller, chat);
  const here = await store.hunts.list(caller.channel);
  const asked = { channel: caller.channel, hunt: hunt.name, ...(scope && { scope }), ...(cve && { cve }) };
  const before = here.find((one) => sameHunt(one, asked));
  if (!before && here.length >= mostWatched) throw refusal("full", { count: here.length }, "subscriptions");
  const at = clock.now();
  const count = answer.value.length;
  const watch: HuntWatch = {
    ...asked,
    ...firstRows(answer),
    id: before?.id ?? huntWatchId(asked),
    revision: (before?.revision ?? 0) + 1,
    ...{ by: caller.person, at, about: aboutHunt(hunt) },
    pending: { kind: "started", at, count, unread: answer.unread.map(({ name }) => name) },
  };
  await store.hunts.put(watch);
  await publish("hunt", [huntEvent(watch)]);
  const words = say(language);
  const name = watchedName(watch);
  return {
    headline: words("begun", { count, number: formatNumber(count, language), name }),
    tone: answer.unread.length > 0 ? "warning" : "good",
    parts: [
      { note: words("how") },
      { actions: [{ label: words("show"), line: watchedLine(watch) }, endWatchButton(watch, language)] },
      ...asOf(answer, language),
    ],
  };
}

/** Ends the watch of a hunt over a scope in the caller's channel, also of one that is no longer there. */
export async function endWatch(
  asked: Pick<HuntWatch, "hunt" | "scope" | "cve">,
  { store }: Pick<Ports, "store">,
  { caller, language, audit }: Asking,
): Promise<Message> {
  const gone = (await store.hunts.list(caller.channel)).filter((one) => sameHunt(one, asked));
  await store.hunts.remove(gone.map(({ id }) => id));
  if (gone.length === 0) audit("no-change");
  const name = watchedName(asked);
  return { headline: say(language)(gone.length > 0 ? "ended" : "nothing", { name }), parts: [] };
}

function refusal(
  key: "cut" | "cve-details" | "full",
  values: { name: string } | { count: number },
  example: string,
): UserError {
  const [en, ja] = languages.map((language) => say(language)(key, values));
  return new UserError({ en: en!, ja: ja! }, example);
}
