import { randomBytes } from "node:crypto";
import { UpstreamError, type UpstreamSystem, UserError } from "../errors.ts";
import { formatDuration } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message, Part } from "../message/message.ts";
import type { Log } from "../ports/process.ts";

const say = sentences({
  en: {
    try: "For example: {{line}}",
    refused: "You may not do this. {{why}}",
    denied: "{{system}} refused the call: the bot lacks a right ({{code}}).",
    throttled: "{{system}} is limiting the bot's calls ({{code}}).",
    absent: "{{system}} knows no such thing ({{code}}).",
    unreachable: "{{system}} could not be reached ({{code}}).",
    failed: "{{system}} failed ({{code}}).",
    later: "Try again in {{time}}.",
    soon: "Try again in a minute.",
    doctor: "{{line}} says what is missing and how to mend it.",
    bug: "Something went wrong in the bot itself. Reference: {{reference}}.",
    log: "The whole error is in the bot's log under this reference.",
    azure: "Azure",
    slack: "Slack",
    redis: "The bot's memory (Redis)",
    kubernetes: "The cluster",
  },
  ja: {
    try: "例: {{line}}",
    refused: "この操作は実行できません。{{why}}",
    denied: "{{system}} に拒否されました。ボットの権限が足りません ({{code}})。",
    throttled: "{{system}} の呼び出しが制限されています ({{code}})。",
    absent: "{{system}} に該当するものがありません ({{code}})。",
    unreachable: "{{system}} に接続できませんでした ({{code}})。",
    failed: "{{system}} でエラーが発生しました ({{code}})。",
    later: "{{time}}後にもう一度お試しください。",
    soon: "少し待ってからもう一度お試しください。",
    doctor: "{{line}} で、足りないものと直し方を確認できます。",
    bug: "ボットの内部でエラーが発生しました。参照番号: {{reference}}。",
    log: "エラーの全文は、この参照番号でボットのログに記録されています。",
    azure: "Azure",
    slack: "Slack",
    redis: "ボットの記憶域 (Redis)",
    kubernetes: "クラスター",
  },
});

/** How an error ended a command, for the metric and the audit log. */
export type Ending = { outcome: "user-error" | "upstream-error" | "bug"; message: Message; detail: string };

/**
 * What the person is told of an error: their own slip as it is, a system's failure by name, and of a bug only the
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
    headline: say(language).rich("refused", { why: "\u{1}" }).flatMap(people(why[language])),
    tone: "bad",
    parts: [],
  };
}

function people(why: string): (piece: string | object) => (string | { person: string })[] {
  const pieces = why
    .split(/\b([UW][A-Z0-9]{6,})\b/)
    .map((piece, i) => (i % 2 === 0 ? piece : { person: piece }));
  return (piece) =>
    typeof piece === "string"
      ? piece
          .split("\u{1}")
          .flatMap((text, i) => (i === 0 ? [text] : [...pieces, text]))
          .filter((text) => text !== "")
      : [];
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
  const when =
    error.retryAfter !== undefined
      ? words("later", { time: formatDuration(error.retryAfter * 1000, language) })
      : error.retryable
        ? words("soon")
        : words.rich("doctor", { line: { code: "/defender doctor" } });
  return {
    headline: words(key, { system, code }),
    tone: "bad",
    parts: [{ sentence: when }, { quote: error.message.slice(0, 500) }],
  };
}

function upstreamKey(error: UpstreamError) {
  if (error.status === 401 || error.status === 403) return "denied" as const;
  if (error.status === 404) return "absent" as const;
  if (error.status === 429 || error.code === "ratelimited") return "throttled" as const;
  return error.status === 0 && error.retryable ? ("unreachable" as const) : ("failed" as const);
}
