import type { Enablement } from "./enablement/enablement.ts";
import type { Exemption } from "./exemptions/exemptions.ts";
import { type Run, targetName } from "./simulations/simulation.ts";

/** What people do through Breakwater, as the audit log names it. `no-change`: it was so already. */
export const auditVerbs = [
  "request",
  "approve",
  "refuse",
  "cancel",
  "create",
  "turn-on",
  "let-expire",
  "acknowledge",
  "resolve",
  "dismiss",
  "reopen",
  "mute",
  "unmute",
  "subscribe",
  "unsubscribe",
  "share",
  "no-change",
] as const;
export type AuditVerb = (typeof auditVerbs)[number];

export const auditKinds = [
  "simulation",
  "simulation-alerts",
  "suppression",
  "exemption",
  "enablement",
  "settings",
  "alert",
  "alerts",
  "topic",
  "hunt",
  "answer",
] as const;
export type AuditKind = (typeof auditKinds)[number];

/** `approved simulation web-shell on aks-demo`, free of any language. */
export type AuditedAction = { verb: AuditVerb; kind: AuditKind; name?: string; place?: string };

export function auditedRun(verb: AuditVerb, run: Run, kind: AuditKind = "simulation"): AuditedAction {
  return { verb, kind, name: run.scenario, place: targetName(run) };
}

export function auditedExemption(
  verb: AuditVerb,
  { kind, title, scope, subscription }: Pick<Exemption, "kind" | "title" | "scope" | "subscription">,
): AuditedAction {
  const place = scope.kind === "sub" ? subscription.name : scope.pattern;
  return { verb, kind: kind === "alert" ? "suppression" : "exemption", name: title, place };
}

export function auditedEnablement(
  verb: AuditVerb,
  { feature, on }: Pick<Enablement, "feature" | "on">,
): AuditedAction {
  return { verb, kind: "enablement", name: feature ?? "Defender for Containers", place: on.name };
}
