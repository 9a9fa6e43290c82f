import type { Manifest } from "../definitions/scenario.ts";
import { UpstreamError } from "../errors.ts";
import type { ObjectRef, Standing } from "../simulation-ports.ts";
import { text } from "./read.ts";
import { trouble } from "./refusal.ts";
import { objectPath, type Resource, type Resources } from "./resources.ts";
import { nameOf, type Seen, seen } from "./standing.ts";
import { askIfThere, askOne, type Transport } from "./transport.ts";

type Deps = { transport: Transport; resources: Resources };
/** A manifest with where it goes and what stands there. */
type Placed = { manifest: Manifest; object: ObjectRef; resource: Resource; path: string; there?: Seen };

/** Whose the object of that name is; undefined where there is none. */
export function looker({ transport, resources }: Deps) {
  return async (object: ObjectRef): Promise<Standing | undefined> => {
    const resource = await resources.ofKind(object.apiVersion, object.kind);
    const found = await askIfThere(transport, objectPath(resource, object));
    if (found === undefined) return undefined;
    const { ours, run, terminating } = seen(found);
    return { ours, run, terminating };
  };
}

/** Server-side apply of each manifest, in order. */
export function applier(deps: Deps) {
  return async (manifests: readonly Manifest[]): Promise<void> => {
    for (const manifest of manifests) {
      const placed = await place(manifest, deps);
      refuseForeign(placed);
      await askOne(deps.transport, applying(placed, false));
    }
  };
}

/**
 * The same as a trial. Errors that say nothing about the object (no answer, not known, no such API) are thrown: then
 * nothing is known about the admission.
 */
export function trier(deps: Deps) {
  return async (manifests: readonly Manifest[]): Promise<{ object: string; said: string }[]> => {
    const refused: { object: string; said: string }[] = [];
    const accounts = new Set(
      manifests.filter(({ kind }) => kind === "ServiceAccount").map(({ metadata }) => metadata.name),
    );
    for (const manifest of manifests) {
      const said = await tryOne(withoutAccount(manifest, accounts), deps);
      if (said !== undefined) refused.push({ object: nameOf(refOf(manifest)), said });
    }
    return refused;
  };
}

/** A pod is refused while its service account is not there, which a trial of the account does not change. */
function withoutAccount(manifest: Manifest, accounts: ReadonlySet<string>): Manifest {
  const name = text(manifest, ["spec", "serviceAccountName"]);
  if (manifest.kind !== "Pod" || !accounts.has(name)) return manifest;
  const { serviceAccountName: _, ...spec } = manifest.spec as Record<string, unknown>;
  return { ...manifest, spec };
}

async function tryOne(manifest: Manifest, deps: Deps): Promise<string | undefined> {
  try {
    const placed = await place(manifest, deps);
    refuseForeign(placed);
    try {
      await askOne(deps.transport, applying(placed, true));
    } catch (error) {
      if (!isMissingNamespace(error, manifest)) throw error;
      await tryInDefault(manifest, deps);
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    if (error.code === "NotOurs" || error.code === "Terminating") return error.message;
    const aboutIt =
      error.status === 400 || error.status === 403 || error.status === 409 || error.status === 422;
    if (aboutIt) return error.message;
    throw error;
  }
}

/**
 * The namespace will be there only after the approval. Policies mostly look at the object alone, so it is tried in
 * `default` under a name that nobody has; that we may not create things there is no answer.
 */
async function tryInDefault(manifest: Manifest, deps: Deps): Promise<void> {
  const name = `breakwater-trial-${Math.random().toString(36).slice(2, 10)}`;
  const moved = { ...manifest, metadata: { ...manifest.metadata, name, namespace: "default" } };
  const placed = await place(moved, deps);
  try {
    await askOne(deps.transport, applying(placed, true));
  } catch (error) {
    if (!(error instanceof UpstreamError) || !isMissingRight(error)) throw error;
  }
}

function isMissingNamespace(error: unknown, { metadata }: Manifest): boolean {
  return (
    error instanceof UpstreamError &&
    error.status === 404 &&
    metadata.namespace !== undefined &&
    /namespaces? /i.test(error.message)
  );
}

/** RBAC's words, as told from those of admission [Kubernetes, authorization: `User "x" cannot create resource`]. */
function isMissingRight({ status, message }: UpstreamError): boolean {
  return status === 403 && /\bcannot (?:create|patch)\b/.test(message);
}

async function place(manifest: Manifest, { transport, resources }: Deps): Promise<Placed> {
  const resource = await resources.ofKind(manifest.apiVersion, manifest.kind);
  const path = objectPath(resource, manifest.metadata);
  const found = await askIfThere(transport, path);
  return {
    manifest,
    object: refOf(manifest),
    resource,
    path,
    there: found === undefined ? undefined : seen(found),
  };
}

function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

function refuseForeign({ object, there }: Placed) {
  const name = nameOf(object);
  if (there && !there.ours)
    throw trouble(
      "NotOurs",
      `${name} is there already and is not Breakwater's: it is left alone`,
      false,
      409,
    );
  if (there?.terminating)
    throw trouble(
      "Terminating",
      `${name} is just being deleted; it can be created when that is over`,
      true,
      409,
    );
}

/** With the uid of what was looked at: should another object have taken its name meanwhile, the apply is refused. */
function applying({ manifest, path, there }: Placed, dryRun: boolean) {
  const metadata = there?.uid ? { ...manifest.metadata, uid: there.uid } : manifest.metadata;
  return {
    kind: "apply",
    path,
    manifest: { ...manifest, metadata },
    dryRun,
    force: there !== undefined,
  } as const;
}
