import { at, type Json, type KubeObject, listAt } from "./object.ts";
import { kindOf } from "./objects.ts";
import { failed, forbidden, refuse } from "./status.ts";

/** A rule that refuses objects before they are stored; dry runs meet it too. */
export type Policy = {
  /** The constraint, as Azure Policy names it. */
  name: string;
  /** Why an object is refused; undefined lets it pass. */
  refuses(object: KubeObject): string | undefined;
  /** Refused by a plugin of the API server itself (PodSecurity, ResourceQuota, LimitRanger), in its form of words. */
  forbids?: boolean;
};

const containers = (object: KubeObject): Json[] => {
  const spec = object.kind === "Pod" ? object.spec : at(object.spec, "template", "spec");
  return [...listAt(spec, "initContainers"), ...listAt(spec, "containers")];
};
const forContainers =
  (judge: (container: Json) => string | undefined) =>
  (object: KubeObject): string | undefined =>
    containers(object)
      .map(judge)
      .find((said) => said !== undefined);

/** Policies of the Azure Policy add-on that a team may have set to deny [Azure Policy built-in definitions for Kubernetes]. */
export const builtInPolicies = {
  noPrivilege: {
    name: "azurepolicy-k8sazurev2noprivilege-5e1f2a8b0f2c4d6a9b3c",
    refuses: forContainers((one) =>
      at(one, "securityContext").privileged === true
        ? `Privileged container is not allowed: ${String(one.name)}, securityContext: {"privileged": true}`
        : undefined,
    ),
  },
  allowedImages: {
    name: "azurepolicy-k8sazurev2containerallowedimag-1b7d3f9c5a2e4c8d0e6f",
    refuses: forContainers((one) =>
      /^[a-z0-9]+\.azurecr\.io\//.test(String(one.image))
        ? undefined
        : `Container image ${String(one.image)} for container ${String(one.name)} has not been allowed.`,
    ),
  },
  resourceLimits: {
    name: "azurepolicy-k8sazurev3containerlimits-7a4c2e8f6b1d3a5c9e0b",
    refuses: forContainers((one) =>
      at(one, "resources", "limits").memory
        ? undefined
        : `container <${String(one.name)}> has no resource limits`,
    ),
  },
} satisfies Record<string, Policy>;

/** Refuses with 403 and the words of Gatekeeper, as `kubectl` shows them, or of the API server's own plugins. */
export function admit(policies: readonly Policy[], object: KubeObject) {
  for (const policy of policies.filter(({ forbids }) => forbids)) {
    const why = policy.refuses(object);
    if (why !== undefined) throw forbidden(kindOf(object), object.metadata.name, why);
  }
  const said = policies.flatMap((policy) => {
    const why = policy.forbids ? undefined : policy.refuses(object);
    return why === undefined ? [] : [`[${policy.name}] ${why}`];
  });
  if (said.length === 0) return;
  const message = `admission webhook "validation.gatekeeper.sh" denied the request: ${said.join("\n")}`;
  throw refuse(failed(403, "Forbidden", message));
}
