import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAlertId } from "../../src/azure/alerts/alerts.ts";
import { problem, refusal, whyUnread } from "../../src/azure/client/problem.ts";
import { retryAfter } from "../../src/azure/client/transient.ts";

describe("hostile answers", () => {
  it("leave an error with a status, a word and a reason, whatever was thrown or answered", () => {
    const body = fc.oneof(fc.string(), fc.json(), fc.constant(`<html>${"<".repeat(20_000)}`));
    fc.assert(
      fc.property(body, fc.integer({ min: 400, max: 599 }), fc.string(), (text, status, header) => {
        const error = refusal({ status, headers: { get: () => header }, bodyAsText: text });
        expect(error).toMatchObject({ name: "UpstreamError", system: "azure", status });
        expect(error.code).not.toBe("");
        expect(error.message.length).toBeLessThan(2000);
        expect(whyUnread(error)).toMatch(/^(denied|throttled|unreachable|failed|gone|not-registered)$/);
      }),
    );
    fc.assert(
      fc.property(fc.anything(), (thrown) => {
        expect(problem(thrown)).toMatchObject({ name: "UpstreamError", system: "azure" });
      }),
      {
        examples: [[{ toString: 0 }], [{ response: { status: 500 } }], [Object.create(null)], [Symbol("x")]],
      },
    );
  });

  it("never make an id that leaves the alerts of a subscription", () => {
    fc.assert(
      fc.property(fc.string(), (part) => {
        const prefix = "/subscriptions/a/providers/Microsoft.Security/locations/eu/alerts/";
        const read = readAlertId(`${prefix}${part}`);
        if (read)
          expect(new URL(`https://x${prefix}${encodeURI(part)}`).pathname.startsWith(prefix)).toBe(true);
      }),
    );
  });
});

describe("a token that cannot be had", () => {
  const thrown = (name: string, more: object = {}) => Object.assign(new Error("no"), { name, ...more });
  const refused = { errorResponse: { error: "invalid_client" } };
  it.each([
    [
      "an identity endpoint that fails",
      thrown("AggregateAuthenticationError"),
      "unreachable",
      "NoToken",
      true,
    ],
    ["no identity at all", thrown("CredentialUnavailableError"), "unreachable", "NoToken", true],
    [
      "Entra's refusal",
      thrown("AuthenticationError", { statusCode: 401, ...refused }),
      "denied",
      "invalid_client",
      false,
    ],
    [
      "Entra's limit",
      thrown("AuthenticationError", { statusCode: 429 }),
      "throttled",
      "AuthenticationError",
      true,
    ],
    [
      "Entra's failure",
      thrown("AuthenticationError", { statusCode: 503 }),
      "unreachable",
      "AuthenticationError",
      true,
    ],
  ])("because of %s is reported as what it is", (_, error, why, code, retryable) => {
    expect(problem(error)).toMatchObject({ code, retryable });
    expect(whyUnread(error)).toBe(why);
  });
});

describe("the time that Azure asks to wait", () => {
  const headers = (given: Record<string, string>) => ({ get: (name: string) => given[name] });
  it.each([
    ["in seconds", { "Retry-After": "17" }, 17],
    ["in milliseconds", { "retry-after-ms": "1500", "Retry-After": "9" }, 1.5],
    [
      "as a time, by the clock of who wrote it",
      { "Retry-After": "Wed, 25 Nov 2020 10:00:30 GMT", Date: "Wed, 25 Nov 2020 10:00:00 GMT" },
      30,
    ],
    ["as a time that is over", { "Retry-After": "Wed, 25 Nov 2020 10:00:30 GMT" }, 0],
    ["in words", { "Retry-After": "soon" }, undefined],
    // In every answer of Resource Graph [docs, "Guidance for throttled requests"].
    [
      "as a used-up quota",
      { "x-ms-user-quota-remaining": "0", "x-ms-user-quota-resets-after": "00:00:05" },
      5,
    ],
    [
      "not in a quota that is left",
      { "x-ms-user-quota-remaining": "3", "x-ms-user-quota-resets-after": "00:00:05" },
      undefined,
    ],
    ["without an end", { "Retry-After": "Infinity" }, undefined],
  ])("is read %s", (_, given, seconds) => expect(retryAfter(headers(given))).toBe(seconds));
});
