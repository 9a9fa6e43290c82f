import { nextId, type State } from "../state.ts";
import type { Channel } from "../workspace.ts";
import { type Args, required, SlackRefusal } from "./method.ts";

/** Finds the channel of a call, and decides what the bot may do there. */

export function findChannel(state: State, name: string): Channel | undefined {
  const direct = state.channels.get(name);
  if (direct) return direct;
  const latest = state.renumbered.get(name);
  if (latest) return findChannel(state, latest);
  if (state.users.has(name)) return openDirect(state, name);
  const plain = name.replace(/^#/, "");
  for (const channel of state.channels.values()) if (channel.name === plain) return channel;
  return undefined;
}

/** The direct message channel with this person, made at first use. */
export function openDirect(state: State, user: string): Channel {
  const human = (id = "") => state.users.get(id)?.enterprise_user?.id ?? id;
  for (const channel of state.channels.values())
    if (channel.is_im && human(channel.user) === human(user)) return channel;
  const channel: Channel = {
    id: nextId(state, "D"),
    name: "directmessage",
    is_im: true,
    user,
    members: [user],
  };
  state.channels.set(channel.id, channel);
  return channel;
}

export function isMember(channel: Channel): boolean {
  return channel.is_member !== false;
}

/** A channel that the bot can see: a private one where it is not a member does not exist for it. */
export function visibleChannel(args: Args, state: State, name = "channel"): Channel {
  const channel = findChannel(state, required(args, name));
  if (!channel || (channel.is_private && !isMember(channel))) throw new SlackRefusal("channel_not_found");
  return channel;
}

/** A channel that the bot may post to. `chat:write.public` opens public channels only. */
export function writableChannel(
  args: Args,
  state: State,
  options: { publicScope: boolean },
  name?: string,
): Channel {
  const channel = visibleChannel(args, state, name);
  if (channel.is_archived) throw new SlackRefusal("is_archived");
  const open = options.publicScope && state.settings.scopes.includes("chat:write.public");
  if (!isMember(channel) && !open) throw new SlackRefusal("not_in_channel");
  if (channel.restricted) throw new SlackRefusal("restricted_action");
  return channel;
}

/** A channel whose messages the bot may read. */
export function readableChannel(args: Args, state: State): Channel {
  const channel = visibleChannel(args, state);
  if (!isMember(channel)) throw new SlackRefusal("not_in_channel");
  return channel;
}

/** The scope of a family (`history`, `read`) that this kind of channel needs. */
export function channelScope(family: "history" | "read"): (args: Args, state: State) => readonly string[] {
  return (args, state) => {
    const channel = typeof args.channel === "string" ? findChannel(state, args.channel) : undefined;
    if (channel?.is_im) return [`im:${family}`];
    // A private channel that the bot cannot see gives nothing away: either scope leads to channel_not_found.
    if (!channel || (channel.is_private && !isMember(channel)))
      return [`channels:${family}`, `groups:${family}`];
    return channel.is_private ? [`groups:${family}`] : [`channels:${family}`];
  };
}
