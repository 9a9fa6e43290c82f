import { UpstreamError } from "../../errors.ts";
import { listed } from "../../text/listed.ts";
import { deletableKinds } from "../connection/discovery.ts";
import { trouble } from "../connection/refusal.ts";
import type { Transport } from "../connection/transport.ts";
import { listEach } from "./list.ts";
import { seen } from "./ownership.ts";
import { at, capped, items, text } from "./read.ts";
import { groupOf, pathOf, type Resource } from "./resources.ts";

/**
 * What is put into every namespace by itself, and into the next one again [Kubernetes, service account controller and
 * root-ca-cert-publisher; Istio, istio-ca-root-cert]. Control planes keep their leases in namespaces of their own.
 */
const everywhere = new Set([
  "v1 ServiceAccount default",
  "v1 ConfigMap kube-root-ca.crt",
  "v1 ConfigMap istio-ca-root-cert",
]);
const pageSize = 100;
const mostNamed = 5;

type Item = { name: string; kind: string; apiVersion: string; object: unknown };
type Whose = "ours" | "foreign" | "ending";

/**
 * Whether a namespace may be deleted: nothing is in it but what the run made, for every kind that the server has.
 * @returns false where something is left that the cluster's garbage collector is about to remove
 * @throws UpstreamError code `NotEmpty` where others have something in it, or it is not known whether they do
 */
export async function holdsOnlyOurs(namespace: string, run: string, transport: Transport): Promise<boolean> {
  const { kinds, contents, unread } = await contentsOf(namespace, transport);
  const whose = judge(contents, kinds, run);
  const foreign = contents
    .filter((item) => whose(item) === "foreign")
    .map(({ kind, name }) => `${kind} ${name}`);
  if (foreign.length > 0)
    throw kept(namespace, `it holds what is not this run's: ${listed(foreign, mostNamed)}`);
  const [first] = unread;
  if (first) {
    const kinds = unread.map(({ kind }) => kind);
    const names = listed(kinds, mostNamed);
    throw kept(namespace, `it is not known whether others use it: ${names} not read (${first.why})`);
  }
  return contents.every((item) => whose(item) === "ours");
}

async function contentsOf(namespace: string, transport: Transport) {
  const kinds = await kindsOf(namespace, transport);
  const lists = await listEach(
    transport,
    // Names and owners are enough: the contents of secrets are not asked for.
    kinds.map((one) => ({ path: pathOf(one, namespace), size: pageSize, partial: true })),
  );
  const contents: Item[] = [];
  const unread: { kind: string; why: string }[] = [];
  for (const [index, { apiVersion, kind, name }] of kinds.entries()) {
    const listed = lists[index];
    if (listed?.error && mayPass(listed.error)) throw listed.error;
    if (listed?.error) unread.push({ kind: name, why: capped(listed.error.message, 300) });
    for (const object of listed?.listed ?? []) {
      const item = { name: text(object, ["metadata", "name"], 80), kind, apiVersion, object };
      if (!everywhere.has(`${apiVersion} ${kind} ${item.name}`)) contents.push(item);
    }
  }
  return { kinds, contents, unread };
}

async function kindsOf(namespace: string, transport: Transport): Promise<Resource[]> {
  try {
    return await deletableKinds(transport);
  } catch (error) {
    if (!(error instanceof UpstreamError) || mayPass(error) || error.code === "CommandRuns") throw error;
    throw kept(namespace, `it is not known which kinds of objects the cluster has (${error.message})`);
  }
}

/** No answer at all, or one that says when to retry. An aggregated API that is down (503) stays so, often for days. */
function mayPass({ status, retryable }: UpstreamError): boolean {
  return retryable && [0, 401, 408, 410, 429].includes(status);
}

/** An object is the run's by its label, or by its owners in the same namespace [Kubernetes, garbage collection]. */
function judge(contents: readonly Item[], kinds: readonly Resource[], run: string): (item: Item) => Whose {
  const byUid = new Map(contents.map((item) => [text(item.object, ["metadata", "uid"], 100), item]));
  const known = new Map<Item, Whose>();
  const whose = (item: Item): Whose => {
    const before = known.get(item);
    if (before) return before;
    // Owners that own each other belong to no run.
    known.set(item, "foreign");
    const state = seen(item.object);
    const verdict = state.ours && state.run === run ? "ours" : byOwners(item);
    known.set(item, verdict);
    return verdict;
  };
  const byOwners = ({ object }: Item): Whose => {
    const owners = items(object, "metadata", "ownerReferences");
    if (owners.length === 0 || seen(object).ours) return "foreign";
    const all = owners.map((owner): Whose => {
      const there = byUid.get(text(owner, ["uid"], 100));
      if (there) return whose(there);
      return isNamespaced(owner) ? "ending" : "foreign";
    });
    if (all.includes("foreign")) return "foreign";
    return all.includes("ours") ? "ours" : "ending";
  };
  const isNamespaced = (owner: unknown) =>
    kinds.some(
      ({ apiVersion, kind }) =>
        kind === at(owner, "kind") && groupOf(apiVersion) === groupOf(text(owner, ["apiVersion"])),
    );
  return whose;
}

function kept(namespace: string, why: string): UpstreamError {
  return trouble("NotEmpty", `Namespace ${namespace} is not deleted: ${why}`, false, 409);
}
