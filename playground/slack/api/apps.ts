import { nextId } from "../state.ts";
import { type Method, SlackRefusal } from "./method.ts";

const mostConnections = 10;

/** Socket Mode's door. Source: docs.slack.dev "apps.connections.open". */
export const apps: Record<string, Method> = {
  "apps.connections.open": {
    token: "app",
    scopes: ["connections:write"],
    run(_args, state) {
      if (state.connections.length >= mostConnections) throw new SlackRefusal("too_many_websockets");
      const ticket = nextId(state, "ticket-");
      state.tickets.add(ticket);
      return {
        ok: true,
        url: `${state.origin.replace(/^http/, "ws")}/link/?ticket=${ticket}&app_id=${state.bot.app_id}`,
      };
    },
  },
};
