import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { UserError } from "../errors.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { answerKey, asked, askedKey, sharedAnswer } from "../message/shared-answer.ts";

const texts = {
  en: {
    gone: "This answer can no longer be shared: it is kept for 30 minutes, for the person who asked. Ask again.",
    twice: "This answer was just shared in this channel, or is being shared.",
    by: "Shared by {{who}} · {{line}}",
    done: "Shared in this channel.",
  },
  ja: {
    gone: "この回答はもう共有できません (質問した本人が 30 分以内に限り共有できます)。もう一度実行してください。",
    twice: "この回答は、このチャンネルに共有した直後か、共有中です。",
    by: "{{who}} が共有 · {{line}}",
    done: "このチャンネルに共有しました。",
  },
};
const say = sentences(texts);

export default command({
  texts: {
    en: { summary: "Posts an answer to the channel; the button below an answer uses it" },
    ja: { summary: "回答をチャンネルに投稿します (回答の下のボタンが使います)" },
  },
  examples: ["share <answer>"],
  arguments: z.object({ answer: text("ANSWER", 40) }),
  positional: ["answer"],
  argumentTexts: {
    answer: { en: "ID of the answer, filled in by the button.", ja: "回答の ID (ボタンが指定します)。" },
  },
  access: "anyone",
  effect: {
    changes: {
      en: "Posts an answer for all in this channel",
      ja: "回答をこのチャンネルの全員に見えるように投稿します",
    },
    undo: { en: "Delete the message in Slack", ja: "Slack でメッセージを削除します" },
    confirm: false,
  },
  audit: () => ({ verb: "share", kind: "answer" }),
  hidden: true,
  quick: true,
  async run({ answer: id }, { store }, { caller, language, audit }) {
    const mine = await store.once.peek(askedKey(id, caller.person), asked);
    const kept = mine && (await store.once.peek(answerKey(id), sharedAnswer));
    if (!kept) throw new UserError({ en: texts.en.gone, ja: texts.ja.gone });
    // A double press posts once; a press after a failed post counts again.
    const shared = `shared:${id}:${caller.channel}`;
    const first = await store.once.first(shared, 15);
    if (!first) {
      audit("no-change");
      return { headline: say(language)("twice"), parts: [] };
    }
    const by = say(language).rich("by", {
      who: { person: caller.person },
      line: { code: `/defender ${mine.line}`.trim() },
    });
    const post = { ...kept.message, parts: [...kept.message.parts, { note: by }] };
    const answer: Message = { headline: say(language)("done"), tone: "good", parts: [] };
    return { post, answer, failed: () => store.once.forget(shared) };
  },
});
