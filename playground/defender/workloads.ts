import type { Estate } from "../estate/estate.ts";
import { azureTime } from "../estate/identifiers.ts";
import type { Behaviour } from "../kubernetes/behaviour.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { at, type Json, type KubeObject, listAt } from "../kubernetes/object.ts";

/** Each data plane recommendation that a workload can violate, and when it does [Azure Policy built-in definitions]. */
const rules: readonly { title: RegExp; violated(spec: Json, container: Json): boolean }[] = [
  {
    title: /^Privileged containers should be avoided/,
    violated: (_, one) => at(one, "securityContext").privileged === true,
  },
  {
    title: /^Containers sharing sensitive host namespaces/,
    violated: (spec) => spec.hostPID === true || spec.hostIPC === true,
  },
  { title: /^Usage of host networking and ports/, violated: (spec) => spec.hostNetwork === true },
  {
    title: /^Usage of pod HostPath volume mounts/,
    violated: (spec) => listAt(spec, "volumes").some((one) => one.hostPath),
  },
  { title: /CPU and memory limits/, violated: (_, one) => !at(one, "resources", "limits").memory },
  {
    title: /^Container with privilege escalation/,
    violated: (_, one) => at(one, "securityContext").allowPrivilegeEscalation !== false,
  },
  {
    title: /^Immutable \(read-only\) root filesystem/,
    violated: (_, one) => at(one, "securityContext").readOnlyRootFilesystem !== true,
  },
  {
    title: /^Running containers as root user/,
    violated: (spec, one) =>
      ({ ...at(spec, "securityContext"), ...at(one, "securityContext") }).runAsNonRoot !== true,
  },
  { title: /automounting API credentials/, violated: (spec) => spec.automountServiceAccountToken !== false },
  {
    title: /CAPSYSADMIN/,
    violated: (_, one) => capabilities(one, "add").some((name) => /^(CAP_)?SYS_ADMIN$/.test(name)),
  },
  {
    title: /^Least privileged Linux capabilities/,
    violated: (_, one) => !capabilities(one, "drop").includes("ALL"),
  },
];

function capabilities(container: Json, which: "add" | "drop"): string[] {
  const list = at(container, "securityContext", "capabilities")[which];
  return Array.isArray(list) ? list.map(String) : [];
}

/** The titles' rules that a workload violates. */
export function violations(object: KubeObject): RegExp[] {
  const spec = object.kind === "Pod" ? (object.spec ?? {}) : at(object.spec, "template", "spec");
  const containers = listAt(spec, "containers");
  return rules
    .filter(({ violated }) => containers.some((one) => violated(spec, one)))
    .map(({ title }) => title);
}

const nameOf = ({ kind, metadata }: KubeObject) => `${kind}/${metadata.namespace}/${metadata.name}`;

/**
 * The policy add-on audits a workload and Defender turns the cluster's recommendations: unhealthy while one violates them,
 * with the objects by name; healthy again once the last is gone. Nothing where the cluster has no add-on.
 */
export function judgeWorkload(
  estate: Estate,
  cluster: Cluster,
  { kind, object }: Extract<Behaviour, { object: unknown }>,
  later: (minutes: number, work: () => void) => void,
  clock: () => Date,
) {
  if (at(cluster.resource.properties, "addonProfiles", "azurepolicy").enabled !== true) return;
  const broken = violations(object);
  const prefix = `${cluster.resource.id}/providers/microsoft.security/assessments/`.toLowerCase();
  later(15, () => {
    for (const assessment of estate.assessments) {
      if (!assessment.id.toLowerCase().startsWith(prefix)) continue;
      if (!broken.some((title) => title.test(String(assessment.properties.displayName)))) continue;
      const data = (assessment.properties.additionalData ?? {}) as Record<string, unknown>;
      const before = unhealthy(data);
      const others = before.filter((name) => name !== nameOf(object));
      // The newest first: readers may cut a long text.
      const names = kind === "workload" ? [nameOf(object), ...others] : others;
      const { code } = assessment.properties.status as { code: string };
      const next = names.length > 0 ? "Unhealthy" : before.length > 0 ? "Healthy" : code;
      assessment.properties.additionalData = { ...data, unhealthyResources: JSON.stringify(names) };
      const when = azureTime(clock());
      // Where Defender names the objects is not published; here both places do that could.
      assessment.properties.status = {
        code: next,
        ...(names.length > 0 ? { description: `Unhealthy Kubernetes objects: ${names.join(", ")}` } : {}),
        statusChangeDate: when,
        firstEvaluationDate: when,
      };
    }
    estate.revision++;
  });
}

function unhealthy(data: Record<string, unknown>): string[] {
  return typeof data.unhealthyResources === "string" ? (JSON.parse(data.unhealthyResources) as string[]) : [];
}
