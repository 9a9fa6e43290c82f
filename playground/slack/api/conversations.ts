import { changed, type State } from "../state.ts";
import type { Channel } from "../workspace.ts";
import {
  type Args,
  flag,
  limit,
  type Method,
  page,
  required,
  SlackRefusal,
  text,
  tier2,
  tier3,
  tier4,
} from "./method.ts";
import { channelScope, findChannel, isMember, openDirect, visibleChannel } from "./places.ts";

/** Channels and direct messages. Source: docs.slack.dev "conversations.*" methods. */

function shown(channel: Channel, state: State): Record<string, unknown> {
  if (channel.is_im) return { id: channel.id, is_im: true, user: channel.user, is_archived: false };
  return {
    id: channel.id,
    name: channel.name,
    name_normalized: channel.name,
    is_channel: !channel.is_private,
    is_group: channel.is_private ?? false,
    is_im: false,
    is_mpim: false,
    is_private: channel.is_private ?? false,
    is_archived: channel.is_archived ?? false,
    is_member: isMember(channel),
    is_general: channel.name === "general",
    is_shared: false,
    is_ext_shared: channel.is_ext_shared ?? false,
    context_team_id: state.team.id,
    num_members: membersOf(channel, state).length,
  };
}

export function membersOf(channel: Channel, state: State): string[] {
  const people =
    channel.members ?? [...state.users.values()].filter((user) => !user.is_bot).map((user) => user.id);
  return isMember(channel) ? [...people, state.bot.user_id] : people;
}

function typesOf(args: Args): string[] {
  return (text(args, "types") ?? "public_channel").split(",").map((type) => type.trim());
}

const scopeOfType: Record<string, string> = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};

const list: Method = {
  // Slack wants every type's scope; naming the first that is missing is what it does too.
  scopes: (args, state) => {
    const needed = typesOf(args).flatMap((type) => scopeOfType[type] ?? []);
    return [needed.find((scope) => !state.settings.scopes.includes(scope)) ?? needed[0] ?? "channels:read"];
  },
  perMinute: tier2,
  run(args, state) {
    const types = typesOf(args);
    if (types.some((type) => !Object.hasOwn(scopeOfType, type))) throw new SlackRefusal("invalid_types");
    const all = [...state.channels.values()].filter((channel) => {
      if (flag(args, "exclude_archived") && channel.is_archived) return false;
      if (channel.is_im) return types.includes("im");
      if (channel.is_private) return types.includes("private_channel") && isMember(channel);
      return types.includes("public_channel");
    });
    const { page: channels, next } = page(all, args, limit(args, 100, 1000));
    return {
      ok: true,
      channels: channels.map((channel) => shown(channel, state)),
      response_metadata: { next_cursor: next },
    };
  },
};

const info: Method = {
  scopes: channelScope("read"),
  perMinute: tier3,
  run: (args, state) => ({ ok: true, channel: shown(visibleChannel(args, state), state) }),
};

const members: Method = {
  scopes: channelScope("read"),
  perMinute: tier4,
  run(args, state) {
    const all = membersOf(visibleChannel(args, state), state);
    const { page: members, next } = page(all, args, limit(args, 100, 1000));
    return { ok: true, members: members, response_metadata: { next_cursor: next } };
  },
};

const open: Method = {
  scopes: ["im:write"],
  perMinute: tier3,
  run(args, state) {
    const existing = text(args, "channel");
    if (existing) {
      const channel = findChannel(state, existing);
      if (!channel?.is_im) throw new SlackRefusal("channel_not_found");
      return { ok: true, channel: { id: channel.id } };
    }
    const users = required(args, "users").split(",");
    if (users.length > 1) throw new SlackRefusal("missing_scope", { needed: "mpim:write" });
    const user = state.users.get(users[0]!);
    if (!user) throw new SlackRefusal("user_not_found");
    if (user.deleted) throw new SlackRefusal("user_disabled");
    return { ok: true, channel: { id: openDirect(state, user.id).id } };
  },
};

const join: Method = {
  scopes: ["channels:join"],
  perMinute: tier3,
  run(args, state) {
    const channel = visibleChannel(args, state);
    if (channel.is_archived) throw new SlackRefusal("is_archived");
    if (channel.is_private || channel.is_im) throw new SlackRefusal("method_not_supported_for_channel_type");
    channel.is_member = true;
    changed(state);
    return { ok: true, channel: shown(channel, state) };
  },
};

export const conversations: Record<string, Method> = {
  "conversations.list": list,
  "conversations.info": info,
  "conversations.members": members,
  "conversations.open": open,
  "conversations.join": join,
};
