import { provisioningDefinitions } from "../../domain/catalogue/provisioning.ts";
import type {
  ClusterCoverage,
  Provisioning,
  RegistryCoverage,
  Switch,
} from "../../domain/coverage/coverage.ts";
import type { Known } from "../../domain/reading/reading.ts";
import { count, field, list, record, text, truth } from "../fields.ts";
import { type Names, placeOf } from "../place.ts";
import type { Saying } from "./read-plan.ts";
import { readCores } from "./vm-cores.ts";

/** One row of `queries/clusters.kql`; undefined where it has no id. */
export function readCluster(row: unknown, names: Names, saying: Saying): ClusterCoverage | undefined {
  const id = text(field(row, "id"), 2000);
  if (id === "") return undefined;
  const defender = field(row, "security", "defender") ?? field(row, "security", "azureDefender");
  const workspace = text(field(defender, "logAnalyticsWorkspaceResourceId"), 500);
  const tag = Object.entries(record(field(row, "tags"))).find(([key]) =>
    /^ms_defender_container_exclude_sensors$/i.test(key),
  );
  return {
    ...placeOf([id], names),
    id,
    name: text(field(row, "name"), 100) || (id.split("/").at(-1) ?? ""),
    location: text(field(row, "location"), 100),
    kubernetesVersion: text(field(row, "kubernetesVersion"), 50) || text(field(row, "wantedVersion"), 50),
    power: readPower(text(field(row, "power"), 50), saying),
    ...readPassing(text(field(row, "provisioning"), 50), saying),
    private: truth(field(row, "private")) === true,
    automatic: /^automatic$/i.test(text(field(row, "sku"), 50)),
    nodes: readNodes(field(row, "pools"), saying),
    ...readPools(field(row, "pools")),
    cores: readCores(field(row, "pools"), saying),
    sensorProfile: readSwitch(
      "securityProfile.defender.securityMonitoring.enabled",
      monitoring(defender),
      saying,
    ),
    policyAddon: readPolicyAddon(field(row, "addons"), saying),
    workspace: {
      known: true,
      value: workspace || undefined,
      evidence: saying(`logAnalyticsWorkspaceResourceId: ${workspace || "none"}`),
    },
    excluded: {
      known: true,
      value: truth(tag?.[1]) === true,
      evidence: saying(
        tag ? `tag ${tag[0]}=${text(tag[1], 50)}` : "no tag ms_defender_container_exclude_sensors",
      ),
    },
  };
}

/** Fields of a cluster's row that say nothing that is known, for the drift alarm. */
export function unplacedInCluster({ power, nodes, sensorProfile, policyAddon }: ClusterCoverage): string[] {
  const read = { power, pools: nodes, security: sensorProfile, addons: policyAddon };
  return Object.entries(read).flatMap(([name, { known }]) => (known ? [] : [name]));
}

function monitoring(defender: unknown): unknown {
  return field(defender, "securityMonitoring", "enabled") ?? field(defender, "enabled");
}

/** A profile that is not there was never asked for: off. A value that is no boolean says nothing: unknown. */
function readSwitch(what: string, value: unknown, saying: Saying): Known<Switch> {
  if (value === undefined || value === null)
    return { known: true, value: "off", evidence: saying(`${what}: not set`) };
  const on = truth(value);
  const evidence = saying(`${what}: ${text(value, 50) || "unreadable"}`);
  return on === undefined
    ? { known: false, why: `${what} is neither true nor false`, evidence }
    : { known: true, value: on ? "on" : "off", evidence };
}

/** Both spellings of the name occur, at times together: on where either is [AKS API, addonProfiles]. */
function readPolicyAddon(addons: unknown, saying: Saying): Known<Switch> {
  const states = Object.entries(record(addons))
    .filter(([name]) => /^azurepolicy$/i.test(name))
    .map(([name, value]) => readSwitch(`addonProfiles.${name}.enabled`, field(value, "enabled"), saying));
  return (
    states.find((state) => state.known && state.value === "on") ??
    states.find(({ known }) => !known) ??
    states[0] ??
    readSwitch("addonProfiles.azurepolicy.enabled", undefined, saying)
  );
}

function readPower(code: string, saying: Saying): ClusterCoverage["power"] {
  const evidence = saying(`powerState.code: ${code || "none"}`);
  if (/^running$/i.test(code)) return { known: true, value: "running", evidence };
  if (/^(stopped|deallocated)$/i.test(code)) return { known: true, value: "stopped", evidence };
  return { known: false, why: "Azure named no power state", evidence };
}

/** Only what is on its way: anything else, `Failed` too, says nothing of what is turned on [AKS API, provisioningState]. */
function readPassing(state: string, saying: Saying): Pick<ClusterCoverage, "passing"> {
  const value = /^creating$/i.test(state) ? "creating" : /^deleting$/i.test(state) ? "deleting" : undefined;
  return value ? { passing: { value, evidence: saying(`provisioningState: ${state}`) } } : {};
}

/** [managedClusters 2024-02-01, agentPoolProfiles] */
function readPools(value: unknown): Pick<ClusterCoverage, "pools"> {
  const pools = list(value).map((pool) => ({
    name: text(field(pool, "name"), 50),
    os: isWindows(pool) ? ("windows" as const) : ("linux" as const),
    count: count(field(pool, "count")),
  }));
  const counted = pools.flatMap((pool) => (pool.count === undefined ? [] : [{ ...pool, count: pool.count }]));
  return pools.length > 0 && counted.length === pools.length ? { pools: counted } : {};
}

function isWindows(pool: unknown): boolean {
  return /^windows$/i.test(text(field(pool, "osType")));
}

function readNodes(value: unknown, saying: Saying): ClusterCoverage["nodes"] {
  const pools = list(value);
  const nodes = { linux: 0, windows: 0 };
  for (const pool of pools) {
    const number = count(field(pool, "count"));
    if (number === undefined)
      return {
        known: false,
        why: "a node pool without a count",
        evidence: saying("agentPoolProfiles: no count"),
      };
    nodes[isWindows(pool) ? "windows" : "linux"] += number;
  }
  const evidence = saying(`agentPoolProfiles: ${pools.length} pools`);
  return pools.length === 0
    ? { known: false, why: "Azure named no node pools", evidence }
    : { known: true, value: nodes, evidence };
}

/** One row of `queries/registries.kql`; undefined where it has no id. */
export function readRegistry(row: unknown, names: Names): RegistryCoverage | undefined {
  const id = text(field(row, "id"), 2000);
  if (id === "") return undefined;
  return {
    ...placeOf([id], names),
    id,
    name: text(field(row, "name"), 100) || (id.split("/").at(-1) ?? ""),
    location: text(field(row, "location"), 100),
    sku: text(field(row, "sku"), 50),
  };
}

/** One row of `queries/provisioning.kql`; undefined for another definition or for one resource group's assignment. */
export function readProvisioning(row: unknown): Provisioning | undefined {
  const assigned = text(field(row, "definition"), 500).toLowerCase();
  const definition = provisioningDefinitions.find((one) => assigned.endsWith(one.id));
  const id = text(field(row, "id"), 2000);
  if (!definition || /\/resourcegroups\//i.test(id)) return undefined;
  const name = text(field(row, "name"), 200);
  const displayName = text(field(row, "displayName"), 300) || name;
  const workspace = field(row, "parameters", "logAnalyticsWorkspaceResourceId", "value");
  return {
    kind: definition.kind,
    id,
    name,
    displayName,
    // The portal assigns at subscriptions; elsewhere names are somebody's own. It cuts them at 64 characters, so the
    // known ones are beginnings.
    englishName:
      !/^\/subscriptions\//i.test(id) ||
      [name, displayName].some((given) =>
        definition.names.some((known) => given.toLowerCase().startsWith(known.toLowerCase())),
      ),
    ...(text(workspace, 500) && { workspace: text(workspace, 500) }),
  };
}
