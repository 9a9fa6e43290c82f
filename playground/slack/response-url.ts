import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import { isObject } from "./blocks/check.ts";
import { refuseBlocks } from "./blocks/validate.ts";
import { strike } from "./faults.ts";
import type { Block, Message } from "./message.ts";
import { edit, post, remove } from "./posting.ts";
import { changed, nextId, type ResponseUrl, type State } from "./state.ts";
import { decodeArgs, readBody, send, sendJson } from "./wire.ts";

/** Answers through a response_url. Source: docs.slack.dev "Handling user interaction", "Message responses". */

const mostUses = 5;
const life = 30 * 60_000;

export function newResponseUrl(
  state: State,
  place: { channel: string; user: string; original?: Message; thread_ts?: string },
): { url: string; record: ResponseUrl } {
  const id = nextId(state, "R");
  const record: ResponseUrl = { id, ...place, issued: state.settings.clock(), uses: 0, answers: [] };
  state.responseUrls.set(id, record);
  return { url: `${state.origin}/response/${id}`, record };
}

/** Takes a POST to a response_url. A refused message does not use it up. */
export async function serveResponse(
  state: State,
  id: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const bytes = await readBody(request);
  const form = "application/x-www-form-urlencoded";
  const type = request.headers["content-type"]?.startsWith(form) ? form : "application/json";
  const args = decodeArgs(type, bytes, new URLSearchParams());
  const body =
    typeof args.payload === "string" ? (JSON.parse(args.payload) as Record<string, unknown>) : args;
  const record = state.responseUrls.get(id);
  const fault = strike(state, "response_url", record?.channel);
  if (fault?.kind === "slow") await wait(fault.ms ?? 1000);
  else if (fault?.kind === "reset") return void request.socket.resetAndDestroy();
  else if (fault?.kind === "garbage") return send(response, 200, "<html><body>Gateway</body></html>");
  else if (fault?.kind === "status") return send(response, fault.status ?? 500, "upstream connect error");
  else if (fault?.kind === "ratelimited")
    return send(response, 429, "ratelimited", { "retry-after": String(fault.retryAfter ?? 1) });
  const answer = fault?.kind === "error" ? (fault.error ?? "internal_error") : accept(state, record, body);
  const status = statusOf(answer);
  state.responses.push({ responseUrl: id, body, time: Date.now(), status, answer });
  changed(state);
  if (fault?.kind === "lostAnswer") return void request.socket.destroy();
  if (answer === "ok") send(response, 200, "ok", { "content-type": "text/plain" });
  else sendJson(response, status, { ok: false, error: answer });
}

function statusOf(answer: string): number {
  if (answer === "ok") return 200;
  return answer === "used_url" || answer === "expired_url" ? 404 : 400;
}

function accept(state: State, record: ResponseUrl | undefined, body: Record<string, unknown>): string {
  if (!record) return "expired_url";
  if (state.settings.clock() - record.issued > life) return "expired_url";
  if (record.uses >= mostUses) return "used_url";
  const refusal = answerThrough(state, record, body);
  if (refusal) return refusal;
  record.uses += 1;
  return "ok";
}

/** Shows an answer; also used for the body of an acknowledgement. Answers the error where Slack refuses it. */
export function answerThrough(
  state: State,
  record: ResponseUrl,
  body: Record<string, unknown>,
): string | undefined {
  const { original } = record;
  if (body.delete_original === true) {
    if (!original || original.deleted) return "message_not_found";
    remove(state, original);
    return undefined;
  }
  const blocks = body.blocks === undefined ? undefined : (body.blocks as Block[]);
  const text = typeof body.text === "string" ? body.text : "";
  if (text === "" && !blocks?.length) return "no_text";
  if (text.length > 40_000) return "msg_too_long";
  const refusal = blocks && refuseBlocks(blocks, state.settings);
  if (refusal) {
    state.refusals.push(refusal);
    return refusal.error;
  }
  if (body.replace_original === true && original && !original.deleted) {
    edit(state, original, { text, blocks: blocks ?? [] });
    return undefined;
  }
  show(state, record, text, blocks, body);
  return undefined;
}

function show(
  state: State,
  record: ResponseUrl,
  text: string,
  blocks: Block[] | undefined,
  body: unknown,
): void {
  const options = isObject(body) ? body : {};
  const thread_ts = typeof options.thread_ts === "string" ? options.thread_ts : record.thread_ts;
  const ephemeralTo = options.response_type === "in_channel" ? undefined : record.user;
  const draft = { channel: record.channel, user: state.bot.user_id, text, blocks, thread_ts, ephemeralTo };
  const message = post(state, draft);
  record.answers.push(message);
  // A command has no message of its own: what it answered first is what a later answer replaces.
  record.original ??= message;
}
