import { UpstreamError } from "../../errors.ts";
import type { Metrics } from "../../ports/process.ts";
import { callSeconds, counted, type SlackCalls } from "../web-api.ts";
import { isPassing, networkCode } from "../web-api-failure.ts";

/**
 * Uploads bytes and answers the file's id; it is visible only once it is shared. Source: docs.slack.dev "Working with
 * files": `files.getUploadURLExternal`, then a POST of the bytes.
 */
export async function upload(
  call: SlackCalls,
  metrics: Metrics,
  { name, bytes }: { name: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<string> {
  const { upload_url, file_id } = await call<{ upload_url: string; file_id: string }>(
    "files.getUploadURLExternal",
    {
      filename: name,
      length: bytes.byteLength,
    },
  );
  await sendTo("upload", upload_url, { body: bytes }, metrics);
  return file_id;
}

/**
 * POSTs to an address that Slack gave us (an upload, a response_url); answers the body of a 200.
 * @throws UpstreamError; `code` is Slack's word where the body holds one
 */
export async function sendTo(
  method: string,
  url: string,
  request: { body: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> },
  metrics: Metrics,
): Promise<string> {
  const failed = (failure: UpstreamError) => {
    counted(method, failure, metrics);
    return failure;
  };
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method: "POST",
      redirect: "error",
      signal: AbortSignal.timeout(callSeconds * 1000),
      ...request,
    });
    text = await response.text();
  } catch (error) {
    const code = networkCode(error);
    throw failed(
      new UpstreamError(`${method}: ${code}`, { system: "slack", code, retryable: true, cause: error }),
    );
  }
  const word = slackWord(text) ?? (isPage(text) ? "unreadable_answer" : undefined);
  if (response.ok && !word) {
    metrics.count("slack_requests_total", { method, outcome: "ok" });
    return text;
  }
  const { status } = response;
  const wait = Number(response.headers.get("retry-after"));
  const isWord = word !== undefined && word !== "unreadable_answer";
  const code = status === 429 ? "ratelimited" : response.ok || isWord ? word! : `http_${status}`;
  throw failed(
    new UpstreamError(`${method}: ${code}`, {
      system: "slack",
      status,
      code,
      retryable: status === 429 || status >= 500 || isPassing(code),
      ...(status === 429 && { retryAfter: wait > 0 ? wait : 1 }),
    }),
  );
}

/** A page for people, such as a proxy puts in place of Slack's answer. */
function isPage(text: string): boolean {
  return /^\s*<(!doctype|html)\b/i.test(text);
}

/** The error word of a body: `{"ok":false,"error":"used_url"}`, or the word alone. */
function slackWord(text: string): string | undefined {
  try {
    const body = JSON.parse(text) as { ok?: unknown; error?: unknown };
    return body.ok === false && typeof body.error === "string" ? body.error : undefined;
  } catch {
    return /^(?!ok\b)[a-z]+(_[a-z]+)+$/.test(text.trim()) ? text.trim() : undefined;
  }
}
