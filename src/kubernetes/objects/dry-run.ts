import { createHash } from "node:crypto";
import { isMissingRight } from "../../domain/simulations/refusals.ts";
import type { Manifest } from "../../domain/simulations/scenario.ts";
import type { UpstreamError } from "../../errors.ts";
import { type ApplyDeps, applying, type Placed, place, refOf } from "./apply.ts";
import { nameOf } from "./ownership.ts";
import { quotaRefusal } from "./quota.ts";
import { text } from "./read.ts";

/** Statuses by which an API server says something of the object itself. */
const aboutTheObject = new Set([400, 403, 409, 422]);

/**
 * Refusals by rules of `default` itself, which the simulation namespace does not have [Kubernetes, PodSecurity,
 * ResourceQuota and LimitRanger].
 */
const ofDefault =
  /violates PodSecurity "|(?:exceeded|failed) quota: |(?:minimum|maximum) \S{1,99} usage per \S{1,99} is |\S max limit to request ratio per /;

/**
 * Server-side apply as a trial. Errors that say nothing about an object (no answer, not known, no such API, no permission
 * to try it) are thrown: then nothing is known about the admission.
 */
export function trier(deps: ApplyDeps) {
  return async (manifests: readonly Manifest[]): Promise<{ object: string; said: string }[]> => {
    const accounts = new Set(
      manifests.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name),
    );
    const wanted = manifests.map((manifest) => withoutAccount(manifest, accounts));
    const errors = await triedFreely(wanted, deps);
    const moved = wanted.map((manifest, index) => isMissingNamespace(errors[index], manifest));
    const again = await tried(
      await place(wanted.filter((_, index) => moved[index]).map(inDefault), deps),
      deps,
    );
    for (const [index, there] of moved.entries())
      if (there) {
        const error = again.shift();
        errors[index] = error && saysNothing(error) ? undefined : error;
      }
    const unknown = errors.find(
      (error) => error && (!aboutTheObject.has(error.status) || isMissingRight(error)),
    );
    if (unknown) throw unknown;
    const refused = errors.flatMap((error, index) =>
      error ? [{ object: nameOf(refOf(manifests[index]!)), said: error.message }] : [],
    );
    if (refused.length > 0) return refused;
    const pods = wanted.filter(({ kind }, index) => kind === "Pod" && !moved[index]);
    const together = pods.length > 1 ? await quotaRefusal(pods.map(underTrialName), deps) : undefined;
    return together ? [{ object: pods.map((one) => nameOf(refOf(one))).join(" + "), said: together }] : [];
  };
}

/** Refusals of a change to an object that is there: a field that can't change, or another object's uid. */
const aboutAChange = new Set([409, 422]);

/** Another run may create an object of the same name between the look and the trial: what is there now is tried again. */
async function triedFreely(
  manifests: readonly Manifest[],
  deps: ApplyDeps,
): Promise<(UpstreamError | undefined)[]> {
  const placed = await placedFreely(manifests, deps);
  const errors = await tried(placed, deps);
  const doubted = manifests.flatMap((manifest, index) =>
    placed[index]?.manifest === manifest && aboutAChange.has(errors[index]?.status ?? 0) ? [index] : [],
  );
  if (doubted.length === 0) return errors;
  const again = await tried(
    await placedFreely(
      doubted.map((index) => manifests[index]!),
      deps,
    ),
    deps,
  );
  for (const index of doubted) errors[index] = again.shift();
  return errors;
}

/**
 * Where an object of another run has that name, which will be gone when this one's turn comes, a trial of a
 * change to it would say nothing: it is tried under an unused name.
 */
async function placedFreely(manifests: readonly Manifest[], deps: ApplyDeps): Promise<Placed[]> {
  const placed = await place(manifests, deps);
  const taken = placed.map(({ there }) => there?.ours === true);
  if (!taken.includes(true)) return placed;
  // Once more with all of them: more names may be taken by now.
  return placedFreely(
    manifests.map((manifest, index) => (taken[index] ? underTrialName(manifest) : manifest)),
    deps,
  );
}

/** The error of each, those that may not be touched without a trial. */
async function tried(
  placed: readonly Placed[],
  { transport }: ApplyDeps,
): Promise<(UpstreamError | undefined)[]> {
  const free = placed.filter(({ error }) => !error);
  const answers = await transport.ask(free.map((one) => applying(one, true)));
  return placed.map(({ error }) => error ?? answers.shift()?.error);
}

/** A pod is refused while its service account is not there, which a trial of the account does not change. */
function withoutAccount(manifest: Manifest, accounts: ReadonlySet<string>): Manifest {
  const name = text(manifest, ["spec", "serviceAccountName"]);
  if (manifest.kind !== "Pod" || !accounts.has(name)) return manifest;
  const { serviceAccountName: _, ...spec } = manifest.spec as Record<string, unknown>;
  return { ...manifest, spec };
}

/**
 * The namespace will be there only after the approval. Policies mostly look at the object alone, so it is tried in
 * `default` under an unused name.
 */
function inDefault(manifest: Manifest): Manifest {
  const { metadata } = underTrialName(manifest);
  return { ...manifest, metadata: { ...metadata, namespace: "default" } };
}

/** The same for the same object: a trial through Azure's commands is asked for several times until it is over. */
function underTrialName(manifest: Manifest): Manifest {
  const sum = createHash("sha256").update(JSON.stringify(manifest.metadata)).digest("hex");
  const name = `breakwater-trial-${sum.slice(0, 8)}`;
  return { ...manifest, metadata: { ...manifest.metadata, name } };
}

/** A namespace that is terminating will be another one when the run begins, or the run waits for it. */
function isMissingNamespace(error: UpstreamError | undefined, { metadata }: Manifest): boolean {
  if (!error || metadata.namespace === undefined) return false;
  if (error.status === 403) return /because it is being terminated/i.test(error.message);
  return error.status === 404 && /namespaces? /i.test(error.message);
}

/** That we may not create things in `default`, or `default` does not take them, says nothing of another namespace. */
function saysNothing(error: UpstreamError): boolean {
  return isMissingRight(error) || (error.status === 403 && ofDefault.test(error.message));
}
