import type { UndoStep } from "../../domain/simulations/scenario.ts";
import type { Leftover, Run } from "../../domain/simulations/simulation.ts";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAccess } from "../../ports/clusters.ts";
import { shellWord } from "../../text/shell-word.ts";
import type { SimulationPorts } from "../parts.ts";

/**
 * Undoes what lies outside of the objects of a run; doing it again is harmless.
 * @param index of the step, by which it is tried again
 * @returns what is left, nothing where it worked
 */
export async function undone(
  run: Run,
  step: UndoStep,
  index: number,
  access: ClusterAccess | undefined,
  ports: Pick<SimulationPorts, "azure">,
): Promise<Leftover[]> {
  try {
    if (step.kind === "delete-image") {
      const { registry } = run;
      if (!registry) return [];
      if (await ports.azure.deleteImage(registry.loginServer, step.repository, step.tag)) return [];
      return [undoLeft(run, step, index, "")];
    }
    if (!access) return [];
    const pod = await access.pod(run.namespace, step.pod);
    if (!pod) return [undoLeft(run, step, index, "NotFound")];
    const { exitCode, output } = await access.exec(run.namespace, step.pod, step.container, step.command);
    if (exitCode === 0) return [];
    return [undoLeft(run, step, index, `exit ${exitCode} ${output.trim().slice(0, 300)}`)];
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.retryable) throw error;
    return [undoLeft(run, step, index, error.message)];
  }
}

/** What a step did not undo, with the line that does. */
export function undoLeft({ registry, namespace }: Run, step: UndoStep, undo: number, why: string): Leftover {
  if (step.kind === "delete-image") {
    const image = `${step.repository}:${step.tag}`;
    const mend = `az acr repository delete --name ${registry?.name} --image ${image} --yes`;
    return { what: `${registry?.loginServer}/${image}`, why, mend, undo };
  }
  if (step.left) return { ...step.left, why, undo };
  const words = step.command.map(shellWord).join(" ");
  const mend = `kubectl exec --namespace ${namespace} ${step.pod} --container ${step.container} -- ${words}`;
  return { what: step.command.join(" "), why, mend, undo };
}
