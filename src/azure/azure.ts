import type { Settings } from "../domain/settings.ts";
import type {
  Azure,
  ComplianceAzure,
  ExemptionAzure,
  FindingsAzure,
  SimulationAzure,
} from "../ports/azure.ts";
import type { ClusterAzure } from "../ports/clusters.ts";
import type { EnablementAzure } from "../ports/enablement.ts";
import type { Clock, Log, Metrics } from "../ports/process.ts";
import { chooserOf } from "../text/language.ts";
import { alertSumsReader } from "./alerts/alert-sums.ts";
import { alertReader } from "./alerts/alerts.ts";
import { azureChecks } from "./checks/checks.ts";
import { azureClient } from "./client/client.ts";
import { subscriptionProbe } from "./client/probe.ts";
import { complianceReader } from "./compliance/compliance.ts";
import { activityReader } from "./coverage/activity.ts";
import { clusterDataReader } from "./coverage/cluster-data.ts";
import { coverageReader } from "./coverage/coverage.ts";
import { enablementAzure } from "./enablement/enablement.ts";
import { exemptionAzure } from "./exemptions/exemptions.ts";
import { findingsReader } from "./findings/findings.ts";
import { detailSource } from "./findings/pages.ts";
import { graphAccess, graphReader } from "./graph/graph.ts";
import { huntChecks, huntReader } from "./hunts/hunts.ts";
import { permissionReader } from "./permissions/silent-subscriptions.ts";
import { affectedObjectsReader } from "./recommendations/affected-objects.ts";
import { assessmentReader } from "./recommendations/assessments.ts";
import { openRegistry } from "./registry/registry.ts";
import { registryReader } from "./registry/registry-images.ts";
import type { Shaped } from "./shape.ts";
import { clusterAzure } from "./simulations/cluster-access.ts";
import { simulationImages } from "./simulations/images.ts";
import { azureOperations } from "./simulations/operations.ts";
import { simulationAzure } from "./simulations/simulation.ts";
import { subscriptionReader } from "./subscriptions.ts";

/** Everything that the bot reads from and changes in Azure. Nothing is loaded or connected before the first call. */
export function azurePort(
  settings: Settings,
  deps: { log: Log; metrics: Metrics; clock: Clock; shaped: Shaped },
): Azure &
  ComplianceAzure &
  EnablementAzure &
  ExemptionAzure &
  FindingsAzure &
  SimulationAzure &
  ClusterAzure {
  const { log, clock, shaped } = deps;
  const client = azureClient(settings.azure, deps);
  const subscriptions = subscriptionReader(settings, client, clock);
  const access = graphAccess();
  const graph = graphReader(settings, client, log, access);
  const shared = {
    ...{ graph, subscriptions, clock, shaped },
    probe: subscriptionProbe(client, clock),
    denied: permissionReader(client, clock),
  };
  const operations = azureOperations(settings, client);
  const hunts = huntReader(settings, shared);
  const checks = azureChecks(settings, client, { ...shared, askDetails: detailSource(client, access) });
  const registry = (loginServer: string) => openRegistry(settings, client, deps, { loginServer });
  return {
    subscriptions,
    ...alertReader(settings, client, { ...shared, log }),
    alertSums: alertSumsReader({ ...shared, log }),
    coverage: coverageReader(client, shared),
    clusterData: clusterDataReader(shared),
    activity: activityReader(client),
    assessments: assessmentReader(client, log, shared),
    affectedObjects: affectedObjectsReader(client),
    ...complianceReader({ ...shared, log }),
    ...findingsReader(settings, client, { ...shared, access, log }),
    registryImages: registryReader(settings, client, { ...shared, ...deps }),
    ...hunts,
    async checks(language) {
      const choose = chooserOf(language);
      return [...(await checks(choose)), ...(await huntChecks(hunts, choose))];
    },
    ...simulationAzure(client, operations, shared),
    ...exemptionAzure(client, operations),
    ...enablementAzure(client, operations, clock),
    ...simulationImages(client, operations, registry),
    ...clusterAzure(client, operations),
  };
}
