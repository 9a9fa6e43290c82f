import { createHash } from "node:crypto";
import { type Alert, type AlertExtras, type AlertState, alertExtras } from "../../domain/alerts/alert.ts";
import { concernsContainers } from "../../domain/alerts/concerns-containers.ts";
import { readSeverity } from "../../domain/severity.ts";
import { compact, count, field, httpsLink, isoTime, list, record, someText, text, texts } from "../fields.ts";
import { type Names, placeOf } from "../place.ts";
import { isUnreadable } from "../shape.ts";
import { kubernetesOf, readEntities } from "./alert-entities.ts";

/** [Microsoft.Security/alerts 2022-01-01, AlertStatus]. */
const states: Record<string, AlertState> = {
  active: "active",
  inprogress: "in-progress",
  resolved: "resolved",
  dismissed: "dismissed",
};
const sample = /^\s*[[［]\s*(sample alert|サンプル\s*(?:の\s*)?アラート)/i;

/** An alert of the alerts API, whole; undefined only for what is no record at all. Never throws. */
export function readAlert(value: unknown, names: Names): Alert | undefined {
  const properties = field(value, "properties");
  const alert = build(value, properties, names);
  if (!alert) return undefined;
  const extended = readExtended(field(properties, "extendedProperties"));
  const raw = field(properties, "entities");
  const { namespace, workload, cluster } = kubernetesOf(raw, extended);
  const place = { ...alert.place, cluster: alert.place.cluster ?? cluster?.split("/").at(-1) };
  if (place.cluster === undefined) delete place.cluster;
  return {
    ...alert,
    place,
    namespace,
    workload,
    description: text(field(properties, "description"), 10_000),
    techniques: [
      ...texts(field(properties, "techniques"), 30, 50),
      ...texts(field(properties, "subTechniques"), 30, 50),
    ],
    remediation: steps(field(properties, "remediationSteps")),
    entities: readEntities(raw),
    entityCount: list(raw).length,
    extended,
    whole: true,
  };
}

/** A row of `queries/alerts.kql`: the same without description, steps and entities. */
export function readAlertRow(row: unknown, names: Names): Alert | undefined {
  const alert = build(row, row, names);
  return alert && { ...alert, entityCount: count(field(row, "entityCount")) ?? 0, whole: false };
}

/** Fields of an alert that say nothing that is known, for the drift alarm. */
export function unplacedIn(properties: unknown): string[] {
  const alert = build({ id: "x" }, properties, new Map());
  return [
    ...(alert?.severity === "unknown" ? ["severity"] : []),
    ...(alert?.state === "unknown" ? ["status"] : []),
    ...(alert?.type === "unknown" ? ["alertType"] : []),
    ...["entities", "extendedProperties"].filter((name) => isUnreadable(field(properties, name))),
  ];
}

/** Whether an alert of the API, or a row of the query, concerns containers. */
export function isContainerAlert(value: unknown): boolean {
  const properties = "properties" in record(value) ? field(value, "properties") : value;
  return concernsContainers({
    type: text(field(properties, "alertType"), 200),
    component: text(field(properties, "productComponentName"), 200),
    resources: resourceIds(properties),
  });
}

/** What is shown as it comes of an alert's properties, of a row, or of a resource. */
export function readExtras(value: unknown): AlertExtras {
  const read = Object.entries(alertExtras).map(([name, kind]: [string, "text" | "pairs"]) => {
    const said = field(value, name);
    return [name, kind === "pairs" ? pairs(said) : someText(said, 200)] as const;
  });
  return Object.fromEntries(read.filter(([, said]) => said !== undefined && said.length > 0));
}

function build(value: unknown, properties: unknown, names: Names): Alert | undefined {
  if (Object.keys(record(value)).length === 0) return undefined;
  const resource = text(field(value, "id"), 2000);
  const affected = resourceIds(properties);
  const type = text(field(properties, "alertType"), 200) || "unknown";
  const title = text(field(properties, "alertDisplayName"), 500);
  return {
    id: stableKey(value, properties, resource),
    resource,
    type,
    title: title || type,
    description: "",
    severity: readSeverity(text(field(properties, "severity"))),
    state:
      states[
        text(field(properties, "status"))
          .replace(/[\s_-]/g, "")
          .toLowerCase()
      ] ?? "unknown",
    place: placeOf(
      [...affected, resource].filter((id) => id !== ""),
      names,
    ),
    affected: affected.find((id) => /\/providers\//i.test(id)),
    compromisedEntity: text(field(properties, "compromisedEntity"), 500),
    start: isoTime(field(properties, "startTimeUtc")),
    end: isoTime(field(properties, "endTimeUtc")),
    generated:
      isoTime(field(properties, "timeGeneratedUtc")) ?? isoTime(field(properties, "processingEndTimeUtc")),
    tactics: texts(field(properties, "intent"), 20, 60).filter((tactic) => !/^unknown$/i.test(tactic)),
    techniques: [],
    remediation: [],
    entities: [],
    entityCount: 0,
    extended: [],
    portal: httpsLink(field(properties, "alertUri")),
    sample: sample.test(title),
    correlationKey: someText(field(properties, "correlationKey"), 200),
    whole: true,
    ...readExtras(properties),
  };
}

/**
 * `systemAlertId`, else the name, else what the id ends with, else a digest of all there is: never none. In small letters:
 * the two sources need not write the same id in the same letter case.
 */
function stableKey(value: unknown, properties: unknown, resource: string): string {
  const named =
    text(field(properties, "systemAlertId"), 200) ||
    text(field(value, "name"), 200) ||
    text(resource.split("/").at(-1), 200);
  return (
    named.toLowerCase() || createHash("sha256").update(compact(value, 100_000)).digest("hex").slice(0, 32)
  );
}

/** Azure ids among `resourceIdentifiers`; the other kind names a workspace and an agent. */
function resourceIds(properties: unknown): string[] {
  return list(field(properties, "resourceIdentifiers"))
    .slice(0, 50)
    .map((identifier) => text(field(identifier, "azureResourceId"), 2000))
    .filter((id) => id.startsWith("/"));
}

function steps(value: unknown): string[] {
  const given = list(value).length > 0 ? list(value) : [value];
  return given
    .slice(0, 30)
    .map((step) => text(step, 2000) || text(field(step, "text"), 2000))
    .filter((step) => step !== "");
}

/** A record of plain values, such as tags. */
function pairs(value: unknown): [string, string][] {
  return Object.entries(record(value))
    .slice(0, 50)
    .map(([key, said]): [string, string] => [text(key, 200), compact(said, 256)])
    .filter(([key]) => key !== "");
}

/** Values are texts that may hold JSON, which is written compactly. */
function readExtended(value: unknown): [string, string][] {
  return Object.entries(record(value))
    .slice(0, 60)
    .map(([key, said]): [string, string] => {
      const opened = list(said).length > 0 ? list(said) : record(said);
      const isJson = typeof said === "string" && (Array.isArray(opened) || Object.keys(opened).length > 0);
      return [text(key, 100), isJson ? compact(opened, 1000) : compact(said, 1000)];
    })
    .filter(([key, said]) => key !== "" && said !== "");
}
