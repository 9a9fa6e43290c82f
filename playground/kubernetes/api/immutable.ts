import { isDeepStrictEqual } from "node:util";
import type { Kind } from "../kinds.ts";
import { type Json, type KubeObject, listAt } from "../object.ts";
import { type Cause, invalid } from "../status.ts";

/** What may change in a running pod is taken out before it is compared. */
function fixed(spec: Json | undefined): Json {
  const {
    activeDeadlineSeconds: _,
    terminationGracePeriodSeconds: __,
    tolerations: ___,
    nodeName: ____,
    ...rest
  } = spec ?? {};
  const strip = (list: string) => listAt(rest, list).map(({ image: _image, ...container }) => container);
  return { ...rest, containers: strip("containers"), initContainers: strip("initContainers") };
}

const podWords =
  "Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** Refuses with 422 a change of what cannot change once an object is there. */
export function immutable(kind: Kind, live: KubeObject, next: KubeObject) {
  const causes: Cause[] = [];
  const forbid = (field: string, message: string) =>
    causes.push({ reason: "FieldValueForbidden", field, message });
  if (kind.kind === "Pod" && !isDeepStrictEqual(fixed(live.spec), fixed(next.spec))) forbid("spec", podWords);
  if (kind.kind === "Service" && live.spec?.clusterIP !== next.spec?.clusterIP)
    causes.push({
      reason: "FieldValueInvalid",
      field: "spec.clusterIPs[0]",
      message: `Invalid value: [${JSON.stringify(next.spec?.clusterIP)}]: may not change once set`,
    });
  const workload = kind.kind === "Deployment" || kind.kind === "DaemonSet";
  if (workload && !isDeepStrictEqual(live.spec?.selector, next.spec?.selector))
    causes.push({
      reason: "FieldValueInvalid",
      field: "spec.selector",
      message: `Invalid value: ${JSON.stringify(next.spec?.selector)}: field is immutable`,
    });
  if (causes.length > 0) throw invalid(kind, live.metadata.name, causes);
}
