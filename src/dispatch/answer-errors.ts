import { randomBytes } from "node:crypto";
import { UpstreamError, type UpstreamSystem, UserError } from "../errors.ts";
import { formatDuration } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message, Part } from "../message/message.ts";
import { withPeople } from "../message/people.ts";
import type { Log } from "../ports/process.ts";
import { whyUnread } from "../text/why-unread.ts";

const say = sentences({
  en: {
    try: "For example: {{line}}",
    refused: "You don't have permission to do this. {{why}}",
    denied: "Breakwater is missing a permission in {{system}} ({{code}}).",
    unaccepted: "{{system}} doesn't accept Breakwater's credentials ({{code}}).",
    throttled: "Calls to {{system}} are rate limited ({{code}}).",
    absent: "Not found in {{system}} ({{code}}).",
    unreachable: "Couldn't reach {{system}} ({{code}}).",
    failed: "Error from {{system}} ({{code}}).",
    later: "Try again in {{time}}.",
    soon: "Try again in a minute.",
    deleted: "It may have been deleted since it was shown.",
    doctor: "Run {{line}} to see what's missing and how to fix it.",
    bug: "Something went wrong on our side. Reference: {{reference}}.",
    log: "Breakwater's log has the full error under this reference.",
    azure: "Azure",
    slack: "Slack",
    redis: "the data store (Redis)",
    kubernetes: "the cluster",
  },
  ja: {
    try: "例: {{line}}",
    refused: "この操作は実行できません。{{why}}",
    denied: "{{system}} での Breakwater の権限が不足しています ({{code}})。",
    unaccepted: "Breakwater の資格情報が {{system}} で受け付けられませんでした ({{code}})。",
    throttled: "{{system}} の呼び出しがレート制限されています ({{code}})。",
    absent: "{{system}} に見つかりません ({{code}})。",
    unreachable: "{{system}} に接続できませんでした ({{code}})。",
    failed: "{{system}} でエラーが発生しました ({{code}})。",
    later: "{{time}}後にもう一度お試しください。",
    soon: "少し待ってからもう一度お試しください。",
    deleted: "表示したあとに削除された可能性があります。",
    doctor: "{{line}} で、不足している権限などと対処方法を確認できます。",
    bug: "Breakwater でエラーが発生しました。参照番号: {{reference}}。",
    log: "エラーの全文は、Breakwater のログにこの参照番号で記録されています。",
    azure: "Azure",
    slack: "Slack",
    redis: "データ ストア (Redis)",
    kubernetes: "クラスター",
  },
});

/** How an error ended a command, for the metric and the audit log. */
export type Ending = { outcome: "user-error" | "upstream-error" | "bug"; message: Message; detail: string };

/**
 * What the person sees of an error: their own slip as it is, a system's failure by name, and of a bug only the
 * reference under which it was logged whole.
 */
export function endingOf(error: unknown, language: Language, log: Log, about: object): Ending {
  if (error instanceof UserError) {
    return { outcome: "user-error", message: userErrorMessage(error, language), detail: error.texts.en };
  }
  if (error instanceof UpstreamError) {
    log.warn({ ...about, err: error }, "a system that the command needs failed");
    return { outcome: "upstream-error", message: upstreamMessage(error, language), detail: error.message };
  }
  const reference = randomBytes(2).toString("hex").toUpperCase();
  log.error({ ...about, err: error, reference }, "a command failed");
  const words = say(language);
  const message: Message = {
    headline: words.rich("bug", { reference: { code: reference } }),
    tone: "bad",
    parts: [{ note: words("log") }],
  };
  return { outcome: "bug", message, detail: `reference ${reference}` };
}

/** A refusal of access: who may, in the asker's language. Ids of people are shown as people. */
export function refusalMessage(why: Record<Language, string>, language: Language): Message {
  return {
    headline: withPeople(say(language)("refused", { why: why[language] })),
    tone: "bad",
    parts: [],
  };
}

function userErrorMessage(error: UserError, language: Language): Message {
  const example = error.example;
  const parts: Part[] = example
    ? [{ note: say(language).rich("try", { line: { code: `/defender ${example}` } }) }]
    : [];
  return { headline: error.texts[language], tone: "warning", parts };
}

function upstreamMessage(error: UpstreamError, language: Language): Message {
  const words = say(language);
  const system = words(error.system satisfies UpstreamSystem);
  const code = [error.status || "", error.code].filter(Boolean).join(" ") || "?";
  const key = upstreamKey(error);
  const hint = hintOf(error);
  const when =
    error.retryAfter !== undefined
      ? words("later", { time: formatDuration(error.retryAfter * 1000, language) })
      : hint === "doctor"
        ? words.rich(hint, { line: { code: "/defender doctor" } })
        : words(hint);
  return {
    headline: words(key, { system, code }),
    tone: "bad",
    parts: [{ sentence: when }, { quote: error.message.slice(0, 500) }],
  };
}

/** A conflict passes, and what was deleted stays deleted: `doctor` could name neither. */
function hintOf(error: UpstreamError) {
  if (error.retryable) return "soon" as const;
  if (["not-registered", "gone"].includes(whyUnread(error))) return "doctor" as const;
  if (error.status === 409 || error.status === 412) return "soon" as const;
  return error.status === 404 ? ("deleted" as const) : ("doctor" as const);
}

function upstreamKey(error: UpstreamError) {
  if (error.status === 401) return "unaccepted" as const;
  if (error.status === 403) return "denied" as const;
  if (error.status === 404) return "absent" as const;
  if (error.status === 429 || error.code === "ratelimited") return "throttled" as const;
  return error.status === 0 && error.retryable ? ("unreachable" as const) : ("failed" as const);
}
