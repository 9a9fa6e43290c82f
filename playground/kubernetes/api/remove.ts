import type { Cluster } from "../cluster.ts";
import type { Kind } from "../kinds.ts";
import { at, isRecord, type Json, type KubeObject, kubeTime } from "../object.ts";
import { badRequest, conflict, success } from "../status.ts";
import { existing } from "./read.ts";
import { type ApiAnswer, type ApiRequest, isDryRun, type Target } from "./request.ts";

type Options = { grace?: number; uid?: string; version?: string; dry: boolean };

/** These answer with the object that was deleted, all others with a Status. */
const returned = ["Pod", "Service", "ServiceAccount", "Namespace"];

/** DELETE of one object. */
export function remove(cluster: Cluster, target: Target, request: ApiRequest): ApiAnswer {
  const options = optionsOf(request);
  const live = existing(cluster, target);
  meets(target.kind, live, options);
  const left = options.dry ? live : begin(cluster, live, options);
  if (left || returned.includes(target.kind.kind)) return { status: 200, body: left ?? live };
  return { status: 200, body: success(target.kind, live.metadata.name, live.metadata.uid) };
}

/**
 * Begins to delete: at once where nothing holds the object, else marked and left to whoever holds it (the kubelet a
 * pod, the namespace controller a namespace, a finalizer anything). Answers what is still there.
 */
export function begin(cluster: Cluster, live: KubeObject, options: Partial<Options>): KubeObject | undefined {
  const { metadata } = live;
  const scheduled = live.kind === "Pod" && live.spec?.nodeName !== undefined;
  const usual = Number(live.spec?.terminationGracePeriodSeconds ?? 30);
  const grace = scheduled ? (options.grace ?? usual) : 0;
  const held = grace > 0 || metadata.finalizers?.length || live.kind === "Namespace";
  if (!held) return void cluster.objects.drop(live);
  if (metadata.deletionTimestamp && grace >= (metadata.deletionGracePeriodSeconds ?? 0)) return live;
  const when = new Date(cluster.now().getTime() + grace * 1000);
  const marked = { deletionTimestamp: kubeTime(when), deletionGracePeriodSeconds: grace };
  return cluster.objects.put({
    ...live,
    metadata: { ...metadata, ...marked },
    ...(live.kind === "Namespace" ? { status: { ...live.status, phase: "Terminating" } } : {}),
  });
}

function meets(kind: Kind, live: KubeObject, { uid, version }: Options) {
  const { name } = live.metadata;
  if (uid && uid !== live.metadata.uid)
    throw conflict(
      kind,
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${live.metadata.uid}`,
    );
  if (version && version !== live.metadata.resourceVersion)
    throw conflict(
      kind,
      name,
      `Precondition failed: ResourceVersion in precondition: ${version}, ResourceVersion in object meta: ${live.metadata.resourceVersion}`,
    );
}

function optionsOf({ body, query }: ApiRequest): Options {
  let given: Json = {};
  if (body.trim() !== "")
    try {
      const parsed: unknown = JSON.parse(body);
      if (isRecord(parsed)) given = parsed;
    } catch {
      throw badRequest("couldn't get version/kind; json parse error");
    }
  const wanted = at(given, "preconditions");
  const grace = given.gracePeriodSeconds ?? query.get("gracePeriodSeconds") ?? undefined;
  const dry = Array.isArray(given.dryRun) && given.dryRun.includes("All");
  return {
    grace: grace === undefined ? undefined : Number(grace),
    uid: wanted.uid as string | undefined,
    version: wanted.resourceVersion as string | undefined,
    dry: dry || isDryRun(query),
  };
}
