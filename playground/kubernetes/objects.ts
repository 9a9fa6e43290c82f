import { apiVersionOf, type Kind, kindNamed } from "./kinds.ts";
import type { KubeObject } from "./object.ts";

export type Change = {
  type: "ADDED" | "MODIFIED" | "DELETED";
  kind: Kind;
  object: KubeObject;
  /** As it was before. */
  before?: KubeObject;
};
/** What a cluster keeps: etcd, as far as clients notice. */
export type Objects = {
  get(kind: Kind, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Those of a namespace, or of all; by namespace and name. */
  list(kind: Kind, namespace?: string): KubeObject[];
  /** Everything that lies in a namespace. */
  within(namespace: string): KubeObject[];
  everything(): KubeObject[];
  /** Creates or replaces; the stored object has a new resource version. */
  put(object: KubeObject): KubeObject;
  drop(object: KubeObject): void;
  version(): string;
  listen(listener: (change: Change) => void): () => void;
};

export function objectStore(): Objects {
  const objects = new Map<string, KubeObject>();
  const listeners = new Set<(change: Change) => void>();
  let version = 1000;
  const keyOf = (kind: Kind, namespace: string | undefined, name: string) =>
    `${kind.group}/${kind.plural}/${kind.namespaced ? (namespace ?? "") : ""}/${name}`;
  const tell = (change: Change) => {
    for (const listener of [...listeners]) listener(change);
  };
  const sorted = (all: KubeObject[]) =>
    all.sort((a, b) => {
      const left = `${a.metadata.namespace ?? ""}/${a.metadata.name}`;
      const right = `${b.metadata.namespace ?? ""}/${b.metadata.name}`;
      return left < right ? -1 : left > right ? 1 : 0;
    });
  return {
    get: (kind, namespace, name) => objects.get(keyOf(kind, namespace, name)),
    list: (kind, namespace) =>
      sorted(
        [...objects.values()].filter(
          (one) =>
            one.kind === kind.kind &&
            one.apiVersion === apiVersionOf(kind) &&
            (namespace === undefined || one.metadata.namespace === namespace),
        ),
      ),
    within: (namespace) => [...objects.values()].filter((one) => one.metadata.namespace === namespace),
    everything: () => [...objects.values()],
    put(object) {
      const kind = kindOf(object);
      const key = keyOf(kind, object.metadata.namespace, object.metadata.name);
      const before = objects.get(key);
      const stored = structuredClone(object);
      stored.metadata.resourceVersion = String(++version);
      objects.set(key, stored);
      tell({ type: before ? "MODIFIED" : "ADDED", kind, object: stored, before });
      return stored;
    },
    drop(object) {
      const kind = kindOf(object);
      const key = keyOf(kind, object.metadata.namespace, object.metadata.name);
      const before = objects.get(key);
      if (!before || before.metadata.uid !== object.metadata.uid) return;
      objects.delete(key);
      const last = structuredClone(before);
      last.metadata.resourceVersion = String(++version);
      tell({ type: "DELETED", kind, object: last, before });
    },
    version: () => String(version),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The kind of an object that is in the store; throws for one that cannot be. */
export function kindOf(object: Pick<KubeObject, "apiVersion" | "kind">): Kind {
  const kind = kindNamed(object.apiVersion, object.kind);
  if (!kind) throw new Error(`no kind ${object.apiVersion} ${object.kind}`);
  return kind;
}
