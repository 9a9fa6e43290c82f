import { isRecord, type Json } from "./object.ts";

/** Fields of the kinds that simulations use, as deep as unknown ones are looked for [Kubernetes API reference 1.33]. */
type Shape = { [field: string]: Shape | true };

const words = (text: string): Shape => Object.fromEntries(text.split(/\s+/).map((word) => [word, true]));

const metadata = words(
  "name generateName namespace uid resourceVersion generation creationTimestamp deletionTimestamp deletionGracePeriodSeconds labels annotations ownerReferences finalizers managedFields selfLink",
);
const container: Shape = {
  ...words(
    "name image command args workingDir envFrom resources resizePolicy restartPolicy volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath terminationMessagePolicy imagePullPolicy stdin stdinOnce tty",
  ),
  ports: words("name hostPort containerPort protocol hostIP"),
  env: words("name value valueFrom"),
  volumeMounts: words("name readOnly recursiveReadOnly mountPath subPath mountPropagation subPathExpr"),
  securityContext: words(
    "capabilities privileged seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot readOnlyRootFilesystem allowPrivilegeEscalation procMount seccompProfile appArmorProfile",
  ),
};
const podSpec: Shape = {
  ...words(
    "restartPolicy terminationGracePeriodSeconds activeDeadlineSeconds dnsPolicy nodeSelector serviceAccountName serviceAccount automountServiceAccountToken nodeName hostNetwork hostPID hostIPC shareProcessNamespace imagePullSecrets hostname subdomain affinity schedulerName tolerations hostAliases priorityClassName priority dnsConfig readinessGates runtimeClassName enableServiceLinks preemptionPolicy overhead topologySpreadConstraints setHostnameAsFQDN os hostUsers schedulingGates resourceClaims resources ephemeralContainers",
  ),
  volumes: words(
    "name hostPath emptyDir secret configMap projected persistentVolumeClaim downwardAPI csi nfs ephemeral image",
  ),
  containers: container,
  initContainers: container,
  securityContext: words(
    "seLinuxOptions windowsOptions runAsUser runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup sysctls fsGroupChangePolicy seccompProfile appArmorProfile seLinuxChangePolicy",
  ),
};
const template: Shape = { metadata, spec: podSpec };
const specs: Record<string, Shape> = {
  Pod: { spec: podSpec },
  Deployment: {
    spec: {
      ...words(
        "replicas selector strategy minReadySeconds revisionHistoryLimit paused progressDeadlineSeconds",
      ),
      template,
    },
  },
  DaemonSet: { spec: { ...words("selector updateStrategy minReadySeconds revisionHistoryLimit"), template } },
  Service: {
    spec: {
      ...words(
        "selector clusterIP clusterIPs type externalIPs sessionAffinity loadBalancerIP loadBalancerSourceRanges externalName externalTrafficPolicy healthCheckNodePort publishNotReadyAddresses sessionAffinityConfig ipFamilies ipFamilyPolicy allocateLoadBalancerNodePorts loadBalancerClass internalTrafficPolicy trafficDistribution",
      ),
      ports: words("name protocol appProtocol port targetPort nodePort"),
    },
  },
  ServiceAccount: words("secrets imagePullSecrets automountServiceAccountToken"),
  Namespace: { spec: words("finalizers") },
  ConfigMap: words("data binaryData immutable"),
};

/** Paths of fields that the schema does not have, for example `spec.containers[0].imagee`. */
export function unknownFields(object: Json): string[] {
  const shape = specs[String(object.kind)];
  if (!shape) return [];
  const whole: Shape = { apiVersion: true, kind: true, status: true, metadata, ...shape };
  return foreign(object, whole, "");
}

function foreign(value: unknown, shape: Shape, path: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => foreign(one, shape, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    const known = shape[field];
    const own = path ? `${path}.${field}` : field;
    if (known === undefined) return [own];
    return known === true ? [] : foreign(inner, known, own);
  });
}
