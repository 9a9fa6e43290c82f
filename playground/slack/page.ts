import { readFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { isObject } from "./blocks/check.ts";
import { type Message, onTheWire } from "./message.ts";
import type { Input } from "./people/element.ts";
import { closeView, press, submit } from "./people/press.ts";
import { command, mention, say } from "./people/speak.ts";
import { messageAt } from "./posting.ts";
import type { State, View } from "./state.ts";
import { parseJson, readBody, send, sendJson } from "./wire.ts";

/**
 * A page for people: reads and types into the workspace from a browser. The same addresses serve programs that hold
 * the stand-in in another process: GET /ui/state, /ui/calls, /ui/changes, POST /ui/type, /ui/press, /ui/submit, /ui/close.
 */

const kinds: Record<string, string> = { html: "text/html", js: "text/javascript", css: "text/css" };
const assets = new Set([
  "index.html",
  "app.js",
  "blocks.js",
  "text.js",
  "tables.js",
  "charts.js",
  "modal.js",
  "frame.css",
  "content.css",
  "figures.css",
]);
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src https: data:";

export async function servePage(
  state: State,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const url = new URL(request.url ?? "/", "http://stand-in");
  if (path === "/ui/changes") return streamChanges(state, request, response);
  if (path === "/ui/calls") return sendJson(response, 200, callsOf(state, url.searchParams.get("method")));
  if (path === "/ui/state") return sendJson(response, 200, shownTo(state, url.searchParams));
  const act = path.startsWith("/ui/") && request.method === "POST" ? acts[path.slice(4)] : undefined;
  if (act) return perform(act, state, request, response);
  const name = path === "/" ? "index.html" : path.slice(1);
  if (!assets.has(name)) return send(response, 404, "not found");
  const file = await readFile(new URL(`./page/${name}`, import.meta.url));
  const type = `${kinds[name.split(".").at(-1)!]}; charset=utf-8`;
  send(response, 200, file, { "content-type": type, "content-security-policy": policy });
}

type Wish = Record<string, unknown> & { user: string; channel: string; text: string };

async function perform(
  act: Act,
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // Only JSON: another site's page cannot send that here without being asked first.
  if (!request.headers["content-type"]?.startsWith("application/json"))
    return send(response, 415, "JSON only");
  const wish = parseJson((await readBody(request)).toString());
  if (!isObject(wish)) return send(response, 400, "no JSON object");
  try {
    sendJson(response, 200, (await act(state, wish as Wish)) ?? {});
  } catch (error) {
    sendJson(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

type Act = (state: State, wish: Wish) => Promise<unknown>;

const acts: Record<string, Act> = {
  /** A line with a slash is a command, one with the bot's name a mention, any other is only said. */
  async type(state, { user, channel, text, thread_ts }) {
    const thread = typeof thread_ts === "string" ? thread_ts : undefined;
    const slash = /^(\/\w+)\s*(.*)$/s.exec(text);
    if (slash && thread) throw new Error("Slack has no slash commands in threads: mention the bot instead");
    if (slash) return outcome(await command(state, { user, channel, command: slash[1], text: slash[2]! }));
    const name = new RegExp(`@${state.bot.name}\\b`, "i");
    if (!name.test(text)) return { ts: say(state, { user, channel, text, thread_ts: thread }).ts };
    const addressed = text.replace(name, `<@${state.bot.user_id}>`);
    return outcome(await mention(state, { user, channel, text: addressed, thread_ts: thread }));
  },
  async press(state, wish) {
    const { user, block_id, action_id, option } = wish as Wish & { block_id?: string; action_id?: string };
    const view = viewOf(state, wish.view);
    const message = view ? undefined : findMessage(state, wish.channel, String(wish.ts));
    return outcome(
      await press(state, { user, view, message, block_id, action_id }, option as Input | undefined),
    );
  },
  async submit(state, wish) {
    const view = viewOf(state, wish.view);
    if (!view) throw new Error("no such form");
    const sent = await submit(state, { user: wish.user, view, values: wish.values as Record<string, Input> });
    return { ...outcome(sent), errors: sent.errors, refused: sent.refused };
  },
  async close(state, wish) {
    const view = viewOf(state, wish.view);
    if (view) await closeView(state, { user: wish.user, view });
  },
};

function outcome({ status, body, ms }: { status: number; body: unknown; ms: number }) {
  return {
    status,
    ms: Math.round(ms),
    ...(status === 200 ? {} : { error: `${status || "no answer"}: ${body}` }),
  };
}

function viewOf(state: State, id: unknown): View | undefined {
  return typeof id === "string" ? state.views.get(id) : undefined;
}

function findMessage(state: State, channel: string, ts: string): Message | undefined {
  return (
    messageAt(state, channel, ts) ?? state.ephemerals.find((one) => one.channel === channel && one.ts === ts)
  );
}

const mostMessages = 300;

function shownTo(state: State, query: URLSearchParams) {
  const user = query.get("user") ?? "";
  const channel = query.get("channel") ?? "";
  const own = state.ephemerals.filter((one) => one.channel === channel && one.ephemeralTo === user);
  const messages = [...(state.posts.get(channel) ?? []).slice(-mostMessages), ...own];
  return {
    team: state.team,
    bot: state.bot,
    users: [...state.users.values()],
    usergroups: state.usergroups,
    channels: [...state.channels.values()].map((one) => ({
      ...one,
      count: state.posts.get(one.id)?.length ?? 0,
    })),
    messages: messages
      .sort((a, b) => Number(a.ts) - Number(b.ts))
      .map((one) => ({ ...onTheWire(one, false), ephemeral: one.ephemeralTo !== undefined })),
    view:
      [...state.views.values()].findLast((one) => one.open && one.type === "modal" && one.user === user) ??
      null,
  };
}

function callsOf(state: State, method: string | null) {
  return method ? state.calls.filter((call) => call.method === method) : state.calls;
}

/** Server-sent events: one for a moment in which something changed. */
function streamChanges(state: State, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
  let due: NodeJS.Timeout | undefined;
  const tell = () => {
    due ??= setTimeout(() => {
      due = undefined;
      response.write("data: changed\n\n");
    }, 100);
  };
  state.listeners.add(tell);
  request.on("close", () => {
    clearTimeout(due);
    state.listeners.delete(tell);
  });
  tell();
}
