import { createHash } from "node:crypto";
import type { Gap } from "../coverage/gap.ts";
import type { Scope } from "../scope/scope.ts";

/** What one change in Azure is about: a plan, a whole cluster, an assignment of a policy or of a standard, a parameter of one. */
export const stepKinds = [
  "plan",
  "foundational",
  "cluster",
  "provisioning",
  "standard",
  "parameter",
] as const;
export type StepKind = (typeof stepKinds)[number];

/** Settings by name, in Azure's words: `pricingTier: Standard`, `ContainerSensor: on`. */
export type Values = Record<string, string>;

/** One change in Azure. Only settings that change are named: what is on already is in neither. */
export type PlannedStep = {
  kind: StepKind;
  on: Gap["on"];
  subscription: Gap["subscription"];
  before: Values;
  after: Values;
  /** Of `cluster`: the workspace that its profile names and keeps. */
  workspace?: string;
  /** Of `provisioning`: which of the assignments, and the region of its identity. */
  installs?: "sensor" | "policy-addon";
  location?: string;
  /** Of `standard`: the id of the standard that is assigned. */
  standard?: string;
  /** Of `parameter`: the id of the assignment, its name of the parameter, and the value that holds where it sets none. */
  assignment?: { id: string; parameter: string; default?: string };
};

export const stepStates = ["waiting", "begun", "changed", "already", "failed"] as const;
export type StepState = (typeof stepStates)[number];
/** `unknown`: no one can tell, with the reason in `said`. */
export type Proof = { state: "waiting" | "proven" | "unknown"; said: string };

/** `failed`: by setting, what Azure said; the others of the same change may have worked. */
export type Step = PlannedStep & {
  state: StepState;
  failed?: Values;
  /** The Azure CLI's words are made where it is shown; here is why it isn't done. */
  said?: string;
  proof?: Proof;
};

/** Why something that was asked for is not part of the change. */
export const leftReasons = [
  "unread",
  "stopped",
  "passing",
  "excluded",
  "helm",
  "no-workspace",
  "own-plan",
  "not-there",
  "whole-subscription",
  "no-standard",
  "not-assigned",
  "fixed",
  "above",
  "manual",
  "too-many",
  "permission",
] as const;
export type Left = { on: Gap["on"]; what: string; why: (typeof leftReasons)[number]; detail?: string };

/** vCores that the plan begins to bill; `unknown`: clusters whose number isn't known. */
export type Billable = { cores: number; unknown: number };

/** What is asked for, to the letter: an approval is bound to all of it. */
export type EnablementPlan = {
  scope: Scope;
  on: Gap["on"];
  subscription: Gap["subscription"];
  /** The word for what is enabled; none: everything that is off. */
  feature?: string;
  steps: PlannedStep[];
  left: Left[];
  billable: Billable;
  /** Azure's actions that the changes need, which the bot has. */
  permissions: string[];
  /** The plan's owner where another side manages it and may overrule a change. */
  managedBy?: string;
  reason?: string;
  requester: string;
  channel: string;
};

/** `proven` and the ones before it are final. */
export const enablementStates = [
  "requested",
  "approved",
  "proving",
  "refused",
  "expired",
  "failed",
  "stuck",
  "unproven",
  "proven",
] as const;
export type EnablementState = (typeof enablementStates)[number];

/** A request to turn something on, and what became of it. */
export type Enablement = Omit<EnablementPlan, "steps"> & {
  id: string;
  /** How often it was changed; of two announcements the higher one is right. */
  revision: number;
  /** What the buttons of the request carry: binds an approval to exactly this plan. */
  code: string;
  /** ISO; when the request can no longer be approved. */
  approvable: string;
  state: EnablementState;
  /** ISO; when each state was entered. */
  at: Partial<Record<EnablementState, string>>;
  steps: Step[];
  /** Slack user ids. */
  approver?: string;
  refusedBy?: string;
  /** Settings that someone else changed since the request was last shown: it is asked again. */
  outdated?: string[];
  /** Why it failed, in both languages, or in Azure's words. */
  failure?: { said: string; ja?: string };
};

/** Binds an approval to exactly these parameters: whatever is changed, the code is another. */
export function enablementCode(
  one: Pick<EnablementPlan, "on" | "feature" | "reason" | "requester" | "channel"> & {
    steps: readonly (PlannedStep & { state?: StepState })[];
  },
): string {
  const { on, feature, reason, requester, channel, steps } = one;
  const changes = steps
    .filter(({ state = "waiting" }) => state === "waiting")
    .map((step) => [
      step.kind,
      step.on.id,
      step.installs,
      step.standard,
      ...(step.assignment ? [step.assignment.id, step.assignment.parameter] : []),
      pairs(step.before),
      pairs(step.after),
    ]);
  const bound = [on.id, feature, reason, requester, channel, changes];
  return createHash("sha256").update(JSON.stringify(bound)).digest("hex").slice(0, 16);
}

function pairs(values: Values): [string, string][] {
  return Object.entries(values).sort(([a], [b]) => a.localeCompare(b));
}

/** True where nothing will happen to it any more. */
export function isSettled({ state }: Pick<Enablement, "state">): boolean {
  return !["requested", "approved", "proving"].includes(state);
}

/** The enablement in a state that it enters now. */
export function entered(
  one: Enablement,
  state: EnablementState,
  now: string,
  more: Partial<Enablement> = {},
): Enablement {
  return { ...one, ...more, state, at: { ...one.at, [state]: now } };
}

/** True where the step was made by us or by someone else: there is evidence to wait for. */
export function isChanged({ state }: Pick<Step, "state">): boolean {
  return state === "changed" || state === "already";
}

/**
 * What is there, compared with what was shown: `on` where all of it is on by now, `same` where nothing moved, and
 * `moved` where someone changed one of the settings.
 */
export function compareValues(step: Compared, now: Values): "on" | "same" | "moved" {
  if (changedSettings(step, step.after, now).length === 0) return "on";
  return movedSettings(step, now).length === 0 ? "same" : "moved";
}

type Compared = Pick<PlannedStep, "kind" | "before" | "after">;

/** Azure changes the letter case of its own words; in what people write, patterns among it, it counts. */
function changedSettings({ kind, after }: Compared, wanted: Values, now: Values): string[] {
  const counts = (name: string) => kind === "parameter" && name !== "workspace";
  const folded = (name: string, value = "") => (counts(name) ? value : value.toLowerCase());
  return Object.keys(after).filter((name) => folded(name, now[name]) !== folded(name, wanted[name]));
}

/** The names of the settings that moved. */
export function movedSettings(step: Compared, now: Values): string[] {
  return changedSettings(step, step.before, now);
}

/** The step as it is to be shown again: from what is there now, without what is on by now. */
export function shownAgain(step: Step, now: Values): Step {
  const open = changedSettings(step, step.after, now);
  if (open.length === 0) return { ...step, state: "already" };
  const pick = (values: Values) => Object.fromEntries(open.map((name) => [name, values[name] ?? ""]));
  return { ...step, before: pick(now), after: pick(step.after) };
}
