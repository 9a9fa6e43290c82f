import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { type Fault, strike } from "../faults.ts";
import { waitForPace, waitForTier } from "../pace.ts";
import type { Answer, Call, State } from "../state.ts";
import { decodeArgs, readBody, send, sendJson } from "../wire.ts";
import { apps } from "./apps.ts";
import { chat } from "./chat.ts";
import { conversations } from "./conversations.ts";
import { files } from "./files.ts";
import { histories } from "./history.ts";
import { type Args, type Method, SlackRefusal } from "./method.ts";
import { people } from "./people.ts";
import { findChannel } from "./places.ts";
import { views } from "./views.ts";

const methods = new Map<string, Method>(
  Object.entries({ ...chat, ...histories, ...conversations, ...people, ...views, ...files, ...apps }),
);

/** Answers one Web API call, recorded whatever becomes of it. */
export async function serveCall(
  state: State,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const body = await readBody(request);
  const query = new URL(request.url ?? "/", "http://stand-in").searchParams;
  const args = decodeArgs(request.headers["content-type"] ?? "", body, query);
  const token =
    /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1] ?? (args.token as string | undefined);
  delete args.token;
  const call: Call = { method: name, args, time: Date.now(), status: 200, answer: undefined };
  state.calls.push(call);
  const fault = strike(state, name, args.channel ?? args.channel_id);
  if (fault) call.fault = fault.kind;
  if (fault && (await insteadOfEffect(fault, call, response))) return;
  const outcome = perform(state, name, args, token);
  call.status = outcome.status;
  call.answer = outcome.answer;
  for (const listener of state.listeners) listener();
  if (fault?.kind === "lostAnswer") return void request.socket.destroy();
  if (fault?.kind === "truncate") return truncated(response, outcome.answer);
  sendJson(response, outcome.status, outcome.answer, {
    ...scopeHeaders(state, outcome.accepted),
    ...outcome.headers,
  });
}

async function insteadOfEffect(fault: Fault, call: Call, response: ServerResponse): Promise<boolean> {
  if (fault.kind === "slow") {
    await wait(fault.ms ?? 1000);
    return false;
  }
  if (fault.kind === "reset") response.socket?.resetAndDestroy();
  else if (fault.kind === "garbage") send(response, 200, "<html><body>Gateway</body></html>");
  else if (fault.kind === "status") {
    call.status = fault.status ?? 500;
    send(response, call.status, "upstream connect error");
  } else if (fault.kind === "ratelimited") {
    call.status = 429;
    call.answer = { ok: false, error: "ratelimited" };
    sendJson(response, 429, call.answer, { "retry-after": String(fault.retryAfter ?? 1) });
  } else if (fault.kind === "error") {
    call.answer = { ok: false, error: fault.error ?? "internal_error" };
    sendJson(response, 200, call.answer);
  } else return false;
  return true;
}

/** Announces the whole answer and breaks off in its middle. */
function truncated(response: ServerResponse, answer: Answer): void {
  const whole = JSON.stringify(answer);
  response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(whole) });
  response.write(whole.slice(0, Math.floor(whole.length / 2)), () => response.socket?.destroy());
}

type Outcome = {
  status: number;
  answer: Answer;
  headers?: Record<string, string>;
  accepted?: readonly string[];
};

function perform(state: State, name: string, args: Args, token: string | undefined): Outcome {
  const method = methods.get(name);
  if (!method) return { status: 200, answer: { ok: false, error: "unknown_method", req_method: name } };
  const refused = checkToken(state, method, token);
  if (refused) return { status: 200, answer: { ok: false, error: refused } };
  const accepted = typeof method.scopes === "function" ? method.scopes(args, state) : (method.scopes ?? []);
  const granted = method.token === "app" ? state.settings.appScopes : state.settings.scopes;
  if (accepted.length > 0 && !accepted.some((scope) => granted.includes(scope)))
    return { status: 200, accepted, answer: missingScope(accepted, granted) };
  const seconds = waitForTier(state, name, method.perMinute) || paceOf(state, method, args);
  if (seconds > 0)
    return {
      status: 429,
      headers: { "retry-after": String(seconds) },
      answer: { ok: false, error: "ratelimited" },
    };
  try {
    return { status: 200, accepted, answer: method.run(args, state) };
  } catch (error) {
    if (error instanceof SlackRefusal) return { status: 200, accepted, answer: error.answer };
    throw error;
  }
}

function checkToken(state: State, method: Method, token: string | undefined): string | undefined {
  const wanted = method.token ?? "bot";
  if (wanted === "none") return undefined;
  if (!token) return "not_authed";
  const { botToken, appToken } = state.settings;
  if (token === (wanted === "app" ? appToken : botToken)) return undefined;
  return token === botToken || token === appToken ? "not_allowed_token_type" : "invalid_auth";
}

function missingScope(accepted: readonly string[], granted: readonly string[]): Answer {
  return { ok: false, error: "missing_scope", needed: accepted.join(","), provided: granted.join(",") };
}

function paceOf(state: State, method: Method, args: Args): number {
  if (!method.paced || typeof args.channel !== "string") return 0;
  return waitForPace(state, findChannel(state, args.channel)?.id ?? args.channel);
}

function scopeHeaders(state: State, accepted: readonly string[] | undefined): Record<string, string> {
  return {
    "x-oauth-scopes": state.settings.scopes.join(","),
    ...(accepted?.length ? { "x-accepted-oauth-scopes": accepted.join(",") } : {}),
  };
}
