import { readFileSync } from "node:fs";
import { parseAllDocuments } from "yaml";
import { at, isRecord, listAt } from "./object.ts";

/** Who asks: `admin` is the local account of the kubeconfig, otherwise the bot's identity in Entra. */
export type User = { name: string; groups: string[]; admin: boolean };
export type Attributes = { verb: string; group: string; resource: string; namespace?: string; name?: string };
export type Rule = {
  apiGroups: readonly string[];
  /** `pods/log` for a subresource. */
  resources: readonly string[];
  verbs: readonly string[];
  resourceNames?: readonly string[];
  /** Only there; everywhere, and on what has no namespace, where not given. */
  namespace?: string;
};
export type Denial = { verb?: string; resource?: string; namespace?: string; why?: string };
export type Verdict = { allowed: boolean; reason: string };
/** What may be done in a cluster; rules and denials can be changed while it runs. */
export type Rights = {
  rules: Rule[];
  /** Met before the rules, by administrators too. */
  denials: Denial[];
  may(user: User, wanted: Attributes): Verdict;
};

const documents = ["kubernetes-role.yaml", "kubernetes-namespace.yaml"].map(
  (name) => new URL(`../../docs/${name}`, import.meta.url),
);

export function rightsOf(rules: Rule[] = documented()): Rights {
  const rights: Rights = {
    rules,
    denials: [],
    may(user, wanted) {
      const denied = rights.denials.find((one) => denies(one, wanted));
      if (denied) return { allowed: false, reason: denied.why ?? "" };
      // Everybody who is known may ask what they may do [ClusterRole system:basic-user].
      if (user.admin || wanted.group === "authorization.k8s.io") return { allowed: true, reason: "" };
      const granted = rights.rules.some((one) => grants(one, wanted));
      return granted
        ? { allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "breakwater"' }
        : {
            allowed: false,
            reason:
              "User does not have access to the resource in Azure. Update role assignment to allow access.",
          };
    },
  };
  return rights;
}

/** The rules of the bot's own documents, so that a right that they forget is missing here as well. */
function documented(): Rule[] {
  return documents
    .flatMap((url) => parseAllDocuments(readFileSync(url, "utf8")).map((one): unknown => one.toJS()))
    .filter((one) => isRecord(one) && /^(Cluster)?Role$/.test(String(one.kind)))
    .flatMap((one) => {
      const namespace =
        (one as { kind: string }).kind === "Role" ? String(at(one, "metadata").namespace) : undefined;
      return listAt(one, "rules").map((rule) => ({ ...(rule as unknown as Rule), namespace }));
    });
}

const has = (list: readonly string[] | undefined, wanted: string) =>
  list?.some((one) => one === "*" || one === wanted) ?? false;

function grants(rule: Rule, wanted: Attributes): boolean {
  const names = rule.resourceNames ?? [];
  return (
    has(rule.apiGroups, wanted.group) &&
    has(rule.resources, wanted.resource) &&
    has(rule.verbs, wanted.verb) &&
    (names.length === 0 || names.includes(wanted.name ?? "")) &&
    (rule.namespace === undefined || rule.namespace === wanted.namespace)
  );
}

function denies(denial: Denial, wanted: Attributes): boolean {
  return (
    (denial.verb === undefined || denial.verb === wanted.verb) &&
    (denial.resource === undefined || denial.resource === wanted.resource) &&
    (denial.namespace === undefined || denial.namespace === wanted.namespace)
  );
}
