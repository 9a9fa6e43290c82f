import { setTimeout as wait } from "node:timers/promises";
import type { PipelinePolicy, PipelineResponse } from "@azure/core-rest-pipeline";
import type { UpstreamError } from "../../errors.ts";
import type { Log, Metrics } from "../../ports/process.ts";
import { isNoToken } from "./no-token.ts";
import { problem, refusal, unreadableBody } from "./problem.ts";
import { isTransient, retryAfter } from "./transient.ts";

const tries = 3;
/** Seconds of waiting in all for one request; who waits longer is better served by an error that says how long. */
const longestWaitSeconds = 20;
const timeout = 15_000;

type Deps = { log: Log; metrics: Metrics };

/**
 * Replaces the SDK's retry policy, which would follow any `Retry-After` however long: three tries, 20 seconds of
 * waiting in all, 15 seconds for each try. Azure's refusals are returned as they are, so that the token policy around
 * it still sees a claims challenge. `nameOf`: the kind of call that a URL is, for the metrics.
 */
export function retryPolicy({ log, metrics }: Deps, nameOf = callName): PipelinePolicy {
  return {
    name: "breakwaterRetry",
    async sendRequest(request, next) {
      const call = nameOf(request.url);
      if (request.timeout === 0) request.timeout = timeout;
      let waited = 0;
      for (let attempt = 1; ; attempt++) {
        let response: PipelineResponse | undefined;
        let error: UpstreamError;
        try {
          response = await next(request);
          metrics.count("azure_requests_total", { call, status: String(response.status) });
          if (isCut(response)) error = unreadableBody(response.status);
          else if (isTransient(response.status)) error = refusal(response);
          else return response;
        } catch (thrown) {
          error = problem(thrown);
          // The credential has tried again by itself, and no request was sent.
          if (isNoToken(thrown) || thrown === error) throw error;
          metrics.count("azure_requests_total", { call, status: error.code });
        }
        const pause = pauseBefore(attempt + 1, error, response);
        if (attempt >= tries || !error.retryable || waited + pause > longestWaitSeconds) {
          if (response && !isCut(response)) return response;
          throw error;
        }
        log.debug({ call, attempt, code: error.code, pause }, "Azure did not answer, trying again");
        await wait(pause * 1000, undefined, { signal: request.abortSignal as AbortSignal | undefined });
        waited += pause;
      }
    },
  };
}

/** Takes a byte order mark away, which .NET may write and no parser of JSON takes. Innermost: the SDKs parse outside. */
export const unmarkPolicy: PipelinePolicy = {
  name: "breakwaterUnmark",
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.bodyAsText?.startsWith("\uFEFF")) response.bodyAsText = response.bodyAsText.slice(1);
    return response;
  },
};

/** Seconds: what Azure asks for, else a growing pause with some chance in it, so that many do not come back at once. */
function pauseBefore(attempt: number, error: UpstreamError, response: PipelineResponse | undefined): number {
  const asked = response && retryAfter(response.headers);
  if (asked !== undefined) return asked;
  // One try more is enough for what hangs: 15 seconds have gone by already.
  if (error.code === "ETIMEDOUT" && attempt > 2) return Number.POSITIVE_INFINITY;
  return 0.4 * 2 ** (attempt - 2) * (0.75 + Math.random() / 2);
}

/** A JSON body that does not end like one was cut on its way; the whole check is the parser's. */
function isCut(response: PipelineResponse): boolean {
  const body = response.bodyAsText;
  // An answer without anything in it may be empty or say so.
  if (response.status >= 300 || !body || /^\s*(?:null\s*)?$/.test(body.slice(0, 50))) return false;
  return /json/i.test(response.headers.get("Content-Type") ?? "") && !/[}\]]\s*$/.test(body.slice(-50));
}

/**
 * The outermost policy: every failure of every client leaves as an `UpstreamError`, counted by subscription. So does a
 * redirect that was not followed, which is no answer.
 */
export function refusalPolicy({ metrics }: Pick<Deps, "metrics">): PipelinePolicy {
  return {
    name: "breakwaterRefusal",
    async sendRequest(request, next) {
      try {
        const response = await next(request);
        if (response.status < 300) return response;
        throw refusal(response);
      } catch (thrown) {
        const error = problem(thrown);
        const subscription = /\/subscriptions\/([^/?]+)/i.exec(request.url)?.[1]?.toLowerCase() ?? "";
        metrics.count("azure_errors_total", { subscription, code: error.code });
        throw error;
      }
    },
  };
}

/** The kind of call, without names: `/subscriptions/x/providers/Microsoft.Security/pricings/y` → `Microsoft.Security/pricings`. */
export function callName(url: string): string {
  const path = new URL(url).pathname;
  const at = path.toLowerCase().lastIndexOf("/providers/");
  if (at < 0)
    return path
      .split("/")
      .filter((_, index) => index % 2 === 1)
      .join("/");
  const [provider = "", ...rest] = path.slice(at + "/providers/".length).split("/");
  return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}
