import type { Azure, Clock, Log, Metrics } from "../ports.ts";
import type { Settings } from "../settings/settings.ts";
import { alertReader } from "./alerts.ts";
import { assessmentReader } from "./assessments.ts";
import { azureChecks } from "./checks.ts";
import { azureClient } from "./client.ts";
import { coverageReader } from "./coverage.ts";
import { graphReader } from "./graph.ts";
import { subscriptionProbe } from "./probe.ts";
import { subscriptionReader } from "./subscriptions.ts";

/** Everything that the bot reads from and changes in Azure. Nothing is loaded or connected before the first call. */
export function azurePort(settings: Settings, deps: { log: Log; metrics: Metrics; clock: Clock }): Azure {
  const { log, clock } = deps;
  const client = azureClient(settings.azure, deps);
  const subscriptions = subscriptionReader(settings, client, clock);
  const graph = graphReader(settings, client, log);
  const shared = { graph, subscriptions, probe: subscriptionProbe(client, clock), clock };
  return {
    subscriptions,
    ...alertReader(settings, client, shared),
    coverage: coverageReader(client, shared),
    assessments: assessmentReader(client, log, shared),
    checks: azureChecks(settings, client, shared),
  };
}
