import type { ChannelSubscription } from "../domain/subscription.ts";
import type { Store } from "../ports.ts";
import { alertsPort } from "./alerts.ts";
import { auditPort } from "./audit.ts";
import { guarded, type RedisConnection } from "./connection.ts";
import { durabilityPort } from "./durability.ts";
import { findingsPort } from "./findings/findings.ts";
import { type LeasePort, leasePort } from "./lease.ts";
import { mutesPort } from "./mutes.ts";
import { oncePort } from "./once.ts";
import { outboxPort } from "./outbox.ts";
import { type Retention, usualRetention } from "./retention.ts";
import { runsPort } from "./runs.ts";
import { sizesPort } from "./sizes.ts";
import { type SlotsPort, slotsPort } from "./slots.ts";
import { subscriptionsPort } from "./subscriptions.ts";
import { troublePort } from "./trouble.ts";

export type OpenStore = Store & {
  leases: LeasePort;
  slots: SlotsPort;
};

/**
 * Everything kept in Redis. Opens nothing: the connection does so with its first command.
 * Every call rejects with `UpstreamError` (system `redis`) where Redis fails.
 * @param prefix of every key, with a hash tag in braces, so that all keys lie in one slot of a cluster
 * @param fileSubscriptions those of the configuration file
 * @param days how long things are kept, where it is not as usual
 */
export function openStore(
  connection: RedisConnection,
  prefix: string,
  fileSubscriptions: readonly ChannelSubscription[],
  days: Partial<Retention> = {},
): OpenStore {
  const retention = { ...usualRetention, ...days };
  const alerts = guarded(alertsPort(connection, prefix, retention.alerts));
  const audit = guarded(auditPort(connection, prefix, retention.audit));
  const runs = guarded(runsPort(connection, prefix, retention));
  const findings = guarded(findingsPort(connection, prefix, retention.counts));
  const outbox = guarded(outboxPort(connection, prefix, retention.alerts));
  return {
    alerts,
    audit,
    findings,
    mutes: guarded(mutesPort(connection, prefix)),
    once: guarded(oncePort(connection, prefix)),
    outbox,
    runs,
    sizes: guarded({ ...sizesPort(connection, prefix, retention), ...durabilityPort(connection) }),
    subscriptions: guarded(subscriptionsPort(connection, prefix, fileSubscriptions)),
    trouble: guarded(troublePort(connection, prefix)),
    leases: guarded(leasePort(connection, prefix)),
    slots: guarded(slotsPort(connection, prefix)),
    ...guarded({
      async trim(now: string) {
        await Promise.all([
          alerts.trim(now),
          audit.trim(now),
          findings.trim(now),
          outbox.trim(now),
          runs.trim(now),
        ]);
      },
      async ping() {
        const started = performance.now();
        await connection.ping();
        return performance.now() - started;
      },
    }),
  };
}
