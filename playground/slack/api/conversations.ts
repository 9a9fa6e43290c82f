import type { State } from "../state.ts";
import type { Channel } from "../workspace.ts";
import { type Method, required, SlackRefusal, text, tier3 } from "./method.ts";
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

const info: Method = {
  scopes: channelScope("read"),
  perMinute: tier3,
  run: (args, state) => ({ ok: true, channel: shown(visibleChannel(args, state), state) }),
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

export const conversations: Record<string, Method> = {
  "conversations.info": info,
  "conversations.open": open,
};
