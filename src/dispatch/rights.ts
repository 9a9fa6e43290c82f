import type { Access } from "../domain/access.ts";
import { formatList } from "../locales/format.ts";
import type { Language } from "../locales/language.ts";
import { type Said, sentences } from "../locales/sentences.ts";
import type { Directory, Person, Rights, Verdict } from "../ports/slack.ts";
import { languages } from "../text/language.ts";

const texts = {
  en: {
    anyone: "Anyone can.",
    member: "You're a member of this workspace.",
    guest: "Only members of this workspace can, and you're a guest.",
    "person-unread": "Couldn't look up this account in Slack. Try again in a minute.",
    deactivated: "The account is deactivated and has no permissions.",
    operator: "You're an operator.",
    approver: "You're an approver.",
    "no-operator": "Only operators can: {{who}}.",
    "no-approver": "Only approvers can: {{who}}.",
    "no-operators-set":
      "Only operators can, and there are none yet. Add Slack user or group IDs to access.operators in breakwater.yaml.",
    "no-approvers-set":
      "Only approvers can, and there are none yet. Add Slack user or group IDs to access.approvers in breakwater.yaml.",
    unread: "Couldn't look up {{who}} in Slack. Try again in a minute.",
    group: "the members of user group {{id}}",
    handle: "the members of @{{id}}",
  },
  ja: {
    anyone: "誰でも実行できます。",
    member: "ワークスペースのメンバーは実行できます。",
    guest: "実行できるのはワークスペースのメンバーだけです。ゲストは実行できません。",
    "person-unread":
      "アカウントを Slack に確認できなかったため、実行しませんでした。少し待ってから再実行してください。",
    deactivated: "このアカウントは無効化されているため、権限がありません。",
    operator: "オペレーターとして実行できます。",
    approver: "承認者として実行できます。",
    "no-operator": "実行できるのはオペレーターだけです: {{who}}。",
    "no-approver": "実行できるのは承認者だけです: {{who}}。",
    "no-operators-set":
      "オペレーターだけが実行できますが、まだ誰も設定されていません。breakwater.yaml の access.operators に Slack のユーザー ID かグループ ID を追加してください。",
    "no-approvers-set":
      "承認者だけが実行できますが、まだ誰も設定されていません。breakwater.yaml の access.approvers に Slack のユーザー ID かグループ ID を追加してください。",
    unread: "{{who}}を Slack に確認できなかったため、実行しませんでした。少し待ってから再実行してください。",
    group: "ユーザー グループ {{id}} のメンバー",
    handle: "@{{id}} のメンバー",
  },
};
const say = sentences(texts);
type Key = Said<keyof (typeof texts)["en"]>;
type Lists = { operators: readonly string[]; approvers: readonly string[] };

/**
 * Who may do what, looked up in Slack whenever it is asked: a look-up that fails refuses, and so does a deactivated
 * account. Operators and approvers are user ids (`U…`, `W…`) or user group ids (`S…`); a guest who is named is let in,
 * because the settings name the person.
 */
export function rightsPort(access: Lists, directory: Directory): Rights {
  return {
    may(person, level) {
      if (level === "anyone") return Promise.resolve(verdict(true, "anyone"));
      if (level === "member") return mayMember(person, directory);
      return mayNamed(person, level, level === "operator" ? access.operators : access.approvers, directory);
    },
    async same(person, other) {
      if (person === other) return true;
      const [one, two] = await Promise.all([person, other].map((id) => read(id, directory)));
      return one && two ? one.identity === two.identity : undefined;
    },
    async named(person) {
      const listed = [...access.operators, ...access.approvers].filter((id) => !isGroup(id));
      if (listed.includes(person)) return true;
      const known = await read(person, directory);
      return known !== undefined && (await isAmong(known, listed, directory)) === true;
    },
  };
}

const read = (id: string, { person }: Directory) => person(id).catch(() => undefined);

async function mayMember(id: string, directory: Directory): Promise<Verdict> {
  const person = await read(id, directory);
  if (!person) return { ...verdict(false, "person-unread"), cause: "unread" };
  if (person.deactivated) return { ...verdict(false, "deactivated"), cause: "deactivated" };
  return person.member ? verdict(true, "member") : verdict(false, "guest");
}

async function mayNamed(
  id: string,
  level: Exclude<Access, "anyone" | "member">,
  named: readonly string[],
  directory: Directory,
): Promise<Verdict> {
  if (named.length === 0) return verdict(false, `no-${level}s-set`);
  const person = await read(id, directory);
  if (!person) return { ...verdict(false, "person-unread"), cause: "unread" };
  if (person.deactivated) return { ...verdict(false, "deactivated"), cause: "deactivated" };
  const groups = named.filter(isGroup);
  const people = named.filter((one) => !isGroup(one));
  if (isListed(person, people)) return verdict(true, level);
  const looked = await Promise.allSettled(groups.map((group) => directory.group(group)));
  const listed = looked.flatMap((group) => (group.status === "fulfilled" ? group.value : []));
  const among = await isAmong(person, [...people, ...listed], directory);
  if (among) return verdict(true, level);
  const failed = groups.filter((_, index) => looked[index]?.status === "rejected");
  // Only shown: where Slack does not tell the handles, the ids have to do.
  const handles = groups.length > 0 ? await directory.groupHandles().catch(() => undefined) : undefined;
  if (failed.length > 0) return { ...verdict(false, "unread", failed, handles), cause: "unread" };
  if (among === undefined) return { ...verdict(false, "person-unread"), cause: "unread" };
  return verdict(false, `no-${level}`, named, handles);
}

function isListed({ id, identity }: Person, ids: readonly string[]): boolean {
  return ids.includes(id) || ids.includes(identity);
}

const lookupsAtOnce = 10;

/** Whether a human is listed under any of their ids; undefined where one of the listed could not be looked up. */
async function isAmong(
  person: Person,
  ids: readonly string[],
  { identityOf }: Directory,
): Promise<boolean | undefined> {
  if (isListed(person, ids)) return true;
  // Outside a Grid everybody has one id.
  if (!person.organisation) return false;
  let unread = false;
  for (let at = 0; at < ids.length; at += lookupsAtOnce) {
    const looked = await Promise.allSettled(ids.slice(at, at + lookupsAtOnce).map(identityOf));
    if (looked.some((one) => one.status === "fulfilled" && one.value === person.identity)) return true;
    unread ||= looked.some(({ status }) => status === "rejected");
  }
  return unread ? undefined : false;
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
