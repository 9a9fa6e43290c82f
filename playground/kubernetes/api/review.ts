import type { Cluster } from "../cluster.ts";
import { at, type Json } from "../object.ts";
import { badRequest } from "../status.ts";
import type { ApiAnswer, ApiRequest } from "./request.ts";

/** SelfSubjectAccessReview: answers truthfully, and is kept nowhere. */
export function review(cluster: Cluster, request: ApiRequest): ApiAnswer {
  let given: Json;
  try {
    given = JSON.parse(request.body) as Json;
  } catch {
    throw badRequest("couldn't get version/kind; json parse error");
  }
  const asked = at(given, "spec", "resourceAttributes");
  const word = (name: string) => String(asked[name] ?? "");
  const resource = [word("resource"), word("subresource")].filter(Boolean).join("/");
  const { allowed, reason } = cluster.rights.may(request.user, {
    verb: word("verb"),
    group: word("group"),
    resource,
    namespace: word("namespace") || undefined,
    name: word("name") || undefined,
  });
  return {
    status: 201,
    body: {
      kind: "SelfSubjectAccessReview",
      apiVersion: "authorization.k8s.io/v1",
      metadata: {},
      spec: given.spec,
      status: { allowed, ...(reason ? { reason } : {}) },
    },
  };
}
