import type { Manifest } from "../../domain/simulations/scenario.ts";
import type { UpstreamError } from "../../errors.ts";
import type { ObjectRef, ObjectState } from "../../ports/clusters.ts";
import { trouble } from "../connection/refusal.ts";
import { askIfThere, type Transport } from "../connection/transport.ts";
import { nameOf, type Seen, seen } from "./ownership.ts";
import { objectPath, type Resources } from "./resources.ts";

export type ApplyDeps = { transport: Transport; resources: Resources };
/** A manifest with where it goes and what is there, or why it must not go there. */
export type Placed = { manifest: Manifest; path: string; there?: Seen; error?: UpstreamError };

/** Whose the object of that name is; undefined where there is none. */
export function looker({ transport, resources }: ApplyDeps) {
  return async (object: ObjectRef): Promise<ObjectState | undefined> => {
    const resource = await resources.ofKind(object.apiVersion, object.kind);
    const current = await askIfThere(transport, objectPath(resource, object));
    if (current === undefined) return undefined;
    const { ours, run, terminating } = seen(current);
    return { ours, run, terminating };
  };
}

/** Server-side apply of each manifest, in order, to the first that fails; nothing at all where one may not be touched. */
export function applier(deps: ApplyDeps) {
  return async (manifests: readonly Manifest[]): Promise<void> => {
    const placed = await place(manifests, deps);
    const forbidden = placed.find(({ error }) => error)?.error;
    if (forbidden) throw forbidden;
    const answers = await deps.transport.ask(
      placed.map((one) => applying(one, false)),
      { stop: true },
    );
    const failure = answers.find(({ error }) => error)?.error;
    if (failure) throw failure;
  };
}

/** What is there now where the manifests go. */
export async function place(
  manifests: readonly Manifest[],
  { transport, resources }: ApplyDeps,
): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (const manifest of manifests) {
    const resource = await resources.ofKind(manifest.apiVersion, manifest.kind);
    placed.push({ manifest, path: objectPath(resource, manifest.metadata) });
  }
  const answers = await transport.ask(placed.map(({ path }) => ({ kind: "get", path })));
  return placed.map((one, index) => {
    const answer = answers[index] ?? { body: undefined };
    if (answer.error) return answer.error.status === 404 ? one : { ...one, error: answer.error };
    const there = seen(answer.body);
    return { ...one, there, error: forbidden(one.manifest, there) };
  });
}

export function refOf({ apiVersion, kind, metadata }: Manifest): ObjectRef {
  return { apiVersion, kind, namespace: metadata.namespace, name: metadata.name };
}

/** With the uid of what was looked at: should another object have taken its name meanwhile, the apply is refused. */
export function applying({ manifest, path, there }: Placed, dryRun: boolean) {
  const metadata = there?.uid ? { ...manifest.metadata, uid: there.uid } : manifest.metadata;
  return {
    kind: "apply",
    path,
    manifest: { ...manifest, metadata },
    dryRun,
    force: there !== undefined,
  } as const;
}

function forbidden(manifest: Manifest, there: Seen): UpstreamError | undefined {
  const name = nameOf(refOf(manifest));
  if (!there.ours)
    return trouble(
      "NotOurs",
      `${name} is there already and is not Breakwater's: it is left alone`,
      false,
      409,
    );
  return there.terminating
    ? trouble("Terminating", `${name} is just being deleted; it can be created when that is over`, true, 409)
    : undefined;
}
