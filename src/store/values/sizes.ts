/**
 * How much each kind of state takes, for `doctor`. Keeps nothing of its own.
 */

import type { Redis } from "ioredis";
import type { Retention } from "../../domain/retention.ts";
import type { Kept, Size, SizesPort } from "../../ports/sizes.ts";
import type { RedisConnection } from "../../redis/connection.ts";
import { channelIdsRetention } from "../channel-ids.ts";
import { leaseRetention } from "../lease.ts";
import { mutesRetention } from "../mutes.ts";
import { onceRetention } from "../once.ts";
import { readingsRetention } from "../readings/readings.ts";
import { slotsRetention } from "../slots.ts";
import { subscriptionsRetention } from "../subscriptions.ts";
import { troubleRetention } from "../trouble.ts";
import { complianceWatchRetention } from "../watches/compliance-watch.ts";
import { coverageWatchRetention } from "../watches/coverage-watch.ts";
import { huntWatchesRetention } from "../watches/hunt-watches.ts";
import { recommendationsWatchRetention } from "../watches/recommendations-watch.ts";
import { scanned } from "./key-types.ts";
import { quarantineRetention } from "./quarantine.ts";

/** First word of a key → kind and retention. */
function kindsOf({
  alerts,
  audit,
  counts,
  simulations,
}: Retention): Record<string, { kind: string; retention: Kept }> {
  return {
    alerts: { kind: "alerts", retention: inDays(alerts) },
    audit: { kind: "audit", retention: inDays(audit) },
    "channel-ids": { kind: "channels", retention: channelIdsRetention },
    compliance: { kind: "compliance", retention: complianceWatchRetention },
    coverage: { kind: "coverage", retention: coverageWatchRetention },
    event: { kind: "outbox", retention: inDays(alerts) },
    enablements: { kind: "enablements", retention: inDays(audit) },
    exemptions: { kind: "exemptions", retention: inDays(audit) },
    findings: {
      kind: "findings",
      retention: {
        en: `two snapshots; counts and what was fixed ${counts} days`,
        ja: `スナップショット 2 つ。件数と修正済みの記録は ${counts} 日`,
      },
    },
    hunts: { kind: "hunts", retention: huntWatchesRetention },
    lease: { kind: "leases", retention: leaseRetention },
    mutes: { kind: "mutes", retention: mutesRetention },
    once: { kind: "once", retention: onceRetention },
    outbox: { kind: "outbox", retention: inDays(alerts) },
    quarantine: { kind: "quarantine", retention: quarantineRetention },
    readings: { kind: "readings", retention: readingsRetention },
    recommendations: { kind: "recommendations", retention: recommendationsWatchRetention },
    runs: { kind: "simulations", retention: inDays(simulations) },
    slots: { kind: "slots", retention: slotsRetention },
    subscriptions: { kind: "subscriptions", retention: subscriptionsRetention },
    trouble: { kind: "trouble", retention: troubleRetention },
    work: queue,
    "work-alerts": queue,
    "work-delivery": queue,
  };
}

const queue = {
  kind: "queue",
  retention: {
    en: "until done; the last 1,000 done and failed runs of each queue for a day",
    ja: "完了するまで。完了と失敗はキューごとに直近の 1,000 件を 1 日",
  },
};

function inDays(days: number): Kept {
  return { en: `${days} days`, ja: `${days} 日` };
}

export function sizesPort(redis: RedisConnection, prefix: string, days: Retention): SizesPort {
  const kinds = kindsOf(days);
  return {
    /** Walks over the keys below the prefix, never over the whole of a shared Redis at once. */
    async sizes() {
      const sizes = new Map<string, Size>();
      for await (const { node, keys } of scanned(redis, prefix)) {
        const bytes = await bytesOf(node, keys);
        keys.forEach((key, index) => {
          const word = key.slice(prefix.length + 1).split(":", 1)[0] ?? "";
          const { kind, retention } = kinds[word] ?? { kind: word, retention: { en: "unknown", ja: "不明" } };
          const size = sizes.get(kind) ?? { kind, keys: 0, bytes: 0, retention };
          size.keys++;
          size.bytes += bytes[index] ?? 0;
          sizes.set(kind, size);
        });
      }
      return [...sizes.values()].sort((a, b) => b.bytes - a.bytes);
    },
  };
}

async function bytesOf(node: Redis, keys: string[]): Promise<number[]> {
  const pipeline = node.pipeline();
  for (const key of keys) pipeline.memory("USAGE", key);
  // A key that expired meanwhile has no size.
  return ((await pipeline.exec()) ?? []).map(([, value]) => Number(value ?? 0));
}
