import type { Access } from "./definitions/command.ts";
import { formatList } from "./locales/format.ts";
import { type Language, languages } from "./locales/language.ts";
import { type Said, sentences } from "./locales/sentences.ts";
import type { Chat, Rights } from "./ports.ts";

const texts = {
  en: {
    anyone: "Everybody may.",
    member: "Members of the workspace may.",
    guest: "Members of the workspace may; guests may not.",
    "member-unread": "Slack did not say whether you are a member, so it is refused. Try again in a minute.",
    operator: "Operators may; you are one.",
    approver: "Approvers may; you are one.",
    "no-operator": "Only operators may: {{who}}.",
    "no-approver": "Only approvers may: {{who}}.",
    "no-operators-set":
      "Only operators may, and none are named yet: add Slack user or group ids to access.operators in breakwater.yaml.",
    "no-approvers-set":
      "Only approvers may, and none are named yet: add Slack user or group ids to access.approvers in breakwater.yaml.",
    unread: "Slack did not say who is in {{who}}, so it is refused. Try again in a minute.",
    group: "the members of user group {{id}}",
    handle: "the members of @{{id}}",
  },
  ja: {
    anyone: "誰でも実行できます。",
    member: "ワークスペースのメンバーは実行できます。",
    guest: "実行できるのはワークスペースのメンバーだけです。ゲストは実行できません。",
    "member-unread":
      "メンバーかどうかを Slack に確認できなかったため、実行しませんでした。少し待ってから再実行してください。",
    operator: "オペレーターとして実行できます。",
    approver: "承認者として実行できます。",
    "no-operator": "実行できるのはオペレーターだけです: {{who}}。",
    "no-approver": "実行できるのは承認者だけです: {{who}}。",
    "no-operators-set":
      "オペレーターだけが実行できますが、まだ誰も設定されていません。breakwater.yaml の access.operators に Slack のユーザー ID かグループ ID を追加してください。",
    "no-approvers-set":
      "承認者だけが実行できますが、まだ誰も設定されていません。breakwater.yaml の access.approvers に Slack のユーザー ID かグループ ID を追加してください。",
    unread:
      "{{who}} のメンバーを Slack に確認できなかったため、実行しませんでした。少し待ってから再実行してください。",
    group: "ユーザー グループ {{id}} のメンバー",
    handle: "@{{id}} のメンバー",
  },
};
const say = sentences(texts);
type Key = Said<keyof (typeof texts)["en"]>;
type Verdict = Awaited<ReturnType<Rights["may"]>>;

/**
 * Who may do what, looked up in Slack whenever it is asked: nothing is remembered, and a look-up that fails refuses.
 * Operators and approvers are user ids (`U…`, `W…`) or user group ids (`S…`); a guest who is named is let in, because
 * the settings name the person.
 */
export function rightsPort(
  access: { operators: readonly string[]; approvers: readonly string[] },
  chat: Pick<Chat, "person" | "group" | "groupHandles">,
): Rights {
  return {
    may(person, level) {
      if (level === "anyone") return Promise.resolve(verdict(true, "anyone"));
      if (level === "member") return mayMember(person, chat);
      return mayNamed(person, level, level === "operator" ? access.operators : access.approvers, chat);
    },
  };
}

async function mayMember(id: string, chat: Pick<Chat, "person">): Promise<Verdict> {
  const person = await chat.person(id).catch(() => undefined);
  if (!person) return verdict(false, "member-unread");
  return person.member ? verdict(true, "member") : verdict(false, "guest");
}

async function mayNamed(
  person: string,
  level: Exclude<Access, "anyone" | "member">,
  named: readonly string[],
  chat: Pick<Chat, "group" | "groupHandles">,
): Promise<Verdict> {
  if (named.length === 0) return verdict(false, `no-${level}s-set`);
  if (named.includes(person)) return verdict(true, level);
  const groups = named.filter(isGroup);
  const read = await Promise.allSettled(groups.map((id) => chat.group(id)));
  if (read.some((group) => group.status === "fulfilled" && group.value.includes(person)))
    return verdict(true, level);
  const failed = groups.filter((_, index) => read[index]?.status === "rejected");
  // Only shown: where Slack does not tell the handles, the ids have to do.
  const handles = groups.length > 0 ? await chat.groupHandles().catch(() => undefined) : undefined;
  return failed.length > 0
    ? verdict(false, "unread", failed, handles)
    : verdict(false, `no-${level}`, named, handles);
}

const isGroup = (id: string) => id.startsWith("S");

function verdict(
  allowed: boolean,
  key: Key,
  who: readonly string[] = [],
  handles: ReadonlyMap<string, string> = new Map(),
): Verdict {
  const why = (language: Language) =>
    say(language)(key, { who: formatList(who.map(name(language, handles)), language) });
  return {
    allowed,
    why: Object.fromEntries(languages.map((language) => [language, why(language)])) as Verdict["why"],
  };
}

/** People by their ids, which dispatch shows as people; groups by their handles. */
function name(language: Language, handles: ReadonlyMap<string, string>): (id: string) => string {
  return (id) => {
    if (!isGroup(id)) return id;
    const handle = handles.get(id);
    return handle ? say(language)("handle", { id: handle }) : say(language)("group", { id });
  };
}
