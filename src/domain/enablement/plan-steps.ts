import { provisioningDefinitions } from "../catalogue/provisioning.ts";
import type {
  ClusterCoverage,
  Coverage,
  PlanState,
  Provisioning,
  SubscriptionCoverage,
} from "../coverage/coverage.ts";
import type { Gap } from "../coverage/gap.ts";
import { billableCores } from "./billable.ts";
import { clusterSteps } from "./cluster-steps.ts";
import type { EnablementPlan, Left, PlannedStep, Values } from "./enablement.ts";
import { isGone, type PlanInput, workspaceFor } from "./plan-input.ts";
import { existsAt, extensionsAt, type Wanted } from "./wanted.ts";

/** A change of more clusters than this at once is no longer looked through by anyone. */
export const mostSteps = 40;

export type Planned = Pick<EnablementPlan, "steps" | "left" | "billable" | "managedBy">;
type Part = { steps: PlannedStep[]; left: Left[] };

const nothing: Part = { steps: [], left: [] };
/** The changes that turn on what is wanted and off, in the order in which they are made. Pure. */
export function planSteps(input: PlanInput): Planned {
  const { coverage, on, wanted } = input;
  const whole = coverage.subscriptions[0];
  const clusters = coverage.clusters.filter(({ id }) => on.kind === "subscription" || id === on.id);
  const own = [...coverage.clusters, ...coverage.registries].find(({ id }) => id === on.id);
  const state = on.kind === "subscription" ? whole?.plan : (own?.plan ?? whole?.plan);
  const subscription = whole?.subscription ?? own?.subscription ?? { id: "", name: "" };
  const place = { on, subscription };
  if (on.kind !== "subscription" && !own) {
    const gone: Left = { on, what: "plan", why: "unread", detail: "not found" };
    return { steps: [], left: [gone], billable: billableCores([]) };
  }
  if (!existsAt(on, wanted)) {
    const left: Left = { on, what: wanted.word ?? "plan", why: "not-there" };
    return { steps: [], left: [left], billable: billableCores([]) };
  }
  const plan = planPart(place, state, wanted);
  const parts = [
    plan,
    ...(on.kind === "subscription" && whole
      ? wholeParts(whole, clusters, input)
      : [belowParts(place, whole, input)]),
    ...(on.kind === "registry" ? [] : clusters.map((one) => clusterSteps(one, whole, input))),
    ...(on.kind === "subscription" ? [ownPlans(coverage, wanted)] : []),
    { steps: [], left: wanted.manual.map((what): Left => ({ on, what, why: "manual" })) },
    unreadPart(input),
  ];
  const { steps, left } = together(parts);
  const over = steps
    .slice(mostSteps)
    .map((step): Left => ({ on: step.on, what: step.kind, why: "too-many" }));
  const begins = plan.steps.some(({ after }) => after.pricingTier !== undefined);
  return {
    steps: steps.slice(0, mostSteps),
    left: [...left, ...over],
    billable: billableCores(begins ? clusters.filter((one) => on.kind !== "subscription" || !one.plan) : []),
    ...(state?.managedBy && { managedBy: state.managedBy }),
  };
}

type Place = Pick<PlannedStep, "on" | "subscription">;

/** The Containers plan: its tier where it is off, and each wanted extension that isn't on. */
function planPart({ on, subscription }: Place, state: PlanState | undefined, wanted: Wanted): Part {
  if (!wanted.plan) return nothing;
  const unread = (what: string, detail: string): Left => ({ on, what, why: "unread", detail });
  if (!state?.plan.known)
    return { steps: [], left: [unread("plan", state && !state.plan.known ? state.plan.why : "not read")] };
  const there = extensionsAt(on);
  const names = wanted.extensions.filter((name) => there.includes(name));
  const [before, after]: [Values, Values] = [{}, {}];
  const left: Left[] = [];
  if (state.plan.value === "off") [before.pricingTier, after.pricingTier] = ["Free", "Standard"];
  for (const name of names) {
    const value = extensionValue(state, name);
    if (value === "on") continue;
    // What Azure doesn't list in a plan that is on may not exist there: only who names it gets it.
    if (value === "unlisted" && wanted.extensions.length > 1) left.push(unread(name, "not listed"));
    else [before[name], after[name]] = [value, "on"];
  }
  for (const name of wanted.properties) {
    const value = propertyValue(state, name);
    if (!/^true$/i.test(value)) [before[name], after[name]] = [value, "True"];
  }
  const changes = Object.keys(after).length > 0;
  return { steps: changes ? [{ kind: "plan", on, subscription, before, after }] : [], left };
}

/** `on`, `off`, `failed`, or `unlisted` where Azure doesn't say it. */
export function extensionValue({ extensions }: PlanState, name: string): string {
  const listed = extensions.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (listed?.failure) return "failed";
  return listed?.state.known ? listed.state.value : "unlisted";
}

/** A property of the sensor's extension as Azure writes it: `True`, `False`, or `unlisted`. */
export function propertyValue({ extensions }: PlanState, name: string): string {
  const sensor = extensions.find((one) => one.name === "ContainerSensor");
  const listed = Object.entries(sensor?.properties ?? {}).find(
    ([key]) => key.toLowerCase() === name.toLowerCase(),
  );
  return listed?.[1] ?? "unlisted";
}

/** Clusters that weren't read are part of no step, and no one knows what they cost. */
function unreadPart({ on, wanted, unread }: PlanInput): Part {
  const concerned = wanted.plan || wanted.sensor || wanted.policyAddon;
  if (unread === undefined || !concerned) return nothing;
  return { steps: [], left: [{ on, what: "clusters", why: "unread", detail: unread }] };
}

/** What is set for a whole subscription. */
function wholeParts(
  whole: SubscriptionCoverage,
  clusters: readonly ClusterCoverage[],
  input: PlanInput,
): Part[] {
  const { subscription } = whole;
  const on: Gap["on"] = { kind: "subscription", id: subscription.id, name: subscription.name };
  return [
    foundationalPart({ on, subscription }, whole, input.wanted),
    ...input.wanted.provisioning.map((kind) => provisioningPart(kind, whole, clusters, input)),
    standardPart({ on, subscription }, input),
  ];
}

function foundationalPart({ on, subscription }: Place, whole: SubscriptionCoverage, wanted: Wanted): Part {
  if (!wanted.foundational) return nothing;
  const plan = whole.overlapping?.find(({ name }) => name === "FoundationalCspm")?.plan;
  if (!plan?.known) {
    const detail = plan && !plan.known ? plan.why : "not listed";
    return { steps: [], left: [{ on, what: "foundational-cspm", why: "unread", detail }] };
  }
  if (plan.value === "on") return nothing;
  const change = { before: { pricingTier: "Free" }, after: { pricingTier: "Standard" } };
  return { steps: [{ kind: "foundational", on, subscription, ...change }], left: [] };
}

/** The assignment with its English name: one with a localized name stays where it is, and doesn't count. */
function provisioningPart(
  installs: "sensor" | "policy-addon",
  whole: SubscriptionCoverage,
  clusters: readonly ClusterCoverage[],
  input: PlanInput,
): Part {
  const { subscription, provisioning } = whole;
  const on: Gap["on"] = { kind: "subscription", id: subscription.id, name: subscription.name };
  const what = `provisioning-${installs}`;
  if (!provisioning.known)
    return { steps: [], left: [{ on, what, why: "unread", detail: provisioning.why }] };
  const there = provisioning.value.filter(({ kind }) => kind === installs);
  const works = there.filter(({ englishName }) => englishName);
  if (works.length > 0)
    return together(works.filter(isGone).map((one) => workspacePart(one, whole, clusters, input)));
  const [name = ""] = provisioningDefinitions.find(({ kind }) => kind === installs)?.names ?? [];
  const workspace = installs === "sensor" ? workspaceFor(input, whole, clusters) : undefined;
  const step: PlannedStep = {
    ...{ kind: "provisioning", on, subscription, installs },
    location: clusters[0]?.location || "westeurope",
    before: { assignment: "none", roles: "none", ...(workspace && { workspace: "none" }) },
    after: { assignment: name, roles: "assigned", ...(workspace && { workspace }) },
  };
  return { steps: [step], left: [] };
}

/** Another workspace in place of one that was deleted, at an assignment that holds for this subscription alone. */
function workspacePart(
  { id = "", workspace: before = "" }: Provisioning,
  whole: SubscriptionCoverage,
  clusters: readonly ClusterCoverage[],
  input: PlanInput,
): Part {
  const { subscription } = whole;
  const on: Gap["on"] = { kind: "subscription", id: subscription.id, name: subscription.name };
  const left = (why: Left["why"], detail?: string): Part => ({
    steps: [],
    left: [{ on, what: "workspace", why, ...(detail && { detail }) }],
  });
  const [scope = ""] = id.split(/\/providers\/microsoft\.authorization\//i);
  if (!/^\/subscriptions\/[^/]+$/i.test(scope)) return left("above", scope.split("/").at(-1));
  const workspace = workspaceFor(input, whole, clusters);
  if (!workspace) return left("no-workspace");
  const assignment = { id, parameter: "logAnalyticsWorkspaceResourceId" };
  const change = { before: { workspace: before }, after: { workspace } };
  return { steps: [{ kind: "parameter", on, subscription, assignment, ...change }], left: [] };
}

function together(parts: readonly Part[]): Part {
  return { steps: parts.flatMap(({ steps }) => steps), left: parts.flatMap(({ left }) => left) };
}

function standardPart({ on, subscription }: Place, input: PlanInput): Part {
  const { wanted, standard, standardUnread } = input;
  if (!wanted.standard || standard?.assigned) return nothing;
  const left = (why: Left["why"], detail?: string): Part => ({
    steps: [],
    left: [{ on, what: "cis-standard", why, ...(detail && { detail }) }],
  });
  if (!standard) return left("unread", standardUnread);
  if (!standard.offered) return left("no-standard");
  const { id, name } = standard.offered;
  const change = { before: { [name]: "none" }, after: { [name]: "assigned" } };
  return { steps: [{ kind: "standard", on, subscription, standard: id, ...change }], left: [] };
}

/** At one cluster or registry: what is off above it is named, and not changed. */
function belowParts(
  { on }: Place,
  whole: SubscriptionCoverage | undefined,
  { wanted, standard }: PlanInput,
): Part {
  const foundational = whole?.overlapping?.find(({ name }) => name === "FoundationalCspm")?.plan;
  const off = [
    wanted.foundational && foundational?.known && foundational.value === "off" ? "foundational-cspm" : "",
    wanted.standard && standard && !standard.assigned && on.kind === "cluster" ? "cis-standard" : "",
    wanted.provisioning.length > 0 && !wanted.sensor && !wanted.policyAddon ? "provisioning" : "",
  ].filter(Boolean);
  const detail = whole?.subscription.name;
  return {
    steps: [],
    left: off.map((what): Left => ({ on, what, why: "whole-subscription", ...(detail && { detail }) })),
  };
}

/** Clusters and registries with a plan of their own, which a change above doesn't reach. */
function ownPlans({ clusters, registries }: Coverage, { plan, extensions }: Wanted): Part {
  if (!plan) return nothing;
  const lacking = (state: PlanState, names: readonly string[]) =>
    state.plan.known &&
    (state.plan.value === "off" || names.some((name) => extensionValue(state, name) === "off"));
  const left = (kind: "cluster" | "registry", names: readonly string[]) =>
    (kind === "cluster" ? clusters : registries).flatMap((one): Left[] =>
      one.plan && lacking(one.plan, names)
        ? [{ on: { kind, id: one.id, name: one.name }, what: "plan", why: "own-plan" }]
        : [],
    );
  const some = extensions.filter((name) => extensionsAt({ kind: "registry" }).includes(name));
  return { steps: [], left: [...left("cluster", extensions), ...left("registry", some)] };
}
