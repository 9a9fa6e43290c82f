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
  const [tag] = Object.entries(record(field(row, "tags"))).flatMap(([key, value]) =>
    /^ms_defender_container_exclude_sensors$/i.test(key)
      ? [{ name: `${key}=${text(value, 50)}`, value }]
      : [],
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
      value: truth(tag?.value) === true,
      evidence: saying(tag ? `tag ${tag.name}` : "no tag ms_defender_container_exclude_sensors"),
    },
    ...(tag && { exclusionTag: tag.name }),
    ...([field(row, "security"), field(row, "addons")].every(isEmpty) && { noProfiles: true }),
  };
}

/** Fields of a cluster's row that say nothing that is known, for the drift alarm. */
export function unplacedInCluster({ power, nodes, sensorProfile, policyAddon }: ClusterCoverage): string[] {
  const read = { power, pools: nodes, security: sensorProfile, addons: policyAddon };
  return Object.entries(read).flatMap(([name, { known }]) => (known ? [] : [name]));
}

function isEmpty(value: unknown): boolean {
  return Object.keys(record(value)).length === 0;
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

/**
 * True for a name that the portal gave in another language than English. It assigns at subscriptions, and cuts names at 64
 * characters, so the known ones are beginnings. Names in plain letters are those of people's own templates.
 */
function isLocalised(id: string, given: readonly string[], known: readonly string[]): boolean {
  const begins = (one: string) => known.some((name) => one.toLowerCase().startsWith(name.toLowerCase()));
  if (!/^\/subscriptions\//i.test(id) || given.some(begins)) return false;
  return given.some(
    (one) => /[^\P{L}A-Za-z]/u.test(one) || /^defender for containers (?!provisioning )/i.test(one),
  );
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

/**
 * True where the effect of an assignment takes place: not in enforcement mode `DoNotEnforce` [policyAssignments 2023-04-01],
 * and not with the effect `Disabled`, which the policies of provisioning take as a parameter [Azure Policy built-ins].
 * @param properties of the assignment, or its row
 */
export function isEnforced(properties: unknown): boolean {
  const effect = text(field(properties, "parameters", "effect", "value"), 50);
  return (
    !/^donotenforce$/i.test(text(field(properties, "enforcementMode"), 50)) && !/^disabled$/i.test(effect)
  );
}

/** One row of `queries/provisioning.kql`; undefined for another definition, a resource group's assignment, or one without effect. */
export function readProvisioning(row: unknown): Provisioning | undefined {
  const assigned = text(field(row, "definition"), 500).toLowerCase();
  const definition = provisioningDefinitions.find((one) => assigned.endsWith(one.id));
  const id = text(field(row, "id"), 2000);
  if (!definition || /\/resourcegroups\//i.test(id) || !isEnforced(row)) return undefined;
  const name = text(field(row, "name"), 200);
  const displayName = text(field(row, "displayName"), 300) || name;
  const workspace = field(row, "parameters", "logAnalyticsWorkspaceResourceId", "value");
  return {
    kind: definition.kind,
    id,
    name,
    displayName,
    englishName: !isLocalised(id, [name, displayName], definition.names),
    ...(text(workspace, 500) && { workspace: text(workspace, 500) }),
  };
}
