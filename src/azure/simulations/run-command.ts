import { UpstreamError } from "../../errors.ts";
import type { ClusterAzure, CommandEnd, CommandState } from "../../ports/clusters.ts";
import { count, field, text } from "../fields.ts";
import { isWorking, type Operation, type Operations } from "./operations.ts";
import { zip } from "./zip.ts";

const apiVersion = "2024-02-01";
/** Bytes after which Azure cuts the output [AKS docs, command invoke: 512 kB]. */
const mostOutput = 512_000;

/**
 * Runs a command in a pod beside the cluster [managedClusters, runCommand 2024-02-01]: 202 with the address of its
 * result, which answers 202 until the command is over. Azure deletes the pod by itself. Nothing here waits.
 */
export function commandRunner(operations: Operations): Pick<ClusterAzure, "startCommand" | "commandState"> {
  return {
    async startCommand(cluster, { command, files, token = "" }) {
      const context = files.length > 0 ? zip(files).toString("base64") : "";
      const body = { command, context, clusterToken: token };
      return stateOf(await operations.call("POST", `${cluster}/runCommand`, apiVersion, body), undefined);
    },
    commandState: async (location) => stateOf(await operations.follow(location), location),
  };
}

function stateOf(answer: Operation, before: string | undefined): CommandState {
  const { status, body } = answer;
  if (status !== 204 && body !== undefined && !isWorking(answer)) return { ended: read(body) };
  // The status of an operation has no output: where both are named, the result is what is asked for.
  const location = answer.result ?? answer.location ?? before;
  if (location === undefined) throw trouble("NoLocation", "Azure took the command and named no result");
  return { location, retryAfter: answer.retryAfter };
}

function read(body: unknown): CommandEnd {
  const about = field(body, "properties");
  const logs = field(about, "logs");
  const output = typeof logs === "string" ? logs : "";
  const exitCode = count(field(about, "exitCode"));
  // The command's own failure has an exit code; without one, the pod around it failed.
  if (exitCode === undefined)
    throw trouble(
      "RunCommandFailed",
      text(field(about, "reason"), 300) ||
        `Azure said ${text(field(about, "provisioningState")) || "nothing"}`,
    );
  return { exitCode, output, cut: Buffer.byteLength(output) >= mostOutput };
}

function trouble(code: string, said: string) {
  return new UpstreamError(`The run-command: ${said}`, { system: "azure", code, retryable: true });
}
