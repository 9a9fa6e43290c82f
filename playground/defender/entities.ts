import { type KubeObject, listAt } from "../kubernetes/object.ts";

/** The entities of an alert about a container of a pod [Microsoft's alert schemas, entities reference]. */
export function podEntities(cluster: string, pod: KubeObject, container: string): unknown[] {
  const image = listAt(pod.spec, "containers").find((one) => one.name === container)?.image;
  const owner = pod.metadata.ownerReferences?.[0];
  return [
    {
      $id: "2",
      cloudResource: { $id: "1", resourceId: cluster, type: "azure-resource" },
      type: "K8s-cluster",
    },
    { $id: "3", name: pod.metadata.namespace, cluster: { $ref: "2" }, type: "K8s-namespace" },
    { $id: "4", name: pod.metadata.name, namespace: { $ref: "3" }, type: "K8s-pod" },
    { $id: "5", imageId: String(image ?? ""), type: "container-image" },
    { $id: "6", name: container, image: { $ref: "5" }, pod: { $ref: "4" }, type: "container" },
    ...(pod.spec?.nodeName ? [{ $id: "7", hostName: pod.spec.nodeName, type: "host" }] : []),
    ...(owner
      ? [{ $id: "8", name: owner.name, kind: owner.kind, namespace: { $ref: "3" }, type: "K8s-controller" }]
      : []),
  ];
}

export function nodeEntities(cluster: string, node: string, path: string): unknown[] {
  return [
    {
      $id: "2",
      cloudResource: { $id: "1", resourceId: cluster, type: "azure-resource" },
      type: "K8s-cluster",
    },
    { $id: "3", hostName: node, type: "host" },
    {
      $id: "4",
      name: path.split("/").at(-1),
      directory: path.split("/").slice(0, -1).join("/"),
      type: "file",
    },
  ];
}
