import type { Kind } from "./kinds.ts";
import { at, type Json, type KubeObject, listAt } from "./object.ts";
import { type Cause, invalid } from "./status.ts";

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelKey = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$/;

const value = (field: string, given: unknown, why: string): Cause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(given)}: ${why}`,
  field,
});
const required = (field: string, why = ""): Cause => ({
  reason: "FieldValueRequired",
  message: `Required value${why && `: ${why}`}`,
  field,
});

const rfc1123 =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const rfc1123Subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Refuses with 422 what Kubernetes' validation refuses: names, labels, and what the kinds of simulations require. */
export function validate(kind: Kind, object: KubeObject) {
  const causes = [...names(kind, object), ...labels(object), ...(specific[kind.kind]?.(object) ?? [])];
  if (causes.length > 0) throw invalid(kind, object.metadata.name ?? "", causes);
}

function names(kind: Kind, { metadata }: KubeObject): Cause[] {
  const { name } = metadata;
  if (!name) return [required("metadata.name", "name or generateName is required")];
  const short = kind.kind === "Namespace" || kind.kind === "Service";
  const longest = short ? 63 : 253;
  if (name.length > longest)
    return [value("metadata.name", name, `must be no more than ${longest} characters`)];
  if (short) return label.test(name) ? [] : [value("metadata.name", name, rfc1123)];
  const free = kind.group === "rbac.authorization.k8s.io";
  return free || subdomain.test(name) ? [] : [value("metadata.name", name, rfc1123Subdomain)];
}

function labels({ metadata }: KubeObject): Cause[] {
  return Object.entries(metadata.labels ?? {}).flatMap(([key, text]) => [
    ...(labelKey.test(key)
      ? []
      : [
          value("metadata.labels", key, "name part must consist of alphanumeric characters, '-', '_' or '.'"),
        ]),
    ...(text.length <= 63 ? [] : [value("metadata.labels", text, "must be no more than 63 bytes")]),
    ...(labelValue.test(text)
      ? []
      : [
          value(
            "metadata.labels",
            text,
            "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
          ),
        ]),
  ]);
}

function podSpec(spec: Json, path: string): Cause[] {
  const containers = listAt(spec, "containers");
  if (containers.length === 0) return [required(`${path}.containers`)];
  const volumes = listAt(spec, "volumes").map((one) => one.name);
  const all = [...containers, ...listAt(spec, "initContainers")];
  const seen = new Set<unknown>();
  return all.flatMap((one, index) => {
    const own = `${path}.containers[${index}]`;
    const twice = seen.has(one.name);
    seen.add(one.name);
    return [
      ...(one.name ? [] : [required(`${own}.name`)]),
      ...(twice
        ? [
            {
              reason: "FieldValueDuplicate",
              message: `Duplicate value: ${JSON.stringify(one.name)}`,
              field: `${own}.name`,
            },
          ]
        : []),
      ...(one.name && !label.test(String(one.name)) ? [value(`${own}.name`, one.name, rfc1123)] : []),
      ...(one.image ? [] : [required(`${own}.image`)]),
      ...listAt(one, "volumeMounts").flatMap((mount, place) =>
        volumes.includes(mount.name)
          ? []
          : [
              {
                reason: "FieldValueNotFound",
                message: `Not found: ${JSON.stringify(mount.name)}`,
                field: `${own}.volumeMounts[${place}].name`,
              },
            ],
      ),
    ];
  });
}

function workload({ spec }: KubeObject): Cause[] {
  const wanted = at(spec, "selector", "matchLabels");
  const given = at(spec, "template", "metadata", "labels");
  const agrees = Object.entries(wanted).every(([key, text]) => given[key] === text);
  return [
    ...(Object.keys(wanted).length > 0 ? [] : [required("spec.selector")]),
    ...(agrees
      ? []
      : [value("spec.template.metadata.labels", given, "`selector` does not match template `labels`")]),
    ...podSpec(at(spec, "template", "spec"), "spec.template.spec"),
  ];
}

function service({ spec }: KubeObject): Cause[] {
  const ports = listAt(spec, "ports");
  const headless = spec?.clusterIP === "None" || spec?.type === "ExternalName";
  const several = ports.length > 1;
  return [
    ...(ports.length > 0 || headless ? [] : [required("spec.ports")]),
    ...ports.flatMap((port, index) => [
      ...(several && !port.name ? [required(`spec.ports[${index}].name`)] : []),
      ...(Number(port.port) > 0 && Number(port.port) < 65_536
        ? []
        : [value(`spec.ports[${index}].port`, port.port ?? 0, "must be between 1 and 65535, inclusive")]),
    ]),
  ];
}

const specific: Record<string, (object: KubeObject) => Cause[]> = {
  Pod: ({ spec }) => podSpec(spec ?? {}, "spec"),
  Deployment: workload,
  DaemonSet: workload,
  ReplicaSet: workload,
  Service: service,
};
