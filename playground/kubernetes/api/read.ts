import type { Cluster } from "../cluster.ts";
import { apiVersionOf, type Kind } from "../kinds.ts";
import type { KubeObject } from "../object.ts";
import type { Change } from "../objects.ts";
import { fieldSelector, labelSelector, type Selects } from "../selectors.ts";
import { badRequest, failed, notFound } from "../status.ts";
import type { ApiAnswer, Sink, Target } from "./request.ts";

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

/** Events of a kind as they happen, one JSON a line; from a version that is no longer kept an ERROR with 410. */
export function watch(cluster: Cluster, target: Target, query: URLSearchParams): ApiAnswer {
  const selects = selection(target.kind, query);
  const asked = query.get("resourceVersion") ?? "";
  const seconds = Number(query.get("timeoutSeconds") ?? 0);
  const bookmarks = query.get("allowWatchBookmarks") === "true";
  const here = (object: KubeObject) =>
    target.namespace === undefined || object.metadata.namespace === target.namespace;
  const stream = (out: Sink) => {
    const say = (type: string, object: unknown) => out.write(`${JSON.stringify({ type, object })}\n`);
    const tell = ({ kind, object, before, type }: Change) => {
      if (kind !== target.kind || !here(object)) return;
      const is = type !== "DELETED" && selects(object);
      const was = before !== undefined && selects(before);
      if (is || was) say(is ? (was ? "MODIFIED" : "ADDED") : "DELETED", object);
    };
    const since = /^0?$/.test(asked) ? [] : cluster.objects.since(Number(asked));
    if (since === undefined) {
      const message = `too old resource version: ${asked} (${cluster.objects.version()})`;
      say("ERROR", failed(410, "Expired", message));
      return out.end();
    }
    if (/^0?$/.test(asked))
      for (const one of cluster.objects.list(target.kind, target.namespace).filter(selects))
        say("ADDED", one);
    for (const change of since) tell(change);
    const deaf = cluster.objects.listen(tell);
    const mark = () =>
      say("BOOKMARK", {
        kind: target.kind.kind,
        apiVersion: apiVersionOf(target.kind),
        metadata: { resourceVersion: cluster.objects.version() },
      });
    const ticking = bookmarks ? setInterval(mark, 1000).unref() : undefined;
    const ending = seconds > 0 ? setTimeout(() => out.end(), seconds * 1000).unref() : undefined;
    out.closed(() => {
      deaf();
      clearInterval(ticking);
      clearTimeout(ending);
    });
  };
  return { status: 200, kind: "watch", stream };
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
  return container.log.read(query, () => container.state === "terminated");
}
