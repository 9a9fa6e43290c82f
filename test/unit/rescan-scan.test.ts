import { describe, expect, it } from "vitest";
import type { Ports } from "../../src/definitions/ports.ts";
import { vulnerabilityKey } from "../../src/domain/findings/model/finding.ts";
import { scan } from "../../src/jobs/rescan/scan.ts";
import type { FindingsAzure } from "../../src/ports/azure.ts";

describe("a scan whose Redis fails while Azure is read", () => {
  it("ends the reading, and says why", async () => {
    let aborted = false;
    const findings: FindingsAzure["findings"] = (_, { signal } = {}) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => {
          aborted = true;
          reject(signal.reason);
        });
      });
    const store = { findings: { current: () => Promise.reject(new Error("Redis is away")) } };
    const ports = { azure: { findings }, store } as unknown as Ports;
    await expect(scan("2026-11-29T08:00:00.000Z", ports)).rejects.toThrow("Redis is away");
    expect(aborted).toBe(true);
  });
});

it.each([
  [{ id: "CVE-2026-1", package: "Curl", version: "7.1" }, "cve-2026-1|curl|7.1"],
  [{ id: " CVE-2026-1 ", package: "a \t b", version: "1 | 2" }, "cve-2026-1|a b|1 | 2"],
])("white space and letter case make no other finding (%o)", (one, key) =>
  expect(vulnerabilityKey(one)).toBe(key),
);
