import type { Settings } from "../domain/settings.ts";
import type { Log, Metrics } from "../ports/process.ts";
import type { ChannelInfo, Chat, Directory, Person } from "../ports/slack.ts";
import type { OncePort } from "../ports/store.ts";
import type { Identity } from "./checks.ts";
import { checksOf } from "./checks.ts";
import { type SlackPosting, slackPosting } from "./delivery/posting.ts";
import type { Refused } from "./delivery/refused-blocks.ts";
import { inFlight, membersOf } from "./lookups.ts";
import { type People, people } from "./people.ts";
import { patiently } from "./reply/retry-wait.ts";
import { type SlackCalls, slackCalls } from "./web-api.ts";

export type { SlackPosting } from "./delivery/posting.ts";

export type SlackChat = Chat & {
  identity(): Promise<Identity>;
  /** Ids of the bot's workspace and its organisation. */
  home(): Promise<string[]>;
};

type AuthTest = {
  user_id: string;
  bot_id: string;
  team_id: string;
  team: string;
  enterprise_id?: string | null;
  response_metadata?: { scopes?: string[] };
};
type UserInfo = {
  user: {
    id: string;
    team_id?: string | null;
    enterprise_user?: { id?: string; enterprise_id?: string | null; teams?: string[] | null } | null;
    name: string;
    real_name?: string;
    deleted?: boolean;
    is_bot?: boolean;
    locale?: string;
    tz?: string;
    is_restricted?: boolean;
    is_ultra_restricted?: boolean;
    is_stranger?: boolean;
    profile?: { display_name?: string; real_name?: string };
  };
};
type Conversation = {
  channel: {
    id: string;
    name?: string;
    is_member?: boolean;
    is_archived?: boolean;
    is_private?: boolean;
    is_im?: boolean;
  };
};

/** Slack outside the outbox, and what the pump posts with. Opens no connection; every call may throw `UpstreamError`. */
export function chatPort(
  settings: Pick<Settings, "slack" | "language">,
  deps: { log: Log; metrics: Metrics; refused: Pick<Refused, "list">; once: Pick<OncePort, "keep" | "peek"> },
): { call: SlackCalls; chat: SlackChat; posting: SlackPosting; people: People; directory: Directory } {
  const { log, metrics } = deps;
  const call = slackCalls(settings.slack, { log, metrics });
  const chat = slackChat(call, deps);
  const acquaintances = people(chat, log, settings.language);
  // Who waits for a decision waits through a short Retry-After too.
  const directory: Directory = {
    person: (id) => patiently(() => chat.person(id)),
    group: (id) => patiently(() => chat.group(id)),
    groupHandles: chat.groupHandles,
    identityOf: (id) => patiently(() => acquaintances.identityOf(id)),
  };
  return { call, chat, posting: slackPosting(call, metrics), people: acquaintances, directory };
}

function slackChat(
  call: SlackCalls,
  { refused, once, log }: Pick<Parameters<typeof chatPort>[1], "refused" | "once" | "log">,
): SlackChat {
  const identity = async (): Promise<Identity> => {
    const test = await call<AuthTest>("auth.test");
    const { user_id: user, bot_id: bot, team_id: team, team: teamName } = test;
    const enterprise = test.enterprise_id ?? undefined;
    return { user, bot, team, teamName, enterprise, scopes: test.response_metadata?.scopes };
  };
  // A token never changes its workspace.
  let home: Promise<Identity> | undefined;
  const homeOf = () => {
    home ??= identity().catch((error: unknown) => {
      home = undefined;
      throw error;
    });
    return home;
  };
  return {
    identity,
    async home() {
      const { team, enterprise } = await homeOf();
      return [team, enterprise].filter((id): id is string => typeof id === "string" && id !== "");
    },
    person: inFlight(async (id) => {
      const [{ user }, own] = await Promise.all([
        call<UserInfo>("users.info", { user: id, include_locale: true }),
        homeOf(),
      ]);
      return personOf(user, own);
    }),
    group: membersOf(call, { once, log }),
    groupHandles: handlesOf(call),
    async channel(id) {
      const [{ channel }, own] = await Promise.all([
        call<Conversation>("conversations.info", { channel: id }),
        homeOf().catch(() => undefined),
      ]);
      return channelOf(channel, own?.scopes);
    },
    async direct(person) {
      const { channel } = await call<{ channel: { id: string } }>("conversations.open", { users: person });
      return channel.id;
    },
    async checks(language) {
      return checksOf(await identity(), await refused.list(), language);
    },
  };
}

/**
 * Whether a person is of another organisation. `is_stranger` says so only of people who share no channel with the app:
 * somebody met in a shared channel is recognized by the workspace alone [docs.slack.dev "User object"]. Another
 * workspace of the same organisation is home.
 */
function isStranger(user: UserInfo["user"], { team, enterprise }: Identity): boolean {
  if (user.is_stranger) return true;
  const homes = [team, enterprise].filter((id) => typeof id === "string" && id !== "");
  const { enterprise_id, teams } = user.enterprise_user ?? {};
  const theirs = [user.team_id, enterprise_id, ...(teams ?? [])].filter((id) => typeof id === "string");
  return homes.length > 0 && theirs.length > 0 && !theirs.some((id) => homes.includes(id));
}

function personOf(user: UserInfo["user"], own: Identity): Person {
  const stranger = isStranger(user, own);
  const guest = user.is_restricted || user.is_ultra_restricted || stranger || user.deleted || user.is_bot;
  const { profile, enterprise_user } = user;
  return {
    id: user.id,
    // Source: docs.slack.dev "Enterprise organizations": the global id, the same whichever id was asked for.
    identity: enterprise_user?.id || user.id,
    ...(enterprise_user?.enterprise_id && { organisation: enterprise_user.enterprise_id }),
    name: profile?.display_name || profile?.real_name || user.real_name || user.name,
    ...(user.locale && { locale: user.locale }),
    ...(user.tz && { timezone: user.tz }),
    member: !guest,
    ...(stranger && { stranger }),
    ...(user.deleted && { deactivated: true as const }),
  };
}

/** Handles change seldom, and the list may be asked for twenty times a minute only: read once in five minutes. */
function handlesOf(call: SlackCalls): Chat["groupHandles"] {
  let read: { at: number; handles: ReadonlyMap<string, string> } | undefined;
  return async () => {
    if (read && Date.now() - read.at < 300_000) return read.handles;
    const { usergroups } = await call<{ usergroups?: { id: string; handle?: string }[] }>("usergroups.list");
    const known = (usergroups ?? []).flatMap(({ id, handle }) => (handle ? [[id, handle] as const] : []));
    read = { at: Date.now(), handles: new Map(known) };
    return read.handles;
  };
}

function channelOf(channel: Conversation["channel"], scopes: readonly string[] = []): ChannelInfo {
  const isPrivate = channel.is_private ?? channel.is_im ?? false;
  return {
    id: channel.id,
    name: channel.name ?? channel.id,
    // A direct conversation has no members to be one of.
    member: channel.is_member ?? channel.is_im ?? false,
    archived: channel.is_archived ?? false,
    private: isPrivate,
    ...(!isPrivate && scopes.includes("chat:write.public") && { open: true as const }),
  };
}
