import { findChannel } from "./api/places.ts";
import { deliver } from "./deliver.ts";
import { changed, nextId, nextTs, type State } from "./state.ts";

/** `announced`: brings the bot the event; Slack sends it where a private channel becomes a shared one. */
export type Conversion = { announced?: boolean };

/**
 * Gives a channel another id, as when a private one is converted: messages keep their time stamps, both ids address the
 * same channel from then on, and answers name the new one. Source: docs.slack.dev "channel_id_changed".
 */
export async function convert(
  state: State,
  name: string,
  id: string,
  { announced = false }: Conversion = {},
): Promise<void> {
  const channel = findChannel(state, name);
  if (!channel) throw new Error(`no channel ${name} in this workspace`);
  const old = channel.id;
  state.channels.delete(old);
  channel.id = id;
  state.channels.set(id, channel);
  state.renumbered.set(old, id);
  const posts = state.posts.get(old) ?? [];
  state.posts.delete(old);
  state.posts.set(id, posts);
  for (const message of [...posts, ...state.ephemerals]) {
    if (message.channel !== old) continue;
    state.byTs.delete(`${old}/${message.ts}`);
    message.channel = id;
    if (!message.ephemeralTo) state.byTs.set(`${id}/${message.ts}`, message);
  }
  for (const gone of [...state.gone]) if (gone.startsWith(`${old}/`)) state.gone.add(gone.replace(old, id));
  for (const url of state.responseUrls.values()) if (url.channel === old) url.channel = id;
  changed(state);
  if (announced) await deliver(state, { kind: "events_api", payload: event(state, old, id) });
}

function event(state: State, old: string, id: string): Record<string, unknown> {
  const { id: team } = state.team;
  return {
    token: "verification-token-of-the-past",
    team_id: team,
    api_app_id: state.bot.app_id,
    event: {
      type: "channel_id_changed",
      old_channel_id: old,
      new_channel_id: id,
      event_ts: nextTs(state),
    },
    type: "event_callback",
    event_id: nextId(state, "Ev"),
    event_time: Math.floor(state.settings.clock()),
    authorizations: [
      { team_id: team, user_id: state.bot.user_id, is_bot: true, is_enterprise_install: false },
    ],
  };
}
