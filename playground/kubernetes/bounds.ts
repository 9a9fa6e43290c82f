import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { Target } from "./api/request.ts";
import { qualified } from "./kinds.ts";
import { at, isRecord, listAt } from "./object.ts";
import type { User } from "./rights.ts";
import { failed, refuse } from "./status.ts";

/** Where the bot may write at all, by the admission policy of its own documents. `trials`: what dry runs elsewhere are named. */
export type Bound = { policy: string; namespace: string; message: string; trials: string };

const role = new URL("../../docs/kubernetes-role.yaml", import.meta.url);
const writing = ["create", "update", "patch", "delete", "deletecollection"];

/**
 * The ValidatingAdmissionPolicy of the documents. Its expression is not evaluated: only the names in it are taken from
 * it. Undefined where there is none that an API server would take.
 */
export function documentedBound(): Bound | undefined {
  const documents = parseAllDocuments(readFileSync(role, "utf8")).map((one): unknown => one.toJS());
  const policy = documents.find((one) => isRecord(one) && one.kind === "ValidatingAdmissionPolicy");
  const [validation] = listAt(policy, "spec", "validations");
  const said = String(validation?.expression);
  const namespace = /request\.namespace == "([^"]+)"/.exec(said)?.[1];
  const trials = /request\.name\.startsWith\("([^"]+)"\)/.exec(said)?.[1];
  if (!namespace || !trials || invalidResources(policy)) return undefined;
  return {
    policy: String(at(policy, "metadata").name),
    namespace,
    message: String(validation?.message),
    trials,
  };
}

/** "if '*\/*' is present, must not specify other resources" [admissionregistration, validateResources]. */
function invalidResources(policy: unknown): boolean {
  return listAt(policy, "spec", "matchConstraints", "resourceRules").some(({ resources }) => {
    const all = Array.isArray(resources) ? resources : [];
    return all.includes("*/*") && all.length > 1;
  });
}

/**
 * Refuses with 422 what the bot would write elsewhere: reason Invalid where the policy names none, with the message of a
 * 403 [apiserver, admission/plugin/policy/validating].
 */
export function bounded(bound: Bound | undefined, user: User, target: Target, verb: string, dryRun: boolean) {
  if (!bound || user.admin || !writing.includes(verb)) return;
  const { kind, namespace, name = "" } = target;
  if (kind.group === "authorization.k8s.io") return;
  const place = kind.kind === "Namespace" ? name : namespace;
  if (place === bound.namespace) return;
  if (dryRun && place === "default" && name.startsWith(bound.trials)) return;
  const why = `ValidatingAdmissionPolicy '${bound.policy}' with binding '${bound.policy}' denied request: ${bound.message}`;
  const details = { name, kind: kind.plural, causes: [{ message: why }] };
  throw refuse(failed(422, "Invalid", `${qualified(kind)} "${name}" is forbidden: ${why}`, details));
}
