import { readResourceId } from "../resource-id.ts";
import type { Located } from "../scope/scope.ts";
import type { Severity } from "../severity.ts";

/** States of an alert [Microsoft.Security/alerts 2022-01-01: Active, InProgress, Resolved, Dismissed]. */
export const alertStates = ["active", "in-progress", "resolved", "dismissed", "unknown"] as const;
export type AlertState = (typeof alertStates)[number];

export type AlertEntity = { kind: string; name: string; facts: [string, string][] };

/**
 * Fields that are shown as they come, and how each is read: a short text, or pairs of names and values. Each is taken from
 * whichever source has one of its name (`alert-merge.ts`): a property of the alerts API, a column of `alerts.kql`, a column
 * of `alert-resources.kql`. Another field is another line here.
 */
export const alertExtras = { region: "text", tags: "pairs" } as const satisfies Record<
  string,
  "text" | "pairs"
>;
type Kinds = typeof alertExtras;
export type AlertExtras = {
  [Name in keyof Kinds]?: Kinds[Name] extends "pairs" ? [string, string][] : string;
};

/** One security alert of Defender for Containers. Every text in it is untrusted. */
export type Alert = AlertExtras & {
  /** `systemAlertId`: the stable key. */
  id: string;
  /** The Azure resource id of the alert itself, as Azure gave it: at a subscription's or a resource group's scope. */
  resource: string;
  /** `alertType`, for example `K8S.NODE_ImdsCall`; may be one never seen before. */
  type: string;
  title: string;
  description: string;
  severity: Severity;
  state: AlertState;
  place: Located;
  /** The id of the Azure resource that it is about. */
  affected?: string;
  /** Kubernetes namespace and workload, where the entities name them. */
  namespace?: string;
  workload?: string;
  compromisedEntity: string;
  /** When it happened: first and last activity (ISO). */
  start?: string;
  end?: string;
  /** When Defender reported it (`timeGeneratedUtc`, else `processingEndTimeUtc`; ISO). */
  generated?: string;
  tactics: string[];
  techniques: string[];
  remediation: string[];
  entities: AlertEntity[];
  /** May be larger than `entities` where only a row of Resource Graph was read. */
  entityCount: number;
  extended: [string, string][];
  portal?: string;
  /** A sample alert that Defender was asked for: its entities are invented. */
  sample: boolean;
  correlationKey?: string;
  /** False where only the row of Resource Graph was read: description, entities and steps are then missing. */
  whole: boolean;
};

/** What a poll compares: a change of state moves no timestamp [facts, the alert feed has two sources]. */
export function fingerprint(alert: Pick<Alert, "state" | "severity" | "end" | "entityCount">): string {
  return [alert.state, alert.severity, alert.end ?? "", alert.entityCount].join("|");
}

export type AlertAction = "take" | "resolve" | "dismiss" | "reopen";

/** The state that an action leads to. */
export const stateAfter: Record<AlertAction, AlertState> = {
  take: "in-progress",
  resolve: "resolved",
  dismiss: "dismissed",
  reopen: "active",
};

/** Who changed an alert through the bot: Azure keeps neither who nor why [Microsoft.Security/alerts, 204 without body]. */
export type AlertActor = { person: string; action: AlertAction; at: string; reason?: string };

/** The simulation that caused an alert. */
export type CausedBy = {
  run: string;
  scenario: string;
  /** True where the alert names nothing of the run: only its type, cluster and time match. */
  likely?: true;
  /** The channel in which the run has its message. Missing for drills, and where the run is only likely. */
  thread?: string;
};

/** The event that the notifiers of alerts render. */
export type AlertSeen = { alert: Alert; actor?: AlertActor; simulation?: CausedBy };

/** The id of the subscription whose list of alerts has it, which need not be that of the resource that it is about. */
export function homeOf({ resource, place }: Pick<Alert, "resource" | "place">): string {
  return readResourceId(resource)?.subscription ?? place.subscription.id;
}

/** The words by which a mute names an alert. */
export function alertNames({ type, title }: Pick<Alert, "type" | "title">): [type: string, title: string] {
  return [type, title];
}

/** The same alert type on the same cluster (or resource): again within an hour it joins the message that is there. */
export function repetitionKey(alert: Pick<Alert, "type" | "place" | "compromisedEntity">): string {
  const { subscription, cluster, registry } = alert.place;
  return [alert.type, subscription.id, cluster ?? registry ?? alert.compromisedEntity]
    .join("|")
    .toLowerCase();
}
