import { at, text } from "./read.ts";
import { clusterScoped } from "./resources.ts";
import type { Transport } from "./transport.ts";

export type Right = { apiGroup: string; resource: string; verbs: readonly string[] };

const reviews = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/**
 * Asks for each verb whether we may, in the namespace or, for kinds without one, in the cluster. What cannot be told
 * counts as refused: a run must fail before it has created anything.
 */
export function rightsReader(transport: Transport) {
  return async (rights: readonly Right[], namespace: string): Promise<{ right: string; why: string }[]> => {
    const asked = rights.flatMap((right) =>
      verbsOf(right).map((verb) => ({
        right: `${verb} ${right.resource}`,
        attributes: attributes(right, verb, namespace),
      })),
    );
    const answers = await transport.ask(
      asked.map(({ attributes }) => ({
        kind: "post",
        path: reviews,
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectAccessReview",
          spec: { resourceAttributes: attributes },
        },
      })),
    );
    const failure = answers.find(({ error }) => error)?.error;
    if (failure) throw failure;
    return asked.flatMap(({ right }, index) => {
      const answer = answers[index];
      const status = at(answer && "body" in answer ? answer.body : undefined, "status");
      if (at(status, "allowed") === true) return [];
      const why = text(status, ["reason"], 300) || text(status, ["evaluationError"], 300);
      return [{ right, why: why || "no rule of the cluster allows it" }];
    });
  };
}

/** Server-side apply is a patch that creates: it needs both verbs [Kubernetes docs, server-side apply]. */
function verbsOf({ resource, verbs }: Right): string[] {
  const all = new Set(verbs);
  if (all.has("create") && !resource.includes("/")) all.add("patch");
  return [...all];
}

function attributes({ apiGroup, resource }: Right, verb: string, namespace: string) {
  const [name = resource, subresource] = resource.split("/");
  return {
    verb,
    group: apiGroup,
    resource: name,
    ...(subresource && { subresource }),
    ...(!clusterScoped.has(name) && { namespace }),
  };
}
