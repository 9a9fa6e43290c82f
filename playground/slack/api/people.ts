import { type State, teamOf } from "../state.ts";
import type { User } from "../workspace.ts";
import { type Args, flag, limit, type Method, page, required, SlackRefusal, tier2, tier4 } from "./method.ts";

/** People, groups and the app itself. Source: docs.slack.dev "users.*", "usergroups.*", "auth.test". */

function shown(user: User, args: Args, state: State): Record<string, unknown> {
  return {
    id: user.id,
    team_id: teamOf(state, user.id),
    ...(user.enterprise_user && { enterprise_user: user.enterprise_user }),
    name: user.name,
    real_name: user.real_name ?? user.name,
    deleted: user.deleted ?? false,
    tz: user.tz ?? "UTC",
    ...(flag(args, "include_locale") ? { locale: user.locale ?? "en-US" } : {}),
    profile: { display_name: user.name, real_name: user.real_name ?? user.name },
    is_admin: user.is_admin ?? false,
    is_bot: user.is_bot ?? false,
    is_restricted: (user.is_restricted || user.is_ultra_restricted) ?? false,
    is_ultra_restricted: user.is_ultra_restricted ?? false,
    is_stranger: user.is_stranger ?? false,
  };
}

export const people: Record<string, Method> = {
  "users.info": {
    scopes: ["users:read"],
    perMinute: tier4,
    run(args, state) {
      const user = state.users.get(required(args, "user"));
      if (!user) throw new SlackRefusal("user_not_found");
      return { ok: true, user: shown(user, args, state) };
    },
  },
  "users.list": {
    scopes: ["users:read"],
    perMinute: tier2,
    run(args, state) {
      const { page: users, next } = page([...state.users.values()], args, limit(args, 200, 1000));
      const members = users.map((user) => shown(user, args, state));
      return { ok: true, members, response_metadata: { next_cursor: next } };
    },
  },
  "usergroups.list": {
    scopes: ["usergroups:read"],
    perMinute: tier2,
    run(args, state) {
      const withUsers = flag(args, "include_users") ?? false;
      const usergroups = state.usergroups.map(({ users, ...group }) => ({
        ...group,
        team_id: state.team.id,
        is_usergroup: true,
        user_count: users.length,
        ...(withUsers ? { users } : {}),
      }));
      return { ok: true, usergroups };
    },
  },
  "usergroups.users.list": {
    scopes: ["usergroups:read"],
    perMinute: tier2,
    run(args, state) {
      const id = required(args, "usergroup");
      const group = state.usergroups.find((one) => one.id === id);
      if (!group) throw new SlackRefusal("no_such_subteam");
      return { ok: true, users: group.users };
    },
  },
  "auth.test": {
    run: (_args, state) => ({
      ok: true,
      url: `https://${state.team.domain}.slack.com/`,
      team: state.team.name,
      user: state.bot.name,
      team_id: state.team.id,
      ...(state.team.enterprise_id && { enterprise_id: state.team.enterprise_id }),
      user_id: state.bot.user_id,
      bot_id: state.bot.bot_id,
      is_enterprise_install: false,
    }),
  },
};
