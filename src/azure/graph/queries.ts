import { readFile } from "node:fs/promises";
import { cvePattern } from "../../domain/findings/model/cve-details.ts";

/**
 * The files of `queries/`, each one Resource Graph query that is complete in itself. No value from outside is ever
 * put into one unchecked; what is put in are numbers, times and ids of CVEs, in the place of a literal of the same type.
 */
export type QueryName =
  | "alert-changes"
  | "alert-resources"
  | "alerts"
  | "assessed-resources"
  | "assessment-metadata"
  | "assessments"
  | "cluster-data"
  | "clusters"
  | "compliance-assessments"
  | "compliance-controls"
  | "compliance-standards"
  | "compliance-titles"
  | "cve-details"
  | "cve-details-changed"
  | "cve-details-needed"
  | "cve-details-probe"
  | "findings-count"
  | "findings-fresh"
  | "findings-grouped"
  | "findings-individual"
  | "management-groups"
  | "node-resource-groups"
  | "plans"
  | "provisioning"
  | "registries"
  | "secure-score-controls"
  | "secure-scores"
  | "visible-subscriptions"
  | "workspaces";

const texts = new Map<QueryName, Promise<string>>();

/** The query without its comments; read from its file at first use. */
export function queryText(name: QueryName): Promise<string> {
  const known = texts.get(name);
  if (known) return known;
  const read = readFile(new URL(`../queries/${name}.kql`, import.meta.url), "utf8").then((text) =>
    text.replace(/^[ \t]*\/\/.*\n/gm, "").trim(),
  );
  texts.set(name, read);
  return read;
}

/** One of `parts` equal parts of the rows: every part is one of one in the file. Throws where the query has no parts. */
export function partOf(text: string, part: number, parts: number): string {
  if (![part, parts].every(Number.isSafeInteger) || part < 0 || part >= parts)
    throw new RangeError(`part ${part} of ${parts}`);
  return put(text, "hash(tolower(id)) % 1 == 0", `hash(tolower(id)) % ${parts} == ${part}`);
}

/** The rows after a time (ISO) instead of those after the year 2000. Throws where the query asks for no time. */
export function rowsAfter(text: string, time: string): string {
  const written = new Date(time).toISOString();
  return put(text, "datetime(2000-01-01T00:00:00.000Z)", `datetime(${written})`);
}

/** The rows of these CVEs. Throws where one is no id of a CVE. */
export function namedCves(text: string, ids: readonly string[]): string {
  const wrong = ids.find((id) => !cvePattern.test(id));
  if (wrong !== undefined) throw new RangeError(`${wrong.slice(0, 30)} is no CVE`);
  return put(text, "'CVE-0000-0000'", ids.map((id) => `'${id}'`).join(","));
}

/** The rows of alerts with these names. Throws where one could end the literal that it is put into. */
export function alertsNamed(text: string, names: readonly string[]): string {
  return put(text, "=~ 'microsoft.security/locations/alerts'", `$& and name in~ (${literals(names)})`);
}

/** The rows of resources with these ids. Throws where one could end the literal that it is put into. */
export function resourcesNamed(text: string, ids: readonly string[]): string {
  return put(text, "'/subscriptions/none'", literals(ids));
}

/** The assessments of this control. Throws where a name could end the literal that it is put into. */
export function assessmentsOfControl(text: string, standard: string, control: string): string {
  return put(put(text, "'standard-name'", literals([standard])), "'control-name'", literals([control]));
}

/** What the assessment with this key says. Throws where the key could end the literal that it is put into. */
export function assessmentNamed(text: string, key: string): string {
  return put(text, "'assessment-key'", literals([key]));
}

/** Whether a value may stand in a query as a literal: no quote, no escape, nothing invisible. */
export function isQuotable(value: string): boolean {
  return value.length > 0 && value.length <= 1000 && !/['"\\\p{C}]/u.test(value);
}

function literals(values: readonly string[]): string {
  const wrong = values.find((value) => !isQuotable(value));
  if (wrong !== undefined) throw new RangeError("a value that cannot stand in a query");
  // What is put in is literal, `$` too.
  return values.map((value) => `'${value.replaceAll("$", "$$$$")}'`).join(",");
}

function put(text: string, literal: string, value: string): string {
  if (text.split(literal).length !== 2) throw new Error(`the query does not have ${literal} once`);
  return text.replace(literal, value);
}
