import { type Alert, type AlertExtras, alertExtras } from "./alert.ts";

/** What each source says of one alert; at least one of the first two is there. */
export type AlertSources = {
  /** The alerts API: the authority. */
  api?: Alert;
  /** The light row of Resource Graph. */
  row?: Alert;
  /** The Azure resource that the alert is about. */
  resource?: AlertExtras;
};

/** An alert merged from its sources. */
export type ReadAlert = Pick<AlertSources, "api" | "row"> & { alert: Alert };

/**
 * Merges what the sources say, field by field: the first one that has a value counts, in the order alerts API, row,
 * resource. So a field that only one source has is never lost where another one replaces it.
 */
export function mergeAlert(id: string, { api, row, resource }: AlertSources): Alert {
  const first = api ?? row;
  if (!first) throw new Error("An alert needs a source.");
  const merged: Alert = { ...(row ?? first) };
  for (const [name, value] of Object.entries(first)) if (has(value)) Object.assign(merged, { [name]: value });
  const extras = Object.keys(alertExtras).flatMap((name) => {
    const key = name as keyof AlertExtras;
    const value = [api, row, resource].map((source) => source?.[key]).find(has);
    return value === undefined ? [] : [[name, value]];
  });
  const place = { ...row?.place, ...first.place };
  return { ...merged, ...Object.fromEntries(extras), place, id, whole: api !== undefined };
}

/** Azure leaves a field out, or empty, or says a word that is unknown here: another source may know. */
function has(value: unknown): boolean {
  if (value === undefined || value === "" || value === "unknown" || value === 0) return false;
  return !Array.isArray(value) || value.length > 0;
}
