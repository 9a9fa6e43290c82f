import { inspect } from "node:util";
import type { Unread } from "../../domain/reading/reading.ts";
import { UpstreamError } from "../../errors.ts";
import { pageWords } from "../../text/page-words.ts";
import { plainError, whyUnread as why } from "../../text/why-unread.ts";
import { capped, count, field, list, text } from "../fields.ts";
import { isNoToken, noToken } from "./no-token.ts";
import { type Headers, isTransient, retryAfter } from "./transient.ts";

type Answer = { status: number; headers: Headers; bodyAsText?: string | null };

/** Networks and proxies say these; what Node says about certificates never gets better by itself. */
const lasting = /CERT|SIGNATURE|ERR_TLS|EPROTO|ERR_INVALID|ERR_UNESCAPED/i;
/** Azure's refusal as our error: `{error: {code, message}}`, `{code, message}`, `{errors: […]}`, HTML, or nothing. */
export function refusal(answer: Answer): UpstreamError {
  const { status, headers } = answer;
  const body = parsed(answer.bodyAsText);
  // A registry has a list of errors [OCI distribution specification, error codes].
  const first = list(field(body, "errors"))[0] ?? body;
  const about = field(body, "error", "code") === undefined ? first : field(body, "error");
  const challenged = status === 401 && /claims=/i.test(headers.get("WWW-Authenticate") ?? "");
  const fallback = challenged ? "ClaimsChallenge" : `Http${status}`;
  // Resource Graph says what is wrong in the details only: around them it is always a bad request.
  const details = list(field(about, "details")).slice(0, 3);
  const outer = text(field(about, "code"), 100) || text(field(about, "error"), 100) || fallback;
  const code = (/^BadRequest$/i.test(outer) && text(field(details[0], "code"), 100)) || outer;
  const parts = [about, ...details].map((part) => `${text(field(part, "message"), 300)}${placeIn(part)}`);
  const said = parts.filter(Boolean).join(" ") || plain(answer.bodyAsText);
  return new UpstreamError(`Azure answered ${status} ${code}${said && `: ${said}`}`, {
    system: "azure",
    status,
    code,
    retryable: isTransient(status),
    retryAfter: retryAfter(headers),
  });
}

/** Where a query is wrong: Resource Graph names line, character and token, or -1 where it does not know. */
function placeIn(detail: unknown): string {
  const [line, character] = [count(field(detail, "line")), count(field(detail, "characterPositionInLine"))];
  if (!line) return "";
  const token = text(field(detail, "token"), 50);
  return ` (line ${line}, character ${character ?? 0}${token && `: ${token}`})`;
}

/** Anything that the SDKs throw as our error; our own errors come back as they are. */
export function problem(error: unknown): UpstreamError {
  if (error instanceof UpstreamError) return error;
  const response = answerWithin(error);
  if (response && response.status >= 400) return refusal(response);
  const name = text(field(error, "name"));
  // Not String(…), which throws for an object that hides its text.
  const message = text(field(error, "message")) || inspect(error, { depth: 1 });
  if (isNoToken(error)) return noToken(error, name, message);
  if (response && response.status < 300) return unreadableBody(response.status, error);
  const code = name === "AbortError" ? "ETIMEDOUT" : text(field(error, "code"), 100) || name || "Error";
  const said = plainError.test(code) ? "Azure's answer could not be used" : "Azure could not be reached";
  return new UpstreamError(`${said} (${code}): ${capped(message, 300)}`, {
    system: "azure",
    code,
    retryable: !lasting.test(code),
    cause: error,
  });
}

/** The answer that the SDKs hang on their errors; whatever else is called `response` is none. */
function answerWithin(error: unknown): Answer | undefined {
  const response = field(error, "response") as Answer | undefined;
  return typeof response?.status === "number" && typeof response.headers?.get === "function"
    ? response
    : undefined;
}

/** Status 200 with a body that is cut or no JSON: the SDK's own message would quote the whole body. */
export function unreadableBody(status: number, cause?: unknown): UpstreamError {
  return new UpstreamError(`Azure answered ${status} with a body that is not valid JSON`, {
    system: "azure",
    status,
    code: "InvalidBody",
    retryable: true,
    cause,
  });
}

/** Why a part of the estate could not be read, in the words of the reports. */
export function whyUnread(error: unknown): Unread["why"] {
  return why(problem(error));
}

/** Azure's own words, short enough for a line. */
export function detailOf(error: unknown): string {
  return capped(problem(error).message, 200);
}

function parsed(body: string | null | undefined): unknown {
  try {
    return body ? JSON.parse(body.replace(/^\uFEFF/, "")) : undefined;
  } catch {
    return undefined;
  }
}

/** The words of a body that is no JSON, for example a proxy's page. */
function plain(body: string | null | undefined): string {
  if (!body || /^\s*[[{]/.test(body)) return "";
  return capped(pageWords(body), 200);
}
