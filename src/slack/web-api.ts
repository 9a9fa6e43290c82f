import { WebClient } from "@slack/web-api";
import type { Settings } from "../domain/settings.ts";
import type { UpstreamError } from "../errors.ts";
import type { Log, Metrics } from "../ports/process.ts";
import { quietLogger } from "./logger.ts";
import { slackFailure } from "./web-api-failure.ts";

/** Calls a Web API method. Throws `UpstreamError` (system `slack`). */
export type SlackCalls = <Answer = Record<string, unknown>>(
  method: string,
  args?: Record<string, unknown>,
) => Promise<Answer>;

export const callSeconds = 10;

/**
 * The Web API without the client's own retries and queues, which last up to half an hour: the delivery layer decides
 * itself. Counts every call; logs neither tokens nor texts.
 */
export function slackCalls(
  settings: Pick<Settings["slack"], "botToken" | "apiUrl">,
  { log, metrics }: { log: Log; metrics: Metrics },
): SlackCalls {
  const client = new WebClient(settings.botToken, {
    ...(settings.apiUrl && { slackApiUrl: settings.apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: callSeconds * 1000,
    logger: quietLogger,
  });
  return async <Answer>(method: string, args: Record<string, unknown> = {}) => {
    try {
      const answer = await client.apiCall(method, args);
      metrics.count("slack_requests_total", { method, outcome: "ok" });
      return answer as Answer;
    } catch (error) {
      const failure = slackFailure(method, error);
      counted(method, failure, metrics);
      logged(method, failure, error, log);
      throw failure;
    }
  };
}

export function counted(method: string, failure: UpstreamError, metrics: Metrics): void {
  const limited = failure.status === 429 || failure.code === "ratelimited";
  if (limited) metrics.count("slack_ratelimited_total", { method });
  const outcome = limited ? "ratelimited" : failure.retryable ? "failed" : "refused";
  metrics.count("slack_requests_total", { method, outcome });
}

/** Slack names the block that it objects to in separate messages; they name places, no content. */
function logged(method: string, failure: UpstreamError, error: unknown, log: Log): void {
  if (!/^invalid_(blocks|arguments|attachments)/.test(failure.code)) return;
  const data = (error as { data?: { response_metadata?: { messages?: unknown } } }).data;
  const messages = data?.response_metadata?.messages;
  log.warn({ method, code: failure.code, messages }, "Slack refused the form of a message");
}
