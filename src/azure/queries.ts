import { readFile } from "node:fs/promises";

/** The files of `queries/`, each one Resource Graph query. No value is ever put into them: they are sent as they are. */
export type QueryName =
  | "alerts"
  | "assessment-metadata"
  | "assessments"
  | "clusters"
  | "provisioning"
  | "registries"
  | "visible-subscriptions";

const texts = new Map<QueryName, Promise<string>>();

/** The query without its comments; read from its file at first use. */
export function queryText(name: QueryName): Promise<string> {
  const known = texts.get(name);
  if (known) return known;
  const read = readFile(new URL(`./queries/${name}.kql`, import.meta.url), "utf8").then((text) =>
    text.replace(/^\s*\/\/.*\n/gm, "").trim(),
  );
  texts.set(name, read);
  return read;
}
