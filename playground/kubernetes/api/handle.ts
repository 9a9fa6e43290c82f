import { bounded } from "../bounds.ts";
import type { Cluster } from "../cluster.ts";
import { qualified } from "../kinds.ts";
import type { Attributes } from "../rights.ts";
import { badRequest, failed, isRefusal, methodNotAllowed, refuse, unknownResource } from "../status.ts";
import { discover } from "./discovery.ts";
import { existing, list, log } from "./read.ts";
import { remove } from "./remove.ts";
import { type ApiAnswer, type ApiRequest, isDryRun, type Target, targetOf, verbOf } from "./request.ts";
import { review } from "./review.ts";
import { create, patch } from "./write.ts";

/** Answers one request of a known user: discovery, rights, and the verb. Refusals become their Status. */
export function handle(cluster: Cluster, request: ApiRequest): ApiAnswer {
  try {
    const version = String(cluster.resource.properties.kubernetesVersion ?? "1.33.0");
    return discover(request.path, version, "10.0.0.1:443") ?? answer(cluster, request);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return { status: error.refusal.code ?? 500, body: error.refusal };
  }
}

function answer(cluster: Cluster, request: ApiRequest): ApiAnswer {
  const target = targetOf(request.path);
  const verb = verbOf(request.method, target);
  if (!verb) throw methodNotAllowed();
  authorize(cluster, request, target, verb);
  bounded(cluster.bound, request.user, target, verb, isDryRun(request.query));
  const { kind, name, subresource } = target;
  if (kind.kind === "SelfSubjectAccessReview") {
    if (verb !== "create") throw methodNotAllowed();
    return review(cluster, request);
  }
  if (subresource === "log" && kind.kind === "Pod" && verb === "get")
    return log(cluster, target, request.query);
  if (subresource === "exec" && kind.kind === "Pod") throw badRequest("Upgrade request required");
  if (subresource) throw unknownResource();
  switch (verb) {
    case "get":
      return { status: 200, body: existing(cluster, target) };
    case "list":
      return list(cluster, target, request.query);
    case "create":
      if (name || (kind.namespaced && !target.namespace)) throw methodNotAllowed();
      return create(cluster, target, request);
    case "patch":
      if (!name) throw methodNotAllowed();
      if (!cluster.objects.get(kind, target.namespace, name)) authorize(cluster, request, target, "create");
      return patch(cluster, target, request);
    default:
      return remove(cluster, target, request);
  }
}

/** Refuses with 403 in the words of the API server what the user has no right to. */
export function authorize(cluster: Cluster, { user }: ApiRequest, target: Target, verb: string) {
  const { kind, namespace, name, subresource } = target;
  const resource = [kind.plural, subresource].filter(Boolean).join("/");
  // A namespace itself is asked for in itself.
  const place = kind.kind === "Namespace" ? name : namespace;
  const wanted: Attributes = { verb, group: kind.group, resource, namespace: place, name };
  const { allowed, reason } = cluster.rights.may(user, wanted);
  if (allowed) return;
  const where = namespace ? `in the namespace "${namespace}"` : "at the cluster scope";
  const what = name ? `${qualified(kind)} "${name}" is` : `${qualified(kind)} is`;
  const said = `${what} forbidden: User "${user.name}" cannot ${verb} resource "${resource}" in API group "${kind.group}" ${where}`;
  throw refuse(
    failed(403, "Forbidden", reason ? `${said}: ${reason}` : said, {
      ...(name ? { name } : {}),
      ...(kind.group ? { group: kind.group } : {}),
      kind: kind.plural,
    }),
  );
}
