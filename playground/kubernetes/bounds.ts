import { existsSync, readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import type { Target } from "./api/request.ts";
import { qualified } from "./kinds.ts";
import { at, isRecord, listAt } from "./object.ts";
import type { User } from "./rights.ts";
import { failed, refuse } from "./status.ts";

/** Where the bot may write at all, by the admission policy of its own documents. */
export type Bound = { policy: string; namespace: string; message: string };

const role = new URL("../../docs/kubernetes-role.yaml", import.meta.url);
const writing = ["create", "update", "patch", "delete", "deletecollection"];

/**
 * The ValidatingAdmissionPolicy of the documents. Its expression is not evaluated: only the namespace that it names is
 * taken from it. Undefined where there is no such policy.
 */
export function documentedBound(): Bound | undefined {
  if (!existsSync(role)) return undefined;
  const documents = parseAllDocuments(readFileSync(role, "utf8")).map((one): unknown => one.toJS());
  const policy = documents.find((one) => isRecord(one) && one.kind === "ValidatingAdmissionPolicy");
  const [validation] = listAt(policy, "spec", "validations");
  const namespace = /request\.namespace == "([^"]+)"/.exec(String(validation?.expression))?.[1];
  if (!namespace) return undefined;
  return { policy: String(at(policy, "metadata").name), namespace, message: String(validation?.message) };
}

/** Refuses with 422 [ValidatingAdmissionPolicy, default reason] what the bot would write elsewhere. */
export function bounded(bound: Bound | undefined, user: User, target: Target, verb: string, dryRun: boolean) {
  if (!bound || user.admin || dryRun || !writing.includes(verb)) return;
  const { kind, namespace, name = "" } = target;
  if (kind.group === "authorization.k8s.io") return;
  const place = kind.kind === "Namespace" ? name : namespace;
  if (place === bound.namespace) return;
  const said = `${qualified(kind)} "${name}" is forbidden: ValidatingAdmissionPolicy '${bound.policy}' with binding '${bound.policy}' denied request: ${bound.message}`;
  throw refuse(failed(422, "Invalid", said, { name, kind: kind.plural }));
}
