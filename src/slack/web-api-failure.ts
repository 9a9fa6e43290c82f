import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from "@slack/web-api";
import { UpstreamError } from "../errors.ts";

/** Slack's words for trouble of its own; every other word is a decision that stays. Source: docs.slack.dev "Web API errors". */
const passing = new Set([
  "unreadable_answer",
  "ratelimited",
  "rate_limited",
  "message_limit_exceeded",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
  "team_added_to_org",
  "external_channel_migrating",
]);

/** Whether the same call may succeed in a moment, by Slack's word. */
export function isPassing(code: string): boolean {
  return passing.has(code);
}

/**
 * Any failure of a call to Slack as an `UpstreamError`: `code` is Slack's word, `http_500`, or the system's word for a
 * connection that failed (`ECONNRESET`, `ETIMEDOUT`, …: whether the call had its effect is then not known).
 */
export function slackFailure(method: string, error: unknown): UpstreamError {
  const about = { system: "slack" as const, cause: error };
  if (error instanceof UpstreamError) return error;
  if (error instanceof WebAPIRateLimitedError)
    return new UpstreamError(`${method}: Slack asks to wait ${error.retryAfter} s`, {
      ...about,
      status: 429,
      code: "ratelimited",
      retryable: true,
      retryAfter: error.retryAfter,
    });
  if (error instanceof WebAPIPlatformError) return refusal(method, error);
  if (error instanceof WebAPIHTTPError)
    return new UpstreamError(`${method}: HTTP ${error.statusCode}`, {
      ...about,
      status: error.statusCode,
      code: `http_${error.statusCode}`,
      retryable: error.statusCode >= 500 || error.statusCode === 408,
    });
  const code = networkCode(error instanceof WebAPIRequestError ? error.original : error);
  return new UpstreamError(`${method}: ${code}`, { ...about, code, retryable: true });
}

function refusal(method: string, error: WebAPIPlatformError): UpstreamError {
  const data = error.data as {
    error: unknown;
    needed?: unknown;
    response_metadata?: { retryAfter?: number; messages?: unknown };
  };
  const said = typeof data.error === "string" ? data.error : "";
  // The client passes on a body that is not JSON as if it were Slack's word; the call may have had its effect.
  const isWord = /^[a-z0-9_:.-]{1,80}$/i.test(said);
  const code = isWord ? said : "unreadable_answer";
  const needed = code === "missing_scope" && typeof data.needed === "string" ? ` (needs ${data.needed})` : "";
  return new UpstreamError(`${method}: ${code}${needed}${reasons(code, data.response_metadata?.messages)}`, {
    system: "slack",
    status: 200,
    code,
    retryable: passing.has(code),
    retryAfter: data.response_metadata?.retryAfter,
    // The client's error holds the whole answer, message texts included: it goes no further.
  });
}

/** Which block Slack objects to, in its own words: they name places, no content. */
function reasons(code: string, messages: unknown): string {
  if (!/^invalid_(blocks|arguments|attachments)/.test(code) || !Array.isArray(messages)) return "";
  const said = messages.filter((one) => typeof one === "string").slice(0, 3);
  return said.length > 0 ? ` (${said.join("; ").slice(0, 400)})` : "";
}

/** The system's word for what went wrong on the way. */
export function networkCode(error: unknown): string {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
    if (cause.name === "TimeoutError" || /TIMEOUT/.test(code)) return "ETIMEDOUT";
    if (code === "UND_ERR_SOCKET") return "ECONNRESET";
    if (/^E[A-Z]/.test(code)) return code;
    if (cause.message === "terminated") return "ECONNRESET";
    if (/^A rate limit|^Retry header/.test(cause.message)) return "ratelimited";
  }
  return "EFAILED";
}
