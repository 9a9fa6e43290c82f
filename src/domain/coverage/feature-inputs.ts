import { type ExtensionName, knownExtensions, type PlanName } from "../catalogue/extensions.ts";
import type { InputName, Need } from "../catalogue/features.ts";
import { isCisAks } from "../compliance/standards.ts";
import type { Known } from "../reading/reading.ts";
import { clusterInput, resultsOutcome, workspaceOutcome } from "./cluster-inputs.ts";
import type { ExtensionState, PlanState } from "./coverage.ts";
import { allOf, anyOf, type Ground, gapOf, type Outcome } from "./feature-value.ts";
import type { Gap, GapKind } from "./gap.ts";

/**
 * Whether what a feature needs is there. Never `on` where an input that decides it is unknown. Evaluated once for each
 * place, or for all places that share their plans.
 */
export function evaluate(need: Need, ground: Ground): Outcome {
  if ("all" in need) return allOf(need.all.map((one) => evaluate(one, ground)));
  if ("any" in need) return anyOf(need.any.map((one) => evaluate(one, ground)));
  const known = "input" in need && ofPlaces.has(need.input) ? ground.own : ground.shared;
  const before = known.get(need);
  if (before) return before;
  const outcome =
    "input" in need
      ? inputOutcome(need.input, ground)
      : "plan" in need
        ? anyOf(need.plan.map((name) => planOutcome(name, ground)))
        : extensionOutcome(need.extension, need.plans, ground);
  known.set(need, outcome);
  return outcome;
}

/** What plans and standards don't decide: each place says it of itself. */
const ofPlaces: ReadonlySet<InputName> = new Set<InputName>([
  "sensor",
  "helm-sensor",
  "policy-addon",
  "drift-rule",
  "kubernetes-1.31",
  "container-results",
]);

type Plan = Pick<PlanState, "plan" | "extensions">;

function planIn(name: PlanName, { containers, whole }: Ground): Plan | undefined {
  return name === "Containers" ? containers?.state : whole?.overlapping?.find((one) => one.name === name);
}

function ownerOf(name: PlanName, { containers, subscription }: Ground): Gap["on"] {
  const own = name === "Containers" ? containers?.owner : undefined;
  return own ?? { kind: "subscription", id: subscription.id, name: subscription.name };
}

/** Whether a plan is on at a place. */
export function planOutcome(name: PlanName, ground: Ground): Outcome {
  const state = planIn(name, ground)?.plan;
  const kinds: [GapKind, GapKind] =
    name === "FoundationalCspm" ? ["foundational-off", "foundational-unknown"] : ["plan-off", "plan-unknown"];
  const evidence = state?.evidence ?? ground.nothing;
  const on = ownerOf(name, ground);
  const why = state && !state.known ? state.why : "it is not among the plans that Azure listed";
  // Without Defender CSPM nothing is missing that another plan does not give too: only the plan meant is a gap.
  const gap = (kind: GapKind, more: Partial<Gap> = {}) =>
    name === "CloudPosture" ? {} : { gap: gapOf(kind, ground, evidence, { on, ...more }) };
  if (!state?.known) return { value: "unknown", because: [{ evidence, ...gap(kinds[1], { detail: why }) }] };
  if (state.value === "off") return { value: "off", because: [{ evidence, ...gap(kinds[0]) }] };
  return { value: "on", because: [{ evidence, plan: name }] };
}

/** On where one of the plans is on and gives it. Where none does, the gap is that of the first plan. */
function extensionOutcome(extension: ExtensionName, plans: readonly PlanName[], ground: Ground): Outcome {
  return anyOf(plans.map((name) => extensionIn(extension, name, name === plans[0], ground)));
}

/** Whether a plan that is on gives an extension; `main`: what it lacks is a gap. */
export function extensionIn(extension: string, name: PlanName, main: boolean, ground: Ground): Outcome {
  const plan = planOutcome(name, ground);
  if (plan.value !== "on") return main ? plan : { ...plan, because: plan.because.map(withoutGap) };
  const listed = planIn(name, ground)?.extensions.find(
    (one) => one.name.toLowerCase() === extension.toLowerCase(),
  );
  const above = planIn(name, ground)?.plan.evidence ?? ground.nothing;
  const evidence = listed?.state.evidence ?? { ...above, said: `extensions: no ${extension}` };
  const outcome = (value: Outcome["value"], kind?: GapKind, detail?: string): Outcome => ({
    value,
    because: [
      {
        evidence,
        ...(value === "on" && { plan: name }),
        ...(kind &&
          main && { gap: gapOf(kind, ground, evidence, extensionGap(extension, name, ground, detail)) }),
      },
    ],
  });
  if (listed?.failure) return outcome("off", "extension-failed", listed.failure);
  if (!listed?.state.known) return outcome("unknown", "extension-unknown", whyUnknown(listed?.state));
  return listed.state.value === "on" ? outcome("on") : outcome("off", "extension-off");
}

function extensionGap(what: string, name: PlanName, ground: Ground, detail?: string): Partial<Gap> {
  return { on: ownerOf(name, ground), what, ...(detail && { detail }) };
}

function whyUnknown(state: Known<unknown> | undefined): string {
  return state && !state.known ? state.why : "not among the extensions that Azure listed";
}

function withoutGap({ gap: _, ...rest }: Outcome["because"][number]): Outcome["because"][number] {
  return rest;
}

function inputOutcome(name: InputName, ground: Ground): Outcome {
  if (name === "security-gating") return propertyOutcome("SecurityGatingEnabled", "gating-off", ground);
  if (name === "antimalware") return propertyOutcome("AntiMalwareEnabled", "antimalware-off", ground);
  if (name === "cis-standard") return standardOutcome(ground);
  if (name === "drift-rule") {
    const evidence = { ...ground.nothing, said: "no API to read drift rules is documented" };
    return { value: "unknown", because: [{ evidence, gap: gapOf("drift-rule-unknown", ground, evidence) }] };
  }
  if (name === "container-results") return resultsOutcome(ground);
  return ground.cluster ? clusterInput(name, ground.cluster, ground) : provisioned(name, ground);
}

/** A property of the extension for the sensor, which says "True" or "False" as text. */
function propertyOutcome(property: string, kind: GapKind, ground: Ground): Outcome {
  const sensor = ground.containers?.state.extensions.find(isSensor);
  const said = Object.entries(sensor?.properties ?? {}).find(
    ([key]) => key.toLowerCase() === property.toLowerCase(),
  )?.[1];
  const evidence = {
    ...(sensor?.state.evidence ?? ground.nothing),
    said: `ContainerSensor.${property}: ${said ?? "not listed"}`,
  };
  const on = ownerOf("Containers", ground);
  if (/^true$/i.test(said ?? "")) return { value: "on", because: [{ evidence }] };
  if (/^false$/i.test(said ?? ""))
    return { value: "off", because: [{ evidence, gap: gapOf(kind, ground, evidence, { on }) }] };
  const detail = `${property} is not among the properties that Azure listed`;
  const gap = gapOf("extension-unknown", ground, evidence, { on, what: "ContainerSensor", detail });
  return { value: "unknown", because: [{ evidence, gap }] };
}

function isSensor({ name }: ExtensionState): boolean {
  return name === knownExtensions[3].name;
}

function standardOutcome(ground: Ground): Outcome {
  const { whole, nothing } = ground;
  const standards = whole?.standards;
  const on = ownerOf("FoundationalCspm", ground);
  if (!standards?.known) {
    const evidence = standards?.evidence ?? { ...nothing, said: "standards were not read" };
    const gap = gapOf("standard-unknown", ground, evidence, { on, detail: standards?.why ?? evidence.said });
    return { value: "unknown", because: [{ evidence, gap }] };
  }
  const { evidence } = standards;
  const listed = standards.value.find(isCisAks);
  if (listed) return { value: "on", because: [{ evidence: { ...evidence, said: listed } }] };
  return { value: "off", because: [{ evidence, gap: gapOf("standard-off", ground, evidence, { on }) }] };
}

/** At a subscription: what new clusters get, by its extension and its provisioning assignments. */
function provisioned(name: InputName, ground: Ground): Outcome {
  const { whole, nothing } = ground;
  const kind = name === "sensor" ? "sensor" : name === "policy-addon" ? "policy-addon" : undefined;
  if (!kind || !whole) {
    const evidence = { ...nothing, said: "known of single clusters only" };
    return { value: "unknown", because: [{ evidence }] };
  }
  const { provisioning } = whole;
  const { evidence } = provisioning;
  const gap = (of: GapKind, more: Partial<Gap> = {}) => ({ gap: gapOf(of, ground, evidence, more) });
  if (!provisioning.known)
    return {
      value: "unknown",
      because: [{ evidence, ...gap("provisioning-unknown", { detail: provisioning.why }) }],
    };
  const same = provisioning.value.filter((one) => one.kind === kind);
  const listed = same.find(({ englishName }) => englishName) ?? same[0];
  if (!listed)
    return { value: "off", because: [{ evidence, ...gap("provisioning-missing", { what: kind }) }] };
  if (!listed.englishName)
    return {
      value: "off",
      because: [{ evidence, ...gap("provisioning-localised", { what: listed.displayName }) }],
    };
  const lost = workspaceOutcome(listed, ground);
  if (lost?.value === "off") return lost;
  return { value: "on", because: [{ evidence: { ...evidence, said: listed.displayName } }] };
}
