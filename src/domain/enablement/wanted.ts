import { type ExtensionName, knownExtensions, type PlanName } from "../catalogue/extensions.ts";
import { type Feature, features, type InputName, type Need } from "../catalogue/features.ts";
import { policyParameters } from "../catalogue/policy-parameters.ts";
import type { Gap } from "../coverage/gap.ts";

/** What a person wants to be on, in the terms of what can be turned on. */
export type Wanted = {
  /** The word for it, as a command line has it; none: everything. */
  word?: string;
  plan: boolean;
  extensions: ExtensionName[];
  /** Properties of the extension for the sensor. */
  properties: string[];
  foundational: boolean;
  sensor: boolean;
  policyAddon: boolean;
  provisioning: ("sensor" | "policy-addon")[];
  standard: boolean;
  /** What it needs besides, and Breakwater can't turn on. */
  manual: InputName[];
};

const every = knownExtensions.map(({ name }) => name);
/** What exists at a registry [Pricings 2024-01-01, example of a registry]. */
const ofRegistries: readonly ExtensionName[] = [
  "ContainerRegistriesVulnerabilityAssessments",
  "ContainerIntegrityContribution",
];

type Where = Pick<Gap["on"], "kind">;

/** The extensions that the plan has at a place. */
export function extensionsAt({ kind }: Where): readonly ExtensionName[] {
  return kind === "registry" ? ofRegistries : every;
}

/** False where nothing of what is wanted exists at that kind of place: a registry has no sensor. */
export function existsAt(on: Where, { foundational, plan, extensions }: Wanted): boolean {
  const there = extensionsAt(on);
  const some = extensions.length === 0 || extensions.some((name) => there.includes(name));
  return on.kind !== "registry" || foundational || (plan && some);
}
const nothing: Wanted = {
  plan: false,
  extensions: [],
  properties: [],
  foundational: false,
  sensor: false,
  policyAddon: false,
  provisioning: [],
  standard: false,
  manual: [],
};
const sensor: Wanted = {
  ...nothing,
  plan: true,
  extensions: ["ContainerSensor"],
  sensor: true,
  provisioning: ["sensor"],
};
const policyAddon: Wanted = { ...nothing, policyAddon: true, provisioning: ["policy-addon"] };

/** Without a feature: all that Breakwater can turn on but the properties of the newer features. */
export const everything: Wanted = {
  ...nothing,
  plan: true,
  extensions: every,
  foundational: true,
  sensor: true,
  policyAddon: true,
  provisioning: ["sensor", "policy-addon"],
  standard: true,
};

const parts: readonly { word: string; wanted: Wanted }[] = [
  { word: "plan", wanted: { ...nothing, plan: true, extensions: every } },
  { word: "foundational-cspm", wanted: { ...nothing, foundational: true } },
  { word: "sensor", wanted: sensor },
  { word: "policy-addon", wanted: policyAddon },
  { word: "provisioning", wanted: { ...nothing, provisioning: ["sensor", "policy-addon"] } },
  { word: "cis-standard", wanted: { ...nothing, standard: true } },
  ...every.map((name) => ({ word: name, wanted: { ...nothing, plan: true, extensions: [name] } })),
];

const inputs: Record<InputName, Wanted> = {
  sensor,
  "policy-addon": policyAddon,
  "cis-standard": { ...nothing, standard: true },
  "security-gating": { ...sensor, properties: ["SecurityGatingEnabled"] },
  antimalware: { ...sensor, properties: ["AntiMalwareEnabled"] },
  "helm-sensor": { ...nothing, manual: ["helm-sensor"] },
  "drift-rule": { ...nothing, manual: ["drift-rule"] },
  "kubernetes-1.31": { ...nothing, manual: ["kubernetes-1.31"] },
  // Where the settings are on and nothing comes, there is nothing to turn on.
  "container-results": nothing,
};

/** Every word that `enable` takes: features of the catalogue, the extensions, parts of their own, and parameters. */
export const enableWords: readonly string[] = [
  ...features.map(({ id }) => id),
  ...parts.map(({ word }) => word),
  ...policyParameters.map(({ word }) => word),
];

/** What a word names: the id or the name of a feature, an extension by its API's or the portal's name, or a part. */
export function wantedOf(word: string): Wanted | undefined {
  const same = (name: string) => name.toLowerCase() === word.trim().toLowerCase();
  const feature = features.find(({ id, name }) => [id, name.en, name.ja].some(same));
  if (feature) return { ...wantedBy(feature), word: feature.id };
  const extension = knownExtensions.find(({ portal }) => same(portal.en) || same(portal.ja));
  const part = parts.find((one) => same(one.word) || one.word === extension?.name);
  return part && { ...part.wanted, word: part.word };
}

/** What can be turned on of all that a feature needs, at clusters and registries. */
export function wantedBy({ needs }: Feature): Wanted {
  return [needs.cluster, needs.registry]
    .flatMap((need) => (need ? [ofNeed(need)] : []))
    .reduce(both, nothing);
}

function ofNeed(need: Need): Wanted {
  if ("all" in need) return need.all.map(ofNeed).reduce(both, nothing);
  // Of several ways the first is ours: it needs nothing in the cluster.
  if ("any" in need) return need.any[0] ? ofNeed(need.any[0]) : nothing;
  if ("plan" in need) return ofPlan(need.plan);
  if ("extension" in need) return { ...nothing, plan: true, extensions: [need.extension] };
  return inputs[need.input];
}

function ofPlan(names: readonly PlanName[]): Wanted {
  return names.includes("FoundationalCspm")
    ? { ...nothing, foundational: true }
    : { ...nothing, plan: names.includes("Containers") };
}

function both(a: Wanted, b: Wanted): Wanted {
  const union = <T>(one: readonly T[], other: readonly T[]) => [...new Set([...one, ...other])];
  return {
    plan: a.plan || b.plan,
    extensions: union(a.extensions, b.extensions),
    properties: union(a.properties, b.properties),
    foundational: a.foundational || b.foundational,
    sensor: a.sensor || b.sensor,
    policyAddon: a.policyAddon || b.policyAddon,
    provisioning: union(a.provisioning, b.provisioning),
    standard: a.standard || b.standard,
    manual: union(a.manual, b.manual),
  };
}
