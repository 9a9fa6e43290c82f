/** One kind of object that the API serves. */
export type Kind = {
  group: string;
  version: string;
  kind: string;
  plural: string;
  namespaced: boolean;
  short: readonly string[];
  verbs: readonly string[];
};

const every = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"] as const;

function kind(
  apiVersion: string,
  name: string,
  plural: string,
  namespaced = true,
  short: string[] = [],
): Kind {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["", apiVersion];
  return { group: group!, version: version!, kind: name, plural, namespaced, short, verbs: every };
}

const review = (name: string, plural: string): Kind => ({
  ...kind("authorization.k8s.io/v1", name, plural, false),
  verbs: ["create"],
});

/** [Kubernetes API reference 1.33]; constraint templates are those of Gatekeeper, which the policy add-on brings. */
export const kinds: readonly Kind[] = [
  kind("v1", "ConfigMap", "configmaps", true, ["cm"]),
  kind("v1", "Event", "events", true, ["ev"]),
  kind("v1", "Namespace", "namespaces", false, ["ns"]),
  kind("v1", "LimitRange", "limitranges", true, ["limits"]),
  kind("v1", "Node", "nodes", false, ["no"]),
  kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims", true, ["pvc"]),
  kind("v1", "Pod", "pods", true, ["po"]),
  kind("v1", "ResourceQuota", "resourcequotas", true, ["quota"]),
  kind("v1", "Secret", "secrets"),
  kind("v1", "Service", "services", true, ["svc"]),
  kind("v1", "ServiceAccount", "serviceaccounts", true, ["sa"]),
  kind("apps/v1", "DaemonSet", "daemonsets", true, ["ds"]),
  kind("apps/v1", "Deployment", "deployments", true, ["deploy"]),
  kind("apps/v1", "ReplicaSet", "replicasets", true, ["rs"]),
  kind("apps/v1", "StatefulSet", "statefulsets", true, ["sts"]),
  kind("batch/v1", "CronJob", "cronjobs", true, ["cj"]),
  kind("batch/v1", "Job", "jobs"),
  kind("coordination.k8s.io/v1", "Lease", "leases"),
  kind("events.k8s.io/v1", "Event", "events", true, ["ev"]),
  review("SelfSubjectAccessReview", "selfsubjectaccessreviews"),
  kind("networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true, ["netpol"]),
  kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false),
  kind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false),
  kind("rbac.authorization.k8s.io/v1", "Role", "roles"),
  kind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
  kind("templates.gatekeeper.sh/v1", "ConstraintTemplate", "constrainttemplates", false),
];

export const apiVersionOf = ({ group, version }: Kind) => (group ? `${group}/${version}` : version);

export const kindNamed = (apiVersion: string, name: string) =>
  kinds.find((one) => one.kind === name && apiVersionOf(one) === apiVersion);

export const kindAt = (group: string, version: string, plural: string) =>
  kinds.find((one) => one.group === group && one.version === version && one.plural === plural);

/** A kind of the table by its plural; for the stand-in's own use. */
export function plural(name: string): Kind {
  const match = kinds.find((one) => one.plural === name);
  if (!match) throw new Error(`no such kind: ${name}`);
  return match;
}

/** `deployments.apps`: a resource with its group, as messages name it. */
export const qualified = ({ plural: name, group }: Kind) => (group ? `${name}.${group}` : name);
