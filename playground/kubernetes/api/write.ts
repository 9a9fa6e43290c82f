import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { admit } from "../admission.ts";
import type { Cluster } from "../cluster.ts";
import { withDefaults } from "../defaults.ts";
import { jsonPatch } from "../fields/json-patch.ts";
import { applied, type Manager, updated } from "../fields/managers.ts";
import { merge, mergePatch } from "../fields/merge.ts";
import { apiVersionOf, type Kind, plural } from "../kinds.ts";
import { at, isRecord, type Json, type KubeObject, kubeTime } from "../object.ts";
import { unknownFields } from "../schema.ts";
import {
  alreadyExists,
  badRequest,
  conflict,
  failed,
  forbidden,
  invalid,
  notFound,
  refuse,
} from "../status.ts";
import { validate } from "../validate.ts";
import { immutable } from "./immutable.ts";
import { found } from "./read.ts";
import { type ApiAnswer, type ApiRequest, isDryRun, type Target } from "./request.ts";

/** POST. */
export function create(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const given = strict(bodyOf(request), request);
  agrees(target, given);
  const made = prepared(cluster, target, given as KubeObject);
  if (cluster.objects.get(target.kind, target.namespace, made.metadata.name))
    throw alreadyExists(target.kind, made.metadata.name);
  return stored(cluster, request, updated(undefined, made, managerOf(request, cluster)), 201);
}

/** PUT. */
export function replace(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const live = found(cluster, target);
  const given = strict(bodyOf(request), request);
  agrees(target, given);
  return change(cluster, target, request, live, given as KubeObject);
}

/** PATCH in its four forms. Server-side apply creates what is not there. */
export function patch(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const form = request.contentType.split(";")[0]!.trim();
  if (form === "application/apply-patch+yaml") return apply(cluster, target, request);
  const live = found(cluster, target);
  const given: unknown = parseJson(request.body);
  if (form === "application/json-patch+json")
    return change(cluster, target, request, live, jsonPatch(live, given) as KubeObject);
  if (form === "application/merge-patch+json")
    return change(cluster, target, request, live, mergePatch(live, given) as KubeObject);
  if (form === "application/strategic-merge-patch+json")
    return change(cluster, target, request, live, merge(live, given, "", true) as KubeObject);
  const supported =
    "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml, application/strategic-merge-patch+json";
  throw refuse(
    failed(
      415,
      "UnsupportedMediaType",
      `the body of the request was in an unknown format - accepted media types include: ${supported}`,
      {},
    ),
  );
}

function apply(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
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
  return change(cluster, target, request, live, next, true);
}

/** A new object, complete: its place, identity, defaults, validity and admission. */
function prepared(cluster: Cluster, target: Target, given: KubeObject): KubeObject {
  const { metadata } = given;
  const name =
    target.name ??
    metadata.name ??
    (metadata.generateName ? `${metadata.generateName}${randomUUID().slice(0, 5)}` : "");
  const now = kubeTime(cluster.now());
  const { resourceVersion: _, deletionTimestamp: __, ...meta } = metadata;
  const identity = { name, uid: randomUUID(), resourceVersion: "", creationTimestamp: now };
  const place = target.kind.namespaced ? { namespace: target.namespace } : {};
  const made = {
    ...given,
    metadata: { ...meta, ...place, ...identity, ...(given.spec ? { generation: 1 } : {}) },
  };
  delete (made as Json).status;
  if (target.kind.namespaced) livingNamespace(cluster, target.kind, target.namespace ?? "", name);
  const filled = withDefaults(
    made,
    () => `10.0.${Math.floor(Math.random() * 250)}.${1 + Math.floor(Math.random() * 250)}`,
  );
  validate(target.kind, filled);
  if (target.kind.kind === "Pod") knownAccount(cluster, filled);
  admit(cluster.policies, filled);
  return filled;
}

function livingNamespace(cluster: Cluster, kind: Kind, namespace: string, name: string) {
  const space = cluster.objects.get(plural("namespaces"), undefined, namespace);
  if (!space) throw notFound(plural("namespaces"), namespace);
  if (space.metadata.deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(kind, name, why, [
    {
      reason: "NamespaceTerminating",
      message: `namespace ${namespace} is being terminated`,
      field: "metadata.namespace",
    },
  ]);
}

function knownAccount(cluster: Cluster, { metadata, spec }: KubeObject) {
  const account = String(spec?.serviceAccountName ?? "default");
  if (cluster.objects.get(plural("serviceaccounts"), metadata.namespace, account)) return;
  const why = `error looking up service account ${metadata.namespace}/${account}: serviceaccount "${account}" not found`;
  throw forbidden(plural("pods"), metadata.name, why);
}

function change(
  cluster: Cluster,
  { kind, subresource }: Target,
  request: ApiRequest,
  live: KubeObject,
  next: KubeObject,
  byApply = false,
): ApiAnswer {
  const { name } = live.metadata;
  const asked = next.metadata?.resourceVersion;
  if (asked && asked !== live.metadata.resourceVersion)
    throw conflict(
      kind,
      name,
      "the object has been modified; please apply your changes to the latest version and try again",
    );
  const only = subresource === "status" ? { ...live, status: next.status } : { ...next, status: live.status };
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, generation } = live.metadata;
  const kept = {
    name,
    namespace: live.metadata.namespace,
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    generation,
  };
  const whole = {
    ...only,
    apiVersion: live.apiVersion,
    kind: live.kind,
    metadata: { ...only.metadata, ...dropUndefined(kept) },
  };
  const filled = withDefaults(whole as KubeObject, () => String(live.spec?.clusterIP ?? "None"));
  if (subresource !== "status") {
    immutable(kind, live, filled);
    validate(kind, filled);
    admit(cluster.policies, filled);
  }
  const managed = byApply ? filled : updated(live, filled, managerOf(request, cluster));
  if (isDeepStrictEqual(unmanaged(managed), unmanaged(live)) && sameOwners(managed, live))
    return { status: 200, body: live };
  if (!isDeepStrictEqual(managed.spec, live.spec) && generation !== undefined)
    managed.metadata.generation = generation + 1;
  return stored(cluster, request, managed, 200);
}

const dropUndefined = (record: Json) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));

function unmanaged(object: KubeObject) {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const sameOwners = (a: KubeObject, b: KubeObject) => {
  const owners = (one: KubeObject) => (one.metadata.managedFields ?? []).map(({ time: _, ...rest }) => rest);
  return isDeepStrictEqual(owners(a), owners(b));
};

function stored(cluster: Cluster, { query }: ApiRequest, object: KubeObject, status: number): ApiAnswer {
  if (isDryRun(query)) return { status, body: object };
  const kept = cluster.objects.put(object);
  // What was marked as deleted goes when nothing holds it any longer.
  const over =
    kept.metadata.deletionTimestamp &&
    !kept.metadata.finalizers?.length &&
    kept.kind !== "Pod" &&
    kept.kind !== "Namespace";
  if (over) cluster.objects.drop(kept);
  return { status, body: kept };
}

function managerOf({ query, agent }: ApiRequest, cluster: Cluster): Manager {
  const name = query.get("fieldManager") || agent.split("/")[0] || "unknown";
  return { name, force: query.get("force") === "true", now: cluster.now() };
}

function agrees({ kind, namespace, name }: Target, given: Json) {
  const version = apiVersionOf(kind);
  if (given.kind !== kind.kind || given.apiVersion !== version)
    throw badRequest(
      `${String(given.kind)} in version "${String(given.apiVersion)}" cannot be handled as a ${kind.kind}: no kind "${String(given.kind)}" is registered for version "${String(given.apiVersion)}"`,
    );
  const meta = at(given, "metadata");
  if (namespace !== undefined && meta.namespace !== undefined && meta.namespace !== namespace)
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  if (name !== undefined && meta.name !== name)
    throw badRequest(
      `the name of the object (${String(meta.name ?? "")}) does not match the name on the URL (${name})`,
    );
}

const bodyOf = ({ body, contentType }: ApiRequest): Json =>
  contentType.includes("yaml") ? yamlOf(body) : recordOf(parseJson(body));

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRequest(`error decoding: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function yamlOf(text: string): Json {
  try {
    return recordOf(parse(text) as unknown);
  } catch (error) {
    throw badRequest(`error decoding YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function recordOf(value: unknown): Json {
  if (isRecord(value) && isRecord(value.metadata)) return value;
  throw badRequest("Object 'Kind' is missing or the object has no metadata");
}

/** `fieldValidation=Strict` refuses unknown fields; otherwise they are dropped. */
function strict(given: Json, { query }: ApiRequest): Json {
  const unknown = unknownFields(given);
  if (unknown.length === 0 || query.get("fieldValidation") !== "Strict") return given;
  const said = unknown.map((path) => `unknown field "${path}"`).join(", ");
  throw badRequest(
    `${String(given.kind)} in version "${String(given.apiVersion)}" cannot be handled as a ${String(given.kind)}: strict decoding error: ${said}`,
  );
}
