import { at, isRecord, type Json, type KubeObject, listAt } from "./object.ts";

const tokenMount = "/var/run/secrets/kubernetes.io/serviceaccount";

/** What the API server fills in where it was not said [Kubernetes API reference, defaults]. */
export function withDefaults(object: KubeObject, next: (what: string) => string): KubeObject {
  const made = structuredClone(object);
  if (made.kind === "Pod") made.spec = podDefaults(made.spec ?? {}, true);
  if (made.kind === "Pod") made.status ??= { phase: "Pending", qosClass: qualityOf(made) };
  if (made.kind === "Namespace") {
    made.spec = { finalizers: ["kubernetes"], ...made.spec };
    made.status ??= { phase: "Active" };
    made.metadata.labels = { ...made.metadata.labels, "kubernetes.io/metadata.name": made.metadata.name };
  }
  if (made.kind === "Service") made.spec = serviceDefaults(made.spec ?? {}, next);
  if (made.kind === "Deployment" || made.kind === "DaemonSet" || made.kind === "ReplicaSet") {
    const template = at(made.spec, "template");
    const filled = { ...template, spec: podDefaults(at(template, "spec"), false) };
    made.spec = { ...(made.kind === "DaemonSet" ? {} : { replicas: 1 }), ...made.spec, template: filled };
    made.status ??= {};
  }
  return made;
}

function podDefaults(given: Json, real: boolean): Json {
  const token = real && given.automountServiceAccountToken !== false;
  const spec: Json = {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    securityContext: {},
    ...(real ? { serviceAccountName: "default", enableServiceLinks: true, priority: 0 } : {}),
    ...given,
  };
  if (real) spec.serviceAccount = spec.serviceAccountName;
  if (token && !listAt(spec, "volumes").some((one) => one.name === "kube-api-access"))
    spec.volumes = [...listAt(spec, "volumes"), { name: "kube-api-access", projected: { defaultMode: 420 } }];
  for (const list of ["containers", "initContainers"])
    if (Array.isArray(spec[list])) spec[list] = listAt(spec, list).map((one) => container(one, token));
  return spec;
}

function container(given: Json, token: boolean): Json {
  const image = String(given.image ?? "");
  const latest = !/[:@][^/]*$/.test(image) || image.endsWith(":latest");
  const mounts = listAt(given, "volumeMounts");
  const mount = { name: "kube-api-access", readOnly: true, mountPath: tokenMount };
  const ports = listAt(given, "ports").map((port) => ({ protocol: "TCP", ...port }));
  return {
    imagePullPolicy: latest ? "Always" : "IfNotPresent",
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
    ...given,
    ...(ports.length > 0 ? { ports } : {}),
    ...(token && !mounts.some((one) => one.mountPath === tokenMount)
      ? { volumeMounts: [...mounts, mount] }
      : {}),
  };
}

function serviceDefaults(given: Json, next: (what: string) => string): Json {
  const type = given.type ?? "ClusterIP";
  const address = given.clusterIP ?? (type === "ExternalName" ? undefined : next("service"));
  return {
    type,
    sessionAffinity: "None",
    internalTrafficPolicy: "Cluster",
    ...given,
    ...(address ? { clusterIP: address, clusterIPs: [address] } : {}),
    ...(given.ports
      ? { ports: listAt(given, "ports").map((one) => ({ protocol: "TCP", targetPort: one.port, ...one })) }
      : {}),
  };
}

/** [Kubernetes documentation, "Pod Quality of Service Classes"] */
function qualityOf({ spec }: KubeObject): string {
  const all = listAt(spec, "containers").map((one) => at(one, "resources"));
  if (all.every((one) => Object.keys(one).length === 0)) return "BestEffort";
  const equal = all.every((one) => {
    const limits = at(one, "limits");
    const requests = isRecord(one.requests) ? one.requests : limits;
    return limits.cpu && limits.memory && limits.cpu === requests.cpu && limits.memory === requests.memory;
  });
  return equal ? "Guaranteed" : "Burstable";
}
