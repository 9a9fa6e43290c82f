import { isMissingRight } from "../domain/simulations/refusals.ts";
import { UpstreamError } from "../errors.ts";
import type { ClusterAccess } from "../ports/clusters.ts";
import { askOne, type Transport } from "./connection/transport.ts";

const namespace = "kube-system";
const name = "breakwater-policy-probe";
/** What the policy of docs/kubernetes-role.yaml says, under whatever name beginning like this it was applied. */
const denial = /ValidatingAdmissionPolicy '([^']*)'(?: with binding '[^']*')? denied request/g;

function isOurDenial(said: string): boolean {
  return [...said.matchAll(denial)].some(([, policy]) => policy?.includes("breakwater"));
}

/** A dry run of an object that Breakwater has no business with: the API server has to refuse it. */
export async function confinement(
  transport: Transport,
): Promise<Awaited<ReturnType<ClusterAccess["confined"]>>> {
  const manifest = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
  const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}`;
  try {
    await askOne(transport, { kind: "apply", path, manifest, dryRun: true, force: false });
    return { state: "open", said: "" };
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    const confined = isOurDenial(error.message) || isMissingRight(error);
    return { state: confined ? "confined" : "unknown", said: error.message };
  }
}
