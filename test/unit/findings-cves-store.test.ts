import { beforeAll, describe, expect, it } from "vitest";
import type { CveReading } from "../../src/domain/findings/model/finding.ts";
import type { RedisConnection } from "../../src/redis/connection.ts";
import { openStore } from "../../src/store/store.ts";
import { endsAfter } from "../broken-redis.ts";
import { redisForThisFile } from "../redis.ts";

const server = redisForThisFile();
let redis: RedisConnection;
beforeAll(() => {
  redis = server.connect();
});

const dayOf = (day: number) => new Date(Date.UTC(2026, 10, day)).toISOString();
const detail = (id: string, epss: number) => ({ id, severity: "high" as const, exploit: false, epss });
/** A reading that knows one CVE more, says CVE-2024-1000 anew, and misses another one. */
const reading = (day: number): CveReading => ({
  at: dayOf(day),
  refreshed: dayOf(day),
  details: [detail("CVE-2024-1000", day), detail(`CVE-2024-${2000 + day}`, 1)],
  absent: [`CVE-2024-${3000 + day}`],
});
/** Thirty readings, which are a full list, in a store of their own. */
async function thirty(prefix = server.prefix()) {
  const key = `${prefix}:findings:cves`;
  const port = openStore(redis, prefix, []).findings;
  for (let day = 1; day <= 30; day++) await port.keepCves(reading(day), new Set());
  return { port, key, prefix };
}

describe("kept details of CVEs", () => {
  it("are written as one after thirty readings: what is in use stays, the latest word of each", async () => {
    const { port, key } = await thirty();
    expect((await port.cves()).cves.size).toBe(61);
    await port.keepCves(reading(31), new Set(["CVE-2024-1000", "CVE-2024-2007", "CVE-2024-3007"]));
    expect(await redis.llen(key)).toBe(2);
    const { cves, refreshed } = await port.cves();
    expect(refreshed).toBe(dayOf(31));
    expect([...cves.keys()].sort()).toEqual([
      "CVE-2024-1000",
      "CVE-2024-2007",
      "CVE-2024-2031",
      "CVE-2024-3007",
      "CVE-2024-3031",
    ]);
    expect(cves.get("CVE-2024-1000")).toEqual({ at: dayOf(31), detail: detail("CVE-2024-1000", 31) });
    expect(cves.get("CVE-2024-2007")?.detail).toEqual(detail("CVE-2024-2007", 1));
    expect(cves.get("CVE-2024-3007")).toEqual({ at: dayOf(7) });
  });

  it("all stay where a reading does not know what is in use: one of pushed images sees these only", async () => {
    const { port, key } = await thirty();
    await port.keepCves({ at: dayOf(31), details: [detail("CVE-2024-2031", 1)], absent: [] });
    expect(await redis.llen(key)).toBe(2);
    const { cves, refreshed } = await port.cves();
    expect(cves.size).toBe(62);
    expect(refreshed).toBe(dayOf(30));
  });

  it("are whole, old or new, whatever command the process ends at", async () => {
    for (let commands = 0; ; commands++) {
      const { prefix } = await thirty();
      const ended = await openStore(endsAfter(redis, commands), prefix, [])
        .findings.keepCves(reading(31))
        .then(
          () => true,
          () => false,
        );
      const { cves } = await openStore(redis, prefix, []).findings.cves();
      expect(cves.size).toBe(ended ? 63 : 61);
      if (ended) break;
    }
  });
});
