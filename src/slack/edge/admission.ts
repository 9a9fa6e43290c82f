import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Metrics } from "../../ports/process.ts";

/** Slack's largest payloads are some 100 kB. */
export const bodyLimit = 512 * 1024;
/** So many bodies are read at a time; together they take 32 MB at most. */
const readingMost = 64;
const bodyTimeoutMs = 10_000;
/** Source: docs.slack.dev "Verifying requests from Slack": older than five minutes is a replay. */
const staleSeconds = 300;

export type Refusal = "missing" | "malformed" | "stale" | "mismatch";

/**
 * Refuses requests that cannot be Slack's before their body is read: without a signature, too large, or more at a time
 * than is good. Whether a signature is right is decided by Bolt, from the body.
 */
export function admission(
  options: {
    path: string;
    metrics: Metrics;
    watch: { refused(why: Refusal): void; accepted(): void };
  },
  next: RequestListener,
): RequestListener {
  const { metrics, watch } = options;
  let reading = 0;
  const refused = (why: Refusal) => {
    metrics.count("slack_unverified_total", { reason: why });
    watch.refused(why);
  };
  return (request, response) => {
    if (request.method !== "POST" || request.url?.split("?")[0] !== options.path) {
      return next(request, response);
    }
    const why = refusalOf(request);
    if (why) {
      refused(why);
      return end(response, 401);
    }
    if (Number(request.headers["content-length"] ?? 0) > bodyLimit) return end(response, 413);
    if (reading >= readingMost) return end(response, 503);
    reading++;
    const late = setTimeout(() => request.destroy(), bodyTimeoutMs);
    let done = false;
    const read = () => {
      if (done) return;
      done = true;
      reading--;
      clearTimeout(late);
    };
    request.once("end", read).once("close", read);
    response.once("finish", () => {
      if (response.statusCode === 401) refused("mismatch");
      else if (response.statusCode < 300) watch.accepted();
    });
    next(request, response);
  };
}

function refusalOf({ headers }: IncomingMessage): Refusal | undefined {
  const signature = headers["x-slack-signature"];
  const time = headers["x-slack-request-timestamp"];
  if (signature === undefined || time === undefined) return "missing";
  if (!/^v0=[0-9a-f]{64}$/.test(String(signature)) || !/^\d{1,12}$/.test(String(time))) return "malformed";
  return Math.abs(Date.now() / 1000 - Number(time)) > staleSeconds ? "stale" : undefined;
}

/** The body is not read any more: the connection ends with the answer. */
function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { connection: "close" }).end();
}
