import { z } from "zod";
import { command } from "../definitions/command.ts";
import { accessLevels } from "../domain/access.ts";
import { formatList } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Sentence } from "../message/message.ts";
import { withPeople } from "../message/people.ts";
import type { Person } from "../ports/slack.ts";

const say = sentences({
  en: {
    headline: "You are {{who}}, {{status}}",
    member: "a member of this workspace",
    guest: "a guest of this workspace",
    unread: "membership unknown because Slack didn't answer",
    "level-member": "Member",
    "level-operator": "Operator",
    "level-approver": "Approver",
    language: "Language",
    "own-language": "English",
    zone: "Time zone",
    yes: "Yes. {{why}}",
    no: "No. {{why}}",
    may: "You can run",
    mayNot: "You can't run",
  },
  ja: {
    headline: "あなたは {{who}}、{{status}}です",
    member: "このワークスペースのメンバー",
    guest: "このワークスペースのゲスト",
    unread: "メンバーかどうかは Slack に確認できない状態",
    "level-member": "メンバー",
    "level-operator": "オペレーター",
    "level-approver": "承認者",
    language: "言語",
    "own-language": "日本語",
    zone: "タイム ゾーン",
    yes: "はい。{{why}}",
    no: "いいえ。{{why}}",
    may: "実行できるコマンド",
    mayNot: "実行できないコマンド",
  },
});

export default command({
  texts: {
    en: { summary: "Your identity, role and permissions" },
    ja: { summary: "あなたの ID、ロール、権限" },
  },
  examples: ["whoami"],
  arguments: z.object({}),
  access: "anyone",
  effect: "none",
  quick: true,
  async run(_, { rights, chat, definitions }, { caller, language }) {
    const words = say(language);
    const [person, ...verdicts] = await Promise.all([
      chat.person(caller.person).catch(() => undefined),
      ...accessLevels.map((level) => rights.may(caller.person, level)),
    ]);
    const allowed = accessLevels.filter((_level, index) => verdicts[index]?.allowed);
    const names = (wanted: boolean) =>
      [...definitions.commands]
        .filter(([, { access, hidden }]) => !hidden && allowed.includes(access) === wanted)
        .map(([name]) => name);
    const facts = accessLevels.flatMap((level, index): [string, Sentence][] => {
      if (level === "anyone") return [];
      const why = verdicts[index]?.why[language] ?? "";
      return [[words(`level-${level}`), withPeople(words(verdicts[index]?.allowed ? "yes" : "no", { why }))]];
    });
    const lists = [
      [words("may"), names(true)],
      [words("mayNot"), names(false)],
    ] as const;
    return {
      headline: words.rich("headline", {
        who: { person: caller.person },
        status: words(statusOf(person)),
      }),
      parts: [
        { facts: [...facts, ...personal(caller.timezone ?? person?.timezone, language)] },
        {
          facts: lists
            .filter(([, commands]) => commands.length > 0)
            .map(([label, commands]): [string, Sentence] => [label, formatList(commands, language)]),
        },
      ],
    };
  },
});

function statusOf(person: Person | undefined): "member" | "guest" | "unread" {
  if (!person) return "unread";
  return person.member ? "member" : "guest";
}

function personal(timezone: string | undefined, language: Language): [string, Sentence][] {
  const words = say(language);
  const zone: [string, Sentence][] = timezone ? [[words("zone"), timezone]] : [];
  return [[words("language"), words("own-language")], ...zone];
}
