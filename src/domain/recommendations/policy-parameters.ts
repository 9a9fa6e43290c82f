import { findParameter, type ParameterKind } from "../catalogue/policy-parameters.ts";

/** A parameter of an assigned policy; values as people write them (`parameterText`). */
export type PolicyParameter = {
  /** The policy definition's own name of it. */
  name: string;
  value: string;
  /** Undefined where it has none, or where that couldn't be read. */
  default?: string;
  /** The assignment's name of it; undefined where an initiative fixes the value, so that no assignment can change it. */
  assigned?: string;
};

/** An assignment that puts a policy in force, by itself or in an initiative. */
export type AssignedPolicy = {
  /** Resource id. */
  id: string;
  name: string;
  /** The resource id of what it is assigned to: a subscription, or a management group above it. */
  scope: string;
  /** Of the definition or the initiative that is assigned. */
  definition: string;
  parameters: PolicyParameter[];
};

/** The parameters that a subscription's recommendations follow; without `assigned` and `failure`, nothing assigns the policy. */
export type ParametersInForce = {
  subscription: { id: string; name: string };
  policy: string;
  assigned?: AssignedPolicy;
  /** Why they are unknown. */
  failure?: string;
};

/** The initiative whose assignment Defender's recommendations follow [Azure Policy built-ins, Microsoft cloud security benchmark]. */
const benchmark = "1f3afdf9-d0c9-4c3d-847f-89da613e70a8";
export const mostParameterText = 2000;
const none = "none";

/** The assignment that recommendations follow: the benchmark's before any other. */
export function leadingAssignment(assigned: readonly AssignedPolicy[]): AssignedPolicy | undefined {
  const isBenchmark = ({ definition }: AssignedPolicy) => definition.toLowerCase().endsWith(benchmark);
  return assigned.find(isBenchmark) ?? assigned[0];
}

/** The value of a parameter as people write it; longer ones are cut. */
export function parameterText(value: unknown): string {
  if (value === undefined || value === null || value === "") return none;
  const said = Array.isArray(value)
    ? value.map(itemText).join(", ") || none
    : (pathsText(value) ?? itemText(value));
  return said.slice(0, mostParameterText);
}

function itemText(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** `/var/log:ro, /data` of what the policy for host paths takes. */
function pathsText(value: unknown): string | undefined {
  const paths = (value as { paths?: unknown } | null)?.paths;
  if (!Array.isArray(paths)) return undefined;
  const said = paths.map((one: { pathPrefix?: unknown; readOnly?: unknown } | null) =>
    typeof one?.pathPrefix === "string"
      ? `${one.pathPrefix}${one.readOnly === true ? ":ro" : ""}`
      : itemText(one),
  );
  return said.join(", ") || none;
}

/** What Azure takes for a value that a person wrote; undefined where it is no value of that kind. */
export function parameterValue(kind: ParameterKind, written: string): unknown {
  const items = written
    .split(/[,;\s]/)
    .filter(Boolean)
    .filter((one) => one.toLowerCase() !== none);
  const [only = ""] = items;
  const every = (pattern: RegExp) => items.every((one) => pattern.test(one));
  if (kind === "list") return every(/^[\w./*:-]{1,200}$/) ? items : undefined;
  // "-1" is how the benchmark says that no port is allowed [Azure Policy built-ins, its default].
  if (kind === "ports") return every(/^(-1|\d{1,5})$/) ? (items.length > 0 ? items : ["-1"]) : undefined;
  if (kind === "paths") return every(/^\/[^:]{0,200}(:ro)?$/) ? { paths: items.map(pathOf) } : undefined;
  if (kind === "registries") return registriesPattern(written, items);
  if (items.length !== 1) return undefined;
  if (kind === "boolean") return /^(true|false)$/i.test(only) ? only.toLowerCase() === "true" : undefined;
  if (kind === "port") return /^\d{1,5}$/.test(only) && Number(only) <= 65_535 ? Number(only) : undefined;
  return /^\d{1,9}(\.\d{1,3})?(m|[kKMGTPE]i?)?$/.test(only) ? only : undefined;
}

/** What Azure takes of a change that was planned: a parameter of the catalogue, or the id of a workspace as it is. */
export function writtenValue(word: string, written: string): unknown {
  const parameter = findParameter(word);
  return parameter ? parameterValue(parameter.kind, written) : written;
}

function pathOf(item: string): { pathPrefix: string; readOnly: boolean } {
  return { pathPrefix: item.replace(/:ro$/, ""), readOnly: item.endsWith(":ro") };
}

/** A pattern as it is, or the one that the documentation writes for a list of login servers; `*` is one label. */
function registriesPattern(written: string, items: readonly string[]): string | undefined {
  if (written.startsWith("^")) return written.length <= mostParameterText ? written : undefined;
  if (items.length === 0 || !items.every((one) => /^[a-z0-9*][a-z0-9.*-]{1,200}$/i.test(one)))
    return undefined;
  const hosts = items.map((one) => one.replaceAll(".", "\\.").replaceAll("*", "[^\\/]+"));
  return `^(${hosts.join("|")})\\/.+$`;
}
