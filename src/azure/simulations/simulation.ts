import type { Read } from "../../domain/reading/reading.ts";
import type { ClusterRef, RegistryRef } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { SimulationAzure } from "../../ports/azure.ts";
import { isAbac, withDataActions } from "../checks/repository-permissions.ts";
import { assignRole, principalOf } from "../checks/role-commands.ts";
import type { Client } from "../client/client.ts";
import { problem } from "../client/problem.ts";
import { readRule, rulesPath, rulesVersion } from "../exemptions/suppression-rules.ts";
import { field, record, text, truth } from "../fields.ts";
import { type GraphDeps, graphReading } from "../graph/from-graph.ts";
import { allows, allowsData, readPermission, simulationRoleName } from "../permissions/required-actions.ts";
import { type Names, placeOf } from "../place.ts";
import { namesOf } from "../subscriptions.ts";
import type { Operations } from "./operations.ts";

/** What simulations read of Azure, and the request for sample alerts. */
export function simulationAzure(
  client: Client,
  operations: Operations,
  deps: GraphDeps,
): Omit<SimulationAzure, "importImage" | "deleteImage"> {
  const fromGraph = graphReading(deps);
  return {
    async suppressionRules(subscription) {
      return (await client.list(rulesPath(subscription), rulesVersion))
        .map(readRule)
        .filter(({ alertType }) => alertType !== "");
    },
    async targets(): Promise<Read<{ clusters: ClusterRef[]; registries: RegistryRef[] }>> {
      const [clusters, registries] = await Promise.all([fromGraph("clusters"), fromGraph("registries")]);
      const names = namesOf((await deps.subscriptions()).value);
      const value = {
        clusters: clusters.value.map((row) => readTarget(row, names)).filter(({ id }) => id !== ""),
        registries: registries.value
          .map((row) => readRegistryTarget(row, names))
          .filter(({ id, loginServer }) => id !== "" && loginServer !== ""),
      };
      const unread = new Map([...clusters.unread, ...registries.unread].map((one) => [one.id, one]));
      return { ...clusters, asOf: deps.clock.now(), value, unread: [...unread.values()] };
    },
    async missingActions(scope, actions) {
      const path = `${scope}/providers/Microsoft.Authorization/permissions`;
      const permissions = (await client.list(path, "2022-04-01")).map(readPermission);
      const row = /\/registries\//i.test(scope)
        ? (await fromGraph("registries")).value.find(
            (one) => text(field(one, "id"), 2000).toLowerCase() === scope.toLowerCase(),
          )
        : undefined;
      const { control, data } = withDataActions(actions, isAbac(row));
      return [
        ...control.filter((action) => !allows(permissions, action)),
        ...data.filter((action) => !allowsData(permissions, action)),
      ];
    },
    async simulationGrants(scope) {
      const principal = await principalOf(client);
      return {
        azure: assignRole(simulationRoleName, principal, scope),
        cluster: `sed s/OBJECT_ID/${principal}/ docs/kubernetes-role.yaml | kubectl apply -f -`,
      };
    },
    async sampleAlerts(subscription, bundle) {
      const security = `/subscriptions/${subscription}/providers/Microsoft.Security/locations`;
      const location = locationOf(await client.list(security, "2015-06-01-preview"));
      const path = `${security}/${location}/alerts/default/simulate`;
      const body = { properties: { kind: "Bundles", bundles: [bundle] } };
      try {
        // 202: taken; the alerts themselves come minutes later [alerts, simulate 2022-01-01].
        await operations.callOnce("POST", path, "2022-01-01", body);
      } catch (error) {
        // A body that cannot be read is none that matters: the status says that it was taken.
        const { status, code } = problem(error);
        if (!(code === "InvalidBody" && status >= 200 && status < 300)) throw error;
      }
    },
  };
}

function readTarget(row: unknown, names: Names): ClusterRef {
  const id = text(field(row, "id"), 2000);
  const tags = Object.entries(record(field(row, "tags"))).map(
    ([name, value]) => [name, text(value, 300)] as const,
  );
  return {
    ...placeOf([id], names),
    id,
    name: text(field(row, "name"), 100) || (id.split("/").at(-1) ?? ""),
    private: truth(field(row, "private")) === true,
    tags: Object.fromEntries(tags),
  };
}

function readRegistryTarget(row: unknown, names: Names): RegistryRef {
  const id = text(field(row, "id"), 2000);
  return {
    ...placeOf([id], names),
    id,
    name: text(field(row, "name"), 100) || (id.split("/").at(-1) ?? ""),
    loginServer: text(field(row, "loginServer"), 300),
  };
}

/** The home region of Defender's data for the subscription [locations 2015-06-01-preview]: any of them takes the call. */
function locationOf(entries: readonly unknown[]): string {
  const names = entries
    .map((one) => text(field(one, "name"), 100))
    .filter((name) => /^[a-z0-9-]+$/i.test(name));
  const home = entries.map((one) => text(field(one, "properties", "homeRegionName"), 100));
  const location = names.find((name) => home.includes(name)) ?? names[0];
  if (location) return location;
  throw new UpstreamError("Defender names no location for the subscription", {
    system: "azure",
    status: 200,
    code: "NoLocation",
    retryable: false,
  });
}
