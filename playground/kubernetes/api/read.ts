import type { Cluster } from "../cluster.ts";
import { apiVersionOf, type Kind } from "../kinds.ts";
import type { KubeObject } from "../object.ts";
import { fieldSelector, labelSelector, type Selects } from "../selectors.ts";
import { badRequest, notFound } from "../status.ts";
import type { ApiAnswer, Target } from "./request.ts";

export function existing(cluster: Cluster, { kind, namespace, name }: Target): KubeObject {
  const object = cluster.objects.get(kind, namespace, name ?? "");
  if (!object) throw notFound(kind, name ?? "");
  return object;
}

export function selection(kind: Kind, query: URLSearchParams): Selects {
  const label = labelSelector(query.get("labelSelector") ?? "");
  const field = fieldSelector(kind.kind, query.get("fieldSelector") ?? "");
  return (object) => label(object) && field(object);
}

/** A list has its items without apiVersion and kind, and comes in pages where `limit` says so. */
export function list(cluster: Cluster, target: Target, query: URLSearchParams): ApiAnswer {
  const { kind, namespace } = target;
  const all = cluster.objects.list(kind, namespace).filter(selection(kind, query));
  const limit = Number(query.get("limit") ?? 0);
  const from = offsetOf(query.get("continue"));
  const page = limit > 0 ? all.slice(from, from + limit) : all.slice(from);
  const left = all.length - from - page.length;
  const more = left > 0 ? { continue: tokenOf(from + page.length), remainingItemCount: left } : {};
  return {
    status: 200,
    body: {
      kind: `${kind.kind}List`,
      apiVersion: apiVersionOf(kind),
      metadata: { resourceVersion: cluster.objects.version(), ...more },
      items: page.map(({ apiVersion: _, kind: __, ...item }) => item),
    },
  };
}

const tokenOf = (offset: number) =>
  Buffer.from(JSON.stringify({ v: "meta.k8s.io/v1", offset })).toString("base64");

function offsetOf(token: string | null): number {
  if (!token) return 0;
  try {
    return (JSON.parse(Buffer.from(token, "base64").toString()) as { offset: number }).offset;
  } catch {
    throw badRequest("continue key is not valid: invalid character");
  }
}

/** The log of one container [Kubernetes API reference, "read log of the specified Pod"]. */
export function log(cluster: Cluster, target: Target, query: URLSearchParams): ApiAnswer {
  const pod = existing(cluster, target);
  const run = cluster.pods.get(pod.metadata.uid);
  const names = run?.containers.map((one) => one.name) ?? [];
  const asked = query.get("container");
  if (!asked && names.length > 1) {
    const choices = `choose one of: [${names.join(" ")}]`;
    throw badRequest(`a container name must be specified for pod ${target.name}, ${choices}`);
  }
  const container = run?.containers.find((one) => one.name === (asked ?? names[0]));
  if (run && !container) throw badRequest(`container ${asked} is not valid for pod ${target.name}`);
  // What ran before the stand-in was started wrote nothing that it knows of.
  if (!container) return { status: 200, text: "" };
  if (container.log.lines.length === 0 && container.state === "waiting") {
    const why = container.reason ?? "ContainerCreating";
    throw badRequest(`container "${container.name}" in pod "${target.name}" is waiting to start: ${why}`);
  }
  const text = container.log.lines.map((line) => `${line}\n`).join("");
  const limit = Number(query.get("limitBytes") ?? 0);
  return { status: 200, text: limit > 0 ? Buffer.from(text).subarray(0, limit).toString() : text };
}
