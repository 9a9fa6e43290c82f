import { type Enablement, isSettled } from "../domain/enablement/enablement.ts";
import { type Exemption, isSettled as isSettledExemption } from "../domain/exemptions/exemptions.ts";
import type { Retention } from "../domain/retention.ts";
import type { ChannelSubscription } from "../domain/subscription.ts";
import type { EventShape } from "../ports/outbox.ts";
import type { LeasePort, Store } from "../ports/store.ts";
import { guarded, type RedisConnection } from "../redis/connection.ts";
import { alertsPort } from "./alerts/alerts.ts";
import { auditPort } from "./audit.ts";
import { channelIdsPort } from "./channel-ids.ts";
import { durabilityPort } from "./durability.ts";
import { failuresPort } from "./failures.ts";
import { findingsPort } from "./findings/findings.ts";
import { leasePort } from "./lease.ts";
import { mutesPort } from "./mutes.ts";
import { oncePort } from "./once.ts";
import { outboxPort } from "./outbox/outbox.ts";
import { sharedReadingsPort } from "./readings/readings.ts";
import { requestsPort } from "./requests.ts";
import { runsPort } from "./runs/runs.ts";
import { type SlotsPort, slotsPort } from "./slots.ts";
import { subscriptionsPort } from "./subscriptions.ts";
import { troublePort } from "./trouble.ts";
import { formats } from "./values/formats.ts";
import { valuesIn } from "./values/read.ts";
import { usualRetention } from "./values/retention.ts";
import { sizesPort } from "./values/sizes.ts";
import { complianceWatchPort } from "./watches/compliance-watch.ts";
import { coverageWatchPort } from "./watches/coverage-watch.ts";
import { huntWatchesPort } from "./watches/hunt-watches.ts";
import { recommendationsWatchPort } from "./watches/recommendations-watch.ts";

export type OpenStore = Store & {
  /** When the last test write of any process worked; ISO time. */
  lastPing(): Promise<string | undefined>;
  leases: LeasePort;
  slots: SlotsPort;
};

/**
 * Everything kept in Redis. Opens nothing: the connection does so with its first command.
 * Every call rejects with `UpstreamError` (system `redis`) where Redis fails.
 * @param prefix of every key, with a hash tag in braces, so that all keys lie in one slot of a cluster
 * @param fileSubscriptions those of the configuration file
 * @param days how long things are kept, where it is not as usual
 * @param shapeOf the schemas of notifiers' events
 * @param failed hears of a value that could not be read, and could not be moved to quarantine either
 * @param cli how an operator runs a command on this Redis
 */
export function openStore(
  connection: RedisConnection,
  prefix: string,
  fileSubscriptions: readonly ChannelSubscription[],
  days: Partial<Retention> = {},
  {
    shapeOf = () => undefined,
    failed = () => undefined,
    cli = "redis-cli",
  }: { shapeOf?: EventShape; failed?: (error: unknown) => void; cli?: string } = {},
): OpenStore {
  const retention = { ...usualRetention, ...days };
  const values = valuesIn(connection, prefix, failed, cli);
  const port = <Port extends object>(calls: Port) => guarded(values.overTypes(calls));
  const alerts = port(alertsPort(connection, prefix, values, retention.alerts));
  const audit = port(auditPort(connection, prefix, values, retention.audit));
  const runs = port(runsPort(connection, prefix, values, retention));
  const findings = port(findingsPort(connection, prefix, values, retention.counts));
  const channels = port(channelIdsPort(connection, prefix, values));
  const exemptions = port(
    requestsPort<"exemption", Exemption>(connection, prefix, values, {
      ...{ key: "exemptions", name: "exemption", days: retention.audit, isSettled: isSettledExemption },
      format: formats.exemption,
    }),
  );
  const enablements = port(
    requestsPort<"enablement", Enablement>(connection, prefix, values, {
      ...{ key: "enablements", name: "enablement", days: retention.audit, isSettled },
      format: formats.enablement,
    }),
  );
  const writeTest = `${prefix}:once:write-test`;
  const outbox = port(outboxPort(connection, prefix, values, shapeOf, retention.alerts));
  const trouble = port(troublePort(connection, prefix, values, retention.alerts));
  return {
    alerts,
    audit,
    channels,
    compliance: port(complianceWatchPort(connection, prefix, values)),
    coverage: port(coverageWatchPort(connection, prefix, values, retention.counts)),
    enablements,
    exemptions,
    failures: port(failuresPort(connection, prefix)),
    findings,
    hunts: port(huntWatchesPort(connection, prefix, values, channels)),
    mutes: port(mutesPort(connection, prefix, values, channels)),
    once: port(oncePort(connection, prefix, values)),
    outbox,
    quarantine: guarded({ list: values.list }),
    readings: port(sharedReadingsPort(connection, prefix, values)),
    recommendations: port(recommendationsWatchPort(connection, prefix, values)),
    runs,
    sizes: guarded({ ...sizesPort(connection, prefix, retention), ...durabilityPort(connection) }),
    subscriptions: port(subscriptionsPort(connection, prefix, values, fileSubscriptions, channels)),
    trouble,
    leases: port(leasePort(connection, prefix)),
    slots: port(slotsPort(connection, prefix, values)),
    ...guarded({
      async trim(now: string) {
        await Promise.all([
          alerts.trim(now),
          audit.trim(now),
          enablements.trim(now),
          exemptions.trim(now),
          findings.trim(now),
          outbox.trim(now),
          runs.trim(now),
          trouble.trim(now),
        ]);
      },
      async ping() {
        const started = performance.now();
        // A Redis that is full or read-only still answers what only reads.
        await connection.set(writeTest, new Date().toISOString(), "EX", 86_400);
        return performance.now() - started;
      },
      lastPing: async () => (await connection.get(writeTest)) ?? undefined,
    }),
  };
}
