import { sameText } from "../../../text/same-text.ts";
import type { Alert } from "../../alerts/alert.ts";
import { globMatches, type Located } from "../../scope/scope.ts";
import type { Expectation } from "../scenario.ts";
import type { Run, Sighting } from "../simulation.ts";
import { attackedSince } from "../transitions.ts";

/** Clocks of the bot, of the node and of Azure may differ by minutes. */
const toleranceMilliseconds = 10 * 60_000;

/** What matching needs of a run's scenario. */
export type Expected = {
  expects: readonly Expectation[];
  /** Names of the objects that the run creates; their pods are called so, or begin so. */
  objects: readonly string[];
  /** True where the scenario asks for sample alerts, whose entities are invented. */
  samples: boolean;
};

/** A name as it compares: without "Preview" and the mark of samples, in any letter case. */
export function plainTitle(title: string): string {
  return title
    .toLowerCase()
    .replace(/\[\s*sample alert\s*\]/g, " ")
    .replace(/[[(]\s*preview\s*[\])]|^\s*preview\s*[-–:]|[-–:]\s*preview\s*$/g, " ")
    .replace(/[`'"’.]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
}

/**
 * Whether the alert was caused by the run: by the run's id, or by cluster, by namespace or pod, and by time; sample
 * alerts by their mark, subscription and time. An alert that names nothing of the run is the run's only where it is one
 * of those that are expected, and then only likely: a real alert may look the same.
 * @returns the index of the expectation that it answers, or nothing for an alert that came unexpected; undefined where
 * the alert is not the run's
 */
export function matchAlert(
  alert: Alert,
  run: Run,
  expected: Expected,
  now: string,
): { expectation?: number; likely?: true } | undefined {
  if (alert.sample !== expected.samples) return undefined;
  if (!sameText(alert.place.subscription.id, run.subscription.id)) return undefined;
  const expectation = answers(alert, expected.expects);
  const off = millisecondsOff(alert, run, now);
  if (off === undefined || off > toleranceMilliseconds) return undefined;
  if (alert.sample || namesRun(alert, run)) return { expectation };
  if (!run.cluster || !inCluster(alert, run)) return undefined;
  if (alert.namespace) return sameText(alert.namespace, run.namespace) ? { expectation } : undefined;
  if (namesObject(alert, expected.objects)) return { expectation };
  return expectation === undefined ? undefined : { expectation, likely: true };
}

/** Type first, in any letter case; the display name, which may be a glob, where no type fits. */
function answers(alert: Alert, expects: readonly Expectation[]): number | undefined {
  const title = plainTitle(alert.title);
  const byType = expects.findIndex(
    (one) => one.kind === "alert" && one.types.some((type) => sameText(type, alert.type)),
  );
  const byTitle = () =>
    expects.findIndex(
      (one) => one.kind === "alert" && one.titles.some((wanted) => globMatches(plainTitle(wanted), title)),
    );
  const index = byType >= 0 ? byType : byTitle();
  return index >= 0 ? index : undefined;
}

/** A file on a node is named after the run: whatever else the alert says, it is about that. */
function namesRun({ entities, extended }: Alert, { id }: Run): boolean {
  const facts = [...entities.flatMap((entity) => [["", entity.name], ...entity.facts]), ...extended];
  return facts.some(([, said]) => said?.toLowerCase().includes(id));
}

/** Whether a place is the run's cluster: of two of one name, the resource group tells. */
export function isOnCluster({ cluster: name = "", resourceGroup }: Located, { cluster }: Run): boolean {
  const group = resourceGroup && cluster?.resourceGroup;
  return sameText(name, cluster?.name ?? "") && (!group || sameText(resourceGroup, group));
}

function inCluster({ place, compromisedEntity, entities }: Alert, run: Run): boolean {
  if (place.cluster) return isOnCluster(place, run);
  const { name = "", resourceGroup: group = "" } = run.cluster ?? {};
  const words = [compromisedEntity, ...entities.map((entity) => entity.name)];
  if (words.some((word) => sameText(word.split("/").at(-1)!, name))) return true;
  // What is found on a node names the machine, whose group is MC_group_cluster_region [AKS docs, node resource group].
  const [nodes, own] = [place.resourceGroup, `MC_${group}_${name}_`].map((word = "") => word.toLowerCase());
  return nodes!.startsWith(own!);
}

function namesObject({ workload, entities }: Alert, objects: readonly string[]): boolean {
  const names = [workload ?? "", ...entities.map(({ name }) => name)].map((name) => name.toLowerCase());
  return objects.some((object) => {
    const wanted = object.toLowerCase();
    return names.some((name) => name === wanted || name.startsWith(`${wanted}-`));
  });
}

/**
 * How far the alert's activity lies from the time of the attack, 0 where they touch: of two runs that an alert would
 * suit, the nearer one caused it. Undefined where the alert tells no time, or the run never ran.
 */
export function millisecondsOff(alert: Alert, run: Run, now: string): number | undefined {
  // The activity of a sample is invented: when Defender reported it is what counts.
  const from = alert.sample ? (alert.generated ?? alert.start) : (alert.start ?? alert.generated);
  const to = alert.sample ? from : (alert.end ?? from);
  const since = attackedSince(run);
  if (!from || !to || !since) return undefined;
  return Math.max(
    0,
    Date.parse(since) - Date.parse(to),
    Date.parse(from) - Date.parse(lastMoment(run) ?? now),
  );
}

/** When nothing of the run was there any more; what stays until the verdict may be found until then. */
function lastMoment(run: Run): string | undefined {
  const over = run.at.reported ?? run.at.failed ?? run.at.cancelled;
  return run.cleanUp?.at ?? over;
}

/** What is remembered of an alert that the run caused, or is likely to have. */
export function sightingOf(
  alert: Alert,
  { expectation, likely }: { expectation?: number; likely?: true },
  now: string,
): Sighting {
  return {
    id: alert.id,
    resource: alert.resource,
    type: alert.type,
    title: alert.title,
    severity: alert.severity,
    seen: now,
    ...(alert.generated && { generated: alert.generated }),
    ...(alert.portal && { portal: alert.portal }),
    ...(expectation !== undefined && { expectation }),
    ...(likely && { likely }),
  };
}

/** The alerts that the run caused for certain: only they are dismissed together. */
export function ownAlerts({ sightings }: Pick<Run, "sightings">): Sighting[] {
  return sightings.filter(({ resource, likely }) => /\/alerts\//i.test(resource) && !likely);
}
