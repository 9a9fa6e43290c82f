import { randomUUID } from "node:crypto";
import type { Container } from "../../estate/contents.ts";
import type { Cluster } from "../cluster.ts";
import { newDisk } from "../node/disk.ts";
import { at, isRecord, type Json, type KubeObject, kubeTime, listAt } from "../object.ts";
import { welcome } from "./namespaces.ts";

type Wish = {
  apiVersion?: string;
  kind: string;
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
} & Json;

/** Puts an object there that was there before anybody looked. */
export function place(
  cluster: Cluster,
  { apiVersion = "v1", kind, name, namespace, labels, ...more }: Wish,
): KubeObject {
  const creationTimestamp = kubeTime(new Date(cluster.now().getTime() - 30 * 86_400_000));
  const meta = { name, uid: randomUUID(), resourceVersion: "", creationTimestamp };
  return cluster.objects.put({
    apiVersion,
    kind,
    metadata: { ...meta, ...(namespace ? { namespace } : {}), ...(labels ? { labels } : {}) },
    ...more,
  });
}

/** A pod that has been running for long. */
export function runningPod(
  cluster: Cluster,
  wish: {
    name: string;
    container?: string;
    namespace: string;
    node: string;
    image: string;
    labels: Record<string, string>;
    ready?: boolean;
  },
) {
  const { image, node, labels, ready = true } = wish;
  const name = wish.container ?? wish.name.replace(/-ds$/, "");
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? "True" : "False",
    lastTransitionTime: kubeTime(cluster.now()),
  });
  const reason = "CrashLoopBackOff";
  const state = ready ? { running: { startedAt: kubeTime(cluster.now()) } } : { waiting: { reason } };
  return place(cluster, {
    kind: "Pod",
    name: `${wish.name}-${randomUUID().slice(0, 5)}`,
    namespace: wish.namespace,
    labels,
    spec: {
      nodeName: node,
      serviceAccountName: "default",
      restartPolicy: "Always",
      containers: [{ name, image, resources: {} }],
    },
    status: {
      phase: "Running",
      conditions: [
        condition("PodScheduled", true),
        condition("Initialized", true),
        condition("Ready", ready),
        condition("ContainersReady", ready),
      ],
      containerStatuses: [
        {
          name,
          image,
          imageID: image,
          ready,
          started: ready,
          restartCount: ready ? 0 : 12,
          state,
          lastState: {},
        },
      ],
    },
  });
}

/** Nodes of the AKS resource's pools, the usual namespaces, what AKS itself runs, and the workloads. */
export function furnish(cluster: Cluster, containers: readonly Container[]) {
  for (const name of ["default", "kube-system", "kube-public", "kube-node-lease", "shop"])
    welcome(
      cluster,
      place(cluster, {
        kind: "Namespace",
        name,
        labels: { "kubernetes.io/metadata.name": name },
        spec: { finalizers: ["kubernetes"] },
        status: { phase: "Active" },
      }),
    );
  for (const pool of listAt(cluster.resource.properties, "agentPoolProfiles"))
    for (let index = 0; index < Number(pool.count ?? 1); index++) node(cluster, pool, index);
  const first = [...cluster.disks.keys()][0] ?? "";
  runningPod(cluster, {
    name: "coredns",
    namespace: "kube-system",
    node: first,
    image: "mcr.microsoft.com/oss/kubernetes/coredns:v1.12.1",
    labels: { "k8s-app": "kube-dns" },
  });
  for (const { namespace, workload, container, image: of } of containers)
    runningPod(cluster, {
      name: workload,
      container,
      namespace,
      node: first,
      image: `${String(of.registry.properties.loginServer)}/${of.repository}@${of.digest}`,
      labels: { "app.kubernetes.io/name": workload },
    });
  if (at(cluster.resource.properties, "addonProfiles", "azurepolicy").enabled === true)
    installPolicyAddon(cluster);
}

/** The pods of the Azure Policy add-on and the constraint templates that it brings. */
export function installPolicyAddon(cluster: Cluster) {
  const first = [...cluster.disks.keys()][0] ?? "";
  for (const name of ["azure-policy", "azure-policy-webhook"])
    runningPod(cluster, {
      name,
      namespace: "kube-system",
      node: first,
      image: `mcr.microsoft.com/azure-policy/${name}:prod`,
      labels: { app: name },
    });
  for (const name of ["k8sazurev2noprivilege", "k8sazurev3containerlimits", "k8sazurev3hostnetworkingports"])
    place(cluster, {
      apiVersion: "templates.gatekeeper.sh/v1",
      kind: "ConstraintTemplate",
      name,
      labels: { "managed-by": "azure-policy-addon" },
      spec: {},
    });
}

function node(cluster: Cluster, pool: Json, index: number) {
  const os = String(pool.osType ?? "Linux").toLowerCase();
  // A "p" after the number of cores means Ampere processors [Azure, names of virtual machine sizes].
  const arch = /^Standard_[A-Z]+\d+p/.test(String(pool.vmSize)) ? "arm64" : "amd64";
  const taints = ((pool.nodeTaints ?? []) as string[]).map((taint) => {
    const [about = "", effect] = taint.split(":");
    const [key, value] = about.split("=");
    return { key, value, effect };
  });
  const name =
    os === "windows"
      ? `aks${String(pool.name)}${String(index).padStart(6, "0")}`
      : `aks-${String(pool.name)}-31415926-vmss${String(index).padStart(6, "0")}`;
  place(cluster, {
    kind: "Node",
    name,
    labels: {
      agentpool: String(pool.name),
      "kubernetes.azure.com/agentpool": String(pool.name),
      "kubernetes.azure.com/mode": String(pool.mode ?? "User").toLowerCase(),
      "kubernetes.io/arch": arch,
      "kubernetes.io/hostname": name,
      "kubernetes.io/os": os,
      "node.kubernetes.io/instance-type": String(pool.vmSize ?? "Standard_D4s_v5"),
    },
    spec: {
      providerID: `azure://${cluster.resource.id}/virtualMachines/${index}`,
      ...(taints.length > 0 && { taints }),
    },
    status: {
      capacity: { cpu: "4", memory: "16373248Ki", pods: "110" },
      allocatable: { cpu: "3860m", memory: "12880384Ki", pods: "110" },
      addresses: [
        { type: "InternalIP", address: `10.224.0.${4 + index}` },
        { type: "Hostname", address: name },
      ],
      conditions: [
        {
          type: "Ready",
          status: "True",
          reason: "KubeletReady",
          lastTransitionTime: kubeTime(cluster.now()),
        },
      ],
      nodeInfo: {
        kubeletVersion: `v${String(cluster.resource.properties.kubernetesVersion)}`,
        operatingSystem: os,
        architecture: arch,
        osImage: os === "linux" ? "Ubuntu 22.04.5 LTS" : "Windows Server 2022 Datacenter",
        containerRuntimeVersion: "containerd://1.7.27-1",
      },
    },
  });
  if (isRecord(pool)) cluster.disks.set(name, newDisk({ "/etc/hostname": `${name}\n` }));
}
