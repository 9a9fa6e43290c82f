import { createHash } from "node:crypto";
import type { Unread } from "../reading/reading.ts";
import type { Located, Scope } from "../scope/scope.ts";

/** What is hidden for a while: alerts of one type, or a recommendation of some resources. */
export const exemptionKinds = ["alert", "recommendation"] as const;
export type ExemptionKind = (typeof exemptionKinds)[number];

/** The last five are final. */
export const exemptionStates = [
  "requested",
  "approved",
  "active",
  "refused",
  "expired",
  "failed",
  "ended",
  "removed",
] as const;
export type ExemptionState = (typeof exemptionStates)[number];

/** One condition of a suppression rule's `suppressionAlertsScope.allOf` [alertsSuppressionRules 2019-01-01-preview]. */
export type RuleCondition = { field: string; in?: string[]; contains?: string };

/** What is asked for, to the letter: an approval is bound to all of it. */
export type ExemptionPlan = {
  kind: ExemptionKind;
  /** The alert type, or the key of the recommendation. */
  what: string;
  title: string;
  subscription: { id: string; name: string };
  scope: Scope;
  /** Of a suppression rule; none: everything in the subscription. */
  conditions: RuleCondition[];
  /** The Azure resource id of the rule or exemption, the same for the same `what` and `scope`. */
  resource: string;
  reason: string;
  /** ISO. */
  expires: string;
  requester: string;
  channel: string;
};

/** A request to hide something, and what became of it. */
export type Exemption = ExemptionPlan & {
  id: string;
  /** How often it was changed; of two announcements the higher one is right. */
  revision: number;
  /** What the buttons of the request carry: binds an approval to exactly this plan. */
  code: string;
  /** ISO; when the request can no longer be approved. */
  approvable: string;
  state: ExemptionState;
  /** ISO; when each state was entered. */
  at: Partial<Record<ExemptionState, string>>;
  /** When what is there already ends (ISO), or "never"; undefined: there is nothing yet. */
  before?: string;
  /** How many alerts or resources it would hide at the time of the request; undefined: unknown. */
  matches?: number;
  /** Slack user ids. */
  approver?: string;
  refusedBy?: string;
  /** Who chose to let it expire. */
  letBy?: string;
  /** The request that took its place. */
  replacedBy?: string;
  /** ISO; when its end was announced beforehand. */
  reminded?: string;
  /** Why it failed, in the far side's words (`ja`: ours in Japanese), and the command that repairs it. */
  failure?: { said: string; ja?: string; command?: string };
};

/** A rule or exemption as Azure has it, whoever made it. */
export type InForce = {
  kind: ExemptionKind;
  id: string;
  what: string;
  /** What whoever made it calls it, where that says more. */
  called?: string;
  /** Names of resources, or the condition in short; "" is the whole subscription. */
  where: string;
  /** Undefined where that is the whole subscription, or isn't known. */
  places?: Located[];
  subscription: { id: string; name: string };
  enabled: boolean;
  /** ISO; none: it doesn't end by itself. */
  expires?: string;
  reason: string;
};

/**
 * A resource that isn't counted; `expires`: ISO, or "never"; undefined where Azure doesn't say, or the exemptions couldn't
 * be read (`unread`: why).
 */
export type Exempted = { name: string; expires?: string; unread?: Unread["why"] };

/** How long before its end an exemption is announced. */
const remindMs = 3 * 86_400_000;

/** Binds an approval to exactly these parameters: whatever is changed, the code is another. */
export function exemptionCode(plan: ExemptionPlan): string {
  const { kind, what, subscription, conditions, resource, reason, expires, requester, channel } = plan;
  const bound = [kind, what, subscription.id, conditions, resource, reason, expires, requester, channel];
  return createHash("sha256").update(JSON.stringify(bound)).digest("hex").slice(0, 16);
}

/** True where the same person asked for the same, to the minute of its length. */
export function isSameRequest(one: Exemption, other: Exemption): boolean {
  const bound = (asked: ExemptionPlan) => exemptionCode({ ...asked, expires: "" });
  const length = ({ expires, at }: Exemption) => Date.parse(expires) - Date.parse(at.requested ?? "");
  return bound(one) === bound(other) && Math.abs(length(one) - length(other)) < 60_000;
}

/** The same for the same thing in the same place, so that a second request changes the first one's rule. */
export function exemptionName(kind: ExemptionKind, what: string, place: string): string {
  const words = JSON.stringify([kind, what, place]).toLowerCase();
  const hash = createHash("sha256").update(words).digest("hex");
  if (kind === "alert") return `breakwater-${hash.slice(0, 16)}`;
  // The name of a standard assignment is a GUID [standardAssignments 2024-08-01].
  return [hash.slice(0, 8), ...[8, 12, 16].map((at) => hash.slice(at, at + 4)), hash.slice(20, 32)].join("-");
}

/** True where nothing will happen to it any more. */
export function isSettled({ state }: Pick<Exemption, "state">): boolean {
  return !["requested", "approved", "active"].includes(state);
}

/** The exemption in a state that it enters now. */
export function entered(
  one: Exemption,
  state: ExemptionState,
  now: string,
  more: Partial<Exemption> = {},
): Exemption {
  return { ...one, ...more, state, at: { ...one.at, [state]: now } };
}

/** True where its end should be announced now: short ones aren't, whoever asked has seen the end just then. */
export function isReminderDue({ state, at, expires, reminded }: Exemption, now: string): boolean {
  const left = Date.parse(expires) - Date.parse(now);
  const length = Date.parse(expires) - Date.parse(at.active ?? now);
  return state === "active" && !reminded && left <= remindMs && left > 0 && length > remindMs;
}
