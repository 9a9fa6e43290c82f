import type { FindingPage } from "../domain/findings/model/finding.ts";
import type { Assessment } from "../domain/recommendations/recommendation.ts";
import { isWaitOver } from "../domain/simulations/deadlines.ts";
import { isOnCluster, plainTitle } from "../domain/simulations/proofs/match.ts";
import type { Expectation } from "../domain/simulations/scenario.ts";
import type { Run, Sighting } from "../domain/simulations/simulation.ts";
import { UpstreamError } from "../errors.ts";
import { sameText } from "../text/same-text.ts";
import type { Parts, SimulationPorts } from "./parts.ts";
import { secondsSince } from "./transition.ts";

/** Resource Graph is asked this often at most; findings and recommendations change within hours. */
const askedSeconds = 60;
/** Clocks of the bot and of Azure may differ. */
const toleranceMilliseconds = 600_000;

type Wanted = { expectation: Expectation; index: number };

/** Sightings of what is no alert: recommendations that turned unhealthy, findings of the image of the run. */
export async function findSightings(
  run: Run,
  { expects }: Parts,
  ports: SimulationPorts,
): Promise<Sighting[]> {
  const wanted = expects
    .map((expectation, index) => ({ expectation, index }))
    .filter(({ index }) => !run.sightings.some((one) => one.expectation === index))
    .filter(({ expectation }) => expectation.kind !== "alert");
  if (wanted.length === 0) return [];
  const passed = secondsSince(run.started, ports);
  const often = Math.min(askedSeconds, Math.max(2, Math.min(run.verifySeconds / 20, passed / 5)));
  const look = `simulation-sightings:${run.id}`;
  // The last look is never left out.
  const last = isWaitOver(run, ports.clock.now());
  if (!(await ports.store.once.first(look, often)) && !last) return [];
  try {
    const [findings, recommendations] = await Promise.all([
      findingsOf(run, wanted, ports),
      recommendationsOf(run, wanted, often, ports),
    ]);
    const sightings = [...findings, ...recommendations];
    if (sightings.length < wanted.length) await mustBeReadable(run, ports);
    return sightings;
  } catch (error) {
    // The next look is not left out: what it does not see would be called missing.
    await ports.store.once.forget(look);
    throw error;
  }
}

/**
 * Resource Graph leaves out silently what may not be read: what did not come would be called missing.
 * @throws UpstreamError where the run's subscription may not be read
 */
async function mustBeReadable({ subscription }: Run, { azure }: SimulationPorts): Promise<void> {
  const missing = await azure.missingActions(`/subscriptions/${subscription.id}`, [readAssessments]);
  if (missing.length === 0) return;
  throw new UpstreamError(`Findings can't be read in ${subscription.name}: ${readAssessments} is missing`, {
    system: "azure",
    status: 403,
    code: "AuthorizationFailed",
    retryable: false,
  });
}

const readAssessments = "Microsoft.Security/assessments/read";

/** Only images that Defender evaluated since the run began: an older finding proves nothing. */
async function findingsOf(
  run: Run,
  wanted: readonly Wanted[],
  { azure, clock }: SimulationPorts,
): Promise<Sighting[]> {
  const places = wanted.filter(({ expectation }) => expectation.kind === "finding");
  if (places.length === 0 || !run.started) return [];
  const since = new Date(Date.parse(run.started) - toleranceMilliseconds).toISOString();
  const sightings: Sighting[] = [];
  const seen = clock.now();
  await azure.freshFindings((page: FindingPage) => {
    for (const { artifact } of page.artifacts) {
      const inRegistry = artifact.places.some(({ registry, repository }) =>
        isOurs(run, registry, repository),
      );
      if (!(inRegistry || artifact.key === run.digest)) continue;
      for (const { expectation, index } of places) {
        if (expectation.kind !== "finding") continue;
        const there =
          expectation.where === "registry"
            ? inRegistry
            : artifact.uses.some(
                ({ cluster, namespace }) =>
                  sameText(cluster, run.cluster?.name) && sameText(namespace, run.namespace),
              );
        if (!there) continue;
        const id = `${artifact.key}|${expectation.where}`;
        const about = { type: "finding", title: expectation.title.en, severity: "unknown" as const };
        sightings.push({ id, resource: artifact.key, ...about, seen, expectation: index });
      }
    }
  }, since);
  return sightings;
}

/** The run's image: its repository carries the run's id, or it lies in the run's registry under the digest imported. */
function isOurs(run: Run, registry: string, repository: string): boolean {
  return sameText(registry, run.registry?.name) && repository.toLowerCase().includes(run.id);
}

async function recommendationsOf(
  run: Run,
  wanted: readonly Wanted[],
  oldestSeconds: number,
  { readings, clock }: SimulationPorts,
): Promise<Sighting[]> {
  const those = wanted.filter(({ expectation }) => expectation.kind === "recommendation");
  if (those.length === 0 || !run.cluster) return [];
  const seen = clock.now();
  const since = new Date(Date.parse(seen) - oldestSeconds * 1000).toISOString();
  const { value } = await readings.recommendations({ since });
  const there = value.assessments.filter(
    ({ place, status }) =>
      status === "unhealthy" &&
      sameText(place.subscription.id, run.subscription.id) &&
      isOnCluster(place, run),
  );
  return those.flatMap(({ expectation, index }): Sighting[] => {
    if (expectation.kind !== "recommendation") return [];
    const assessment = there.find(
      (one) =>
        plainTitle(one.title) === plainTitle(expectation.title) && isAbout(one, expectation.object, run),
    );
    if (!assessment) return [];
    const { key, title, severity, since, portal, resource } = assessment;
    const about = { type: key, title, severity, seen, expectation: index };
    const generated = since && run.started && since >= run.started ? { generated: since } : {};
    const link = portal ? { portal } : {};
    return [{ id: `${key}|${resource.id}`, resource: resource.id, ...about, ...generated, ...link }];
  });
}

/**
 * The assessment is the cluster's, and names the object in its cause; or it is of the object's pod, where one that was
 * unhealthy before the run is about the pod of an earlier run.
 */
function isAbout({ resource, cause, since }: Assessment, object: string, { started }: Run): boolean {
  const names = (words: string) => words.toLowerCase().includes(object.toLowerCase());
  const before = Date.parse(since ?? "") < Date.parse(started ?? "") - toleranceMilliseconds;
  return names(cause) || (!before && (names(resource.id) || names(resource.name)));
}
