import { listed } from "../../text/listed.ts";
import { sameText } from "../../text/same-text.ts";
import { globMatches } from "../scope/scope.ts";
import type { Dependency, Expectation } from "./scenario.ts";
import type { CheckName, CheckResult, Preflight } from "./simulation.ts";

/** Enough to begin looking. */
const namesShown = 3;
/** Checks without which a run must not begin, also where it is not known how they stand: denied where it cannot be read. */
const gates: readonly CheckName[] = [
  "allowed",
  "tags",
  "power",
  "rights",
  "azure-rights",
  "reachable",
  "admission",
];

/** The result of a check, with whether it keeps the run from beginning. */
export function checked(name: CheckName, state: CheckResult["state"], said = ""): CheckResult {
  const stops = state === "failed" || (state === "unknown" && ["tags", "reachable"].includes(name));
  return { name, state, said, blocks: stops && (gates.includes(name) || name === "nodes") };
}

/** Which check tells whether a dependency is there. */
const checkOf: Record<Dependency, CheckName> = {
  sensor: "sensor",
  "helm-sensor": "helm-sensor",
  "audit-log": "plan",
  "agentless-machines": "agentless-machines",
  "registry-access": "registry-access",
  "policy-addon": "policy-addon",
  "drift-rule": "drift-rule",
};

/**
 * What cannot be expected here, so that "missing" always means that Defender missed it: an expectation whose dependency
 * is known to be off, or that a suppression rule hides. What is not known stays expected.
 * @param suppressed alert types of the suppression rules that are in force
 */
export function notExpected(
  expects: readonly Expectation[],
  checks: readonly CheckResult[],
  suppressed: readonly string[],
): Preflight["unexpected"] {
  const off = (name: CheckName) => checks.some((check) => check.name === name && check.state === "failed");
  const why: Preflight["unexpected"] = {};
  expects.forEach((expectation, index) => {
    const depends = expectation.depends.map((one) => checkOf[one]);
    // Alerts come with the plan; findings and recommendations have their own switches.
    const needed: CheckName[] = expectation.kind === "alert" ? ["plan", ...depends] : depends;
    const missing = needed.find(off);
    if (missing) why[index] = missing;
    else if (expectation.kind === "alert" && hidden(expectation.types, suppressed))
      why[index] = "suppression";
  });
  return why;
}

/** Rules name an alert type, or all of them [alertsSuppressionRules 2019-01-01-preview: `alertType`, `*`]. */
export function hidden(types: readonly string[], suppressed: readonly string[]): boolean {
  if (suppressed.includes("*")) return true;
  return (
    types.length > 0 && types.every((type) => suppressed.some((rule) => sameText(rule.trim(), type.trim())))
  );
}

/** Tags of a cluster that forbid simulations there, `NAME=VALUE`; the value may be a glob. */
export function refusedTags(tags: Record<string, string>, refuse: readonly string[]): string[] {
  return Object.entries(tags).flatMap(([name, value]) =>
    refuse.some((rule) => {
      const at = rule.indexOf("=");
      return sameText(rule.slice(0, at).trim(), name.trim()) && globMatches(rule.slice(at + 1), value);
    })
      ? [`${name}=${value}`]
      : [],
  );
}

/** Whether simulations may run on a cluster of this name at all. */
export function allowedCluster(name: string, clusters: readonly string[]): boolean {
  return clusters.some((pattern) => globMatches(pattern, name));
}

type Node = {
  name: string;
  os: string;
  ready: boolean;
  sensor: string;
  installed?: "add-on" | "helm";
  taint?: string;
  arm64?: true;
};

/**
 * The nodes that a run may be put on, and the sensor there. Windows nodes have none [support matrix]. A taint keeps its
 * pods away, but not from a node that the requester chose: such a run tolerates all of them.
 * @param chosen name of the node, where the requester chose one
 */
export function judgeNodes(nodes: readonly Node[], chosen: string | undefined): CheckResult[] {
  const linux = nodes.filter(({ os }) => os !== "windows");
  const ready = linux.filter((node) => node.ready && (!chosen || node.name === chosen));
  const usable = ready.filter(({ taint }) => chosen || taint === undefined);
  if (usable.length === 0) return [checked("nodes", "failed", whyNone(linux, ready, chosen))];
  const arm64 = usable.filter((node) => node.arm64);
  return [
    arm64.length > 0 ? checked("nodes", "warning", `arm64: ${namesOf(arm64)}`) : checked("nodes", "ok"),
    judgeSensor(usable),
    judgeInstallation(usable),
  ];
}

function whyNone(linux: readonly Node[], ready: readonly Node[], chosen: string | undefined): string {
  if (chosen) return `${chosen}: ${linux.some(({ name }) => name === chosen) ? "NotReady" : "NotFound"}`;
  const tainted = ready.map(({ name, taint }) => `${name} (${taint})`);
  const why = tainted.length > 0 ? `, tainted: ${listed(tainted, namesShown)}` : "";
  return `Linux: ${linux.length}, ready: ${ready.length}${why}`;
}

function judgeSensor(usable: readonly Node[]): CheckResult {
  const ready = usable.filter(({ sensor }) => sensor === "ready");
  const lacking = Map.groupBy(
    usable.filter((node) => node.sensor !== "ready"),
    (node) => node.sensor,
  );
  const said = [...lacking].map(([state, some]) => `${state}: ${namesOf(some)}`).join("; ");
  if (ready.length === usable.length) return checked("sensor", "ok", said);
  if (usable.some((node) => node.sensor === "unknown")) return checked("sensor", "unknown", said);
  return checked("sensor", ready.length > 0 ? "warning" : "failed", said);
}

/** Whether the sensor came by Helm: what depends on that cannot be expected where it is the add-on. */
function judgeInstallation(nodes: readonly Node[]): CheckResult {
  const groups = Map.groupBy(nodes, ({ installed }) => installed);
  const of = (installed: "add-on" | "helm") => groups.get(installed) ?? [];
  const said = (["helm", "add-on"] as const)
    .filter((installed) => of(installed).length > 0)
    .map((installed) => `${installed}: ${namesOf(of(installed))}`)
    .join("; ");
  if (said === "") return checked("helm-sensor", "unknown");
  if (of("helm").length === 0) return checked("helm-sensor", "failed", said);
  return checked("helm-sensor", of("add-on").length > 0 ? "warning" : "ok", said);
}

function namesOf(nodes: readonly Node[]): string {
  return listed(
    nodes.map(({ name }) => name),
    namesShown,
  );
}
