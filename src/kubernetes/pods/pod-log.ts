import { UpstreamError } from "../../errors.ts";
import { askIfThere, query, type Transport } from "../connection/transport.ts";
import { podState } from "./pod-state.ts";

/** Bytes from the beginning of a log; the attack's own are some kilobytes. A run-command answers no more than 512 kB. */
const mostLog = { direct: 1024 * 1024, "run-command": 400 * 1024 };
/** Characters of a line. */
const mostLine = 4000;

/**
 * Whole lines from a line on (0 is the first), read anew from the beginning: a line number is all that a run has to
 * remember. The last line counts once it has its end, or the pod has its own. None while the container has not begun.
 */
export async function readLog(
  transport: Transport,
  namespace: string,
  pod: string,
  from: number,
  container?: string,
): Promise<string[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}`;
  const most = mostLog[transport.how];
  const text = await transport
    .read(`${path}/log${query({ container, limitBytes: most })}`, most)
    .catch((error: unknown) => {
      if (hasNotBegun(error)) return "";
      throw error;
    });
  const lines = text.split(/\r?\n/);
  const last = lines.pop() ?? "";
  if (last !== "" && (await hasEnded(transport, path))) lines.push(last);
  return lines.slice(Math.max(0, from)).map((line) => line.slice(0, mostLine));
}

/** Kubernetes answers 400 "container … is waiting to start" [kubelet]. */
function hasNotBegun(error: unknown): boolean {
  return (
    error instanceof UpstreamError &&
    /waiting to start|is not available|ContainerCreating|PodInitializing/.test(error.message) &&
    (error.status === 400 || error.status === 0)
  );
}

async function hasEnded(transport: Transport, path: string): Promise<boolean> {
  const { phase } = podState((await askIfThere(transport, path)) ?? {});
  return phase === "Succeeded" || phase === "Failed";
}
