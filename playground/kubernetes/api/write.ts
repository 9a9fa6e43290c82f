import type { Cluster } from "../cluster.ts";
import { applied, updated } from "../fields/managers.ts";
import { apiVersionOf } from "../kinds.ts";
import { at, type KubeObject } from "../object.ts";
import { unknownFields } from "../schema.ts";
import { alreadyExists, badRequest, failed, invalid, refuse } from "../status.ts";
import { agrees, bodyOf, strict, yamlOf } from "./body.ts";
import { change, managerOf, stored } from "./change.ts";
import { prepared } from "./prepare.ts";
import type { ApiAnswer, ApiRequest, Target } from "./request.ts";

/** POST. */
export function create(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const given = strict(bodyOf(request), request);
  agrees(target, given);
  const made = prepared(cluster, target, given as KubeObject);
  if (cluster.objects.get(target.kind, target.namespace, made.metadata.name))
    throw alreadyExists(target.kind, made.metadata.name);
  return stored(cluster, request, updated(undefined, made, managerOf(request, cluster)), 201);
}

/** PATCH by server-side apply, which creates what is not there. */
export function patch(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const manager = managerOf(request, cluster);
  if (!request.query.get("fieldManager"))
    throw invalid({ ...target.kind, kind: "PatchOptions", group: "meta.k8s.io" }, "", [
      {
        reason: "FieldValueRequired",
        field: "fieldManager",
        message: "Required value: is required for apply patch",
      },
    ]);
  const given = yamlOf(request.body);
  agrees(target, given);
  if (at(given, "metadata").managedFields) throw badRequest("metadata.managedFields must be nil");
  const [unknown] = unknownFields(given);
  if (unknown) {
    const said = `failed to create typed patch object (${target.namespace ?? ""}/${target.name}; ${apiVersionOf(target.kind)}, Kind=${target.kind.kind}): .${unknown}: field not declared in schema`;
    throw refuse(failed(500, "InternalError", said, {}));
  }
  const live = cluster.objects.get(target.kind, target.namespace, target.name!);
  const next = applied(target.kind, live, given, manager);
  if (!live) return stored(cluster, request, prepared(cluster, target, next), 201);
  return change(cluster, target, request, live, next);
}
