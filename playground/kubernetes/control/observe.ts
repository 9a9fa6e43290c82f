import type { Cluster } from "../cluster.ts";
import { at, type KubeObject, listAt } from "../object.ts";

const workloads = ["Deployment", "DaemonSet", "Pod"];

/** Tells Defender of workloads that come and go, and of privileged containers: it reads them in the audit log. */
export function observe(cluster: Cluster) {
  cluster.objects.listen(({ kind, object, type, before }) => {
    const { metadata } = object;
    if (!workloads.includes(kind.kind) || metadata.namespace === "kube-system") return;
    const changed =
      type === "ADDED" || (type === "MODIFIED" && before?.metadata.generation !== metadata.generation);
    const own = !metadata.ownerReferences?.length;
    if (own && type === "DELETED") cluster.happened({ kind: "workload-gone", object });
    else if (own && changed) cluster.happened({ kind: "workload", object });
    if (kind.kind !== "Pod" || type !== "ADDED") return;
    for (const container of privileged(object))
      cluster.happened({ kind: "privileged", pod: object, container: String(container.name) });
  });
}

const privileged = ({ spec }: KubeObject) =>
  listAt(spec, "containers").filter((one) => at(one, "securityContext").privileged === true);
