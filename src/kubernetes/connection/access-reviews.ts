import { at, text } from "../objects/read.ts";
import { type RemoveDeps, removedKinds } from "../objects/remove.ts";
import { clusterScoped, groupOf } from "../objects/resources.ts";
import { deletableKinds } from "./discovery.ts";
import type { Transport } from "./transport.ts";

/** `everywhere`: in all namespaces at once. */
type Right = { apiGroup: string; resource: string; verbs: readonly string[]; everywhere?: boolean };

const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * Asks for each verb whether we may, in the namespace or, for kinds without one, in the cluster; and for everything that
 * clean-up uses. What is unknown counts as refused: a run must fail before it has created anything.
 */
export function rightsReader(deps: RemoveDeps) {
  const { transport } = deps;
  return async (rights: readonly Right[], namespace: string): Promise<{ right: string; why: string }[]> => {
    const wanted = [...rights, ...(await cleanUpRights(deps))].flatMap((right) =>
      verbsOf(right).map((verb) => ({
        right: `${verb} ${right.resource}${right.everywhere ? " in all namespaces" : ""}`,
        attributes: attributes(right, verb, namespace),
      })),
    );
    const asked = [...new Map(wanted.map((one) => [JSON.stringify(one.attributes), one])).values()];
    const answers = await review(
      transport,
      asked.map(({ attributes }) => attributes),
    );
    return asked.flatMap(({ right }, index) => {
      const status = answers[index];
      if (at(status, "allowed") === true) return [];
      const why = text(status, ["reason"], 300) || text(status, ["evaluationError"], 300);
      return [{ right, why: why || "no rule of the cluster allows it" }];
    });
  };
}

/**
 * Kinds of objects that may not be listed in a namespace. One question is enough where everything may be.
 * @throws UpstreamError where it is not known which kinds the cluster has
 */
export async function unlistableKinds(transport: Transport, namespace: string): Promise<string[]> {
  const list = (group: string, resource: string) => ({ verb: "list", group, resource, namespace });
  const [all] = await review(transport, [list("*", "*")]);
  if (at(all, "allowed") === true) return [];
  const kinds = await deletableKinds(transport);
  const answers = await review(
    transport,
    kinds.map(({ apiVersion, name }) => list(groupOf(apiVersion), name)),
  );
  return kinds.filter((_, index) => at(answers[index], "allowed") !== true).map(({ name }) => name);
}

/** The status of a SelfSubjectAccessReview for each. */
async function review(transport: Transport, all: readonly object[]): Promise<unknown[]> {
  const answers = await transport.ask(
    all.map((resourceAttributes) => ({
      kind: "post",
      path: reviews,
      body: {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes },
      },
    })),
  );
  const failure = answers.find(({ error }) => error)?.error;
  if (failure) throw failure;
  return answers.map((answer) => at("body" in answer ? answer.body : undefined, "status"));
}

/** Objects are found by their label in all namespaces, and looked at before they are deleted. */
async function cleanUpRights(deps: RemoveDeps): Promise<Right[]> {
  return (await removedKinds(deps)).flatMap(({ apiVersion, name, namespaced }): Right[] => {
    const about = { apiGroup: groupOf(apiVersion), resource: name };
    return [
      { ...about, verbs: ["get", "delete"] },
      { ...about, verbs: ["list"], ...(namespaced && { everywhere: true }) },
    ];
  });
}

/** Server-side apply is a patch that creates: it needs both verbs [Kubernetes docs, server-side apply]. */
function verbsOf({ resource, verbs }: Right): string[] {
  const all = new Set(verbs);
  if (all.has("create") && !resource.includes("/")) all.add("patch");
  return [...all];
}

function attributes({ apiGroup, resource, everywhere }: Right, verb: string, namespace: string) {
  const [name = resource, subresource] = resource.split("/");
  return {
    verb,
    group: apiGroup,
    resource: name,
    ...(subresource && { subresource }),
    ...(!clusterScoped.has(name) && !everywhere && { namespace }),
  };
}
