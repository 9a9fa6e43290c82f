import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAlertId } from "../src/azure/alerts.ts";
import { problem, refusal, whyUnread } from "../src/azure/problem.ts";

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
