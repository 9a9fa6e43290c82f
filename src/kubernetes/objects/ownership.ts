import { expiresAnnotation, managedByLabel, runLabel } from "../../domain/simulations/objects.ts";
import type { ObjectRef, ObjectState } from "../../ports/clusters.ts";
import { at, text } from "./read.ts";

/** What an object says of itself. */
export type Seen = ObjectState & { uid: string; expires?: string };

/** Whose an object is, from its own metadata. */
export function seen(object: unknown): Seen {
  const metadata = at(object, "metadata");
  return {
    ours: text(metadata, ["labels", managedByLabel]) === "breakwater",
    run: text(metadata, ["labels", runLabel], 63) || undefined,
    expires: text(metadata, ["annotations", expiresAnnotation], 50) || undefined,
    terminating: text(metadata, ["deletionTimestamp"], 50) !== "",
    uid: text(metadata, ["uid"], 100),
  };
}

/** `Pod breakwater-simulation/attacker`. */
export function nameOf({ kind, namespace, name }: Pick<ObjectRef, "kind" | "namespace" | "name">): string {
  return `${kind} ${namespace ? `${namespace}/` : ""}${name}`;
}
