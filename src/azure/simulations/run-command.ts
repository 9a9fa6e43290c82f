import { setTimeout as wait } from "node:timers/promises";
import { UpstreamError } from "../../errors.ts";
import type { ClusterAzure } from "../../simulation-ports.ts";
import { count, field, text } from "../fields.ts";
import type { Operation, Operations } from "./operations.ts";
import { zip } from "./zip.ts";

const apiVersion = "2024-02-01";
/** Bytes after which Azure cuts the output [AKS docs, command invoke: 512 kB]. */
const mostOutput = 512_000;
/** Seconds in all: a pod has to be scheduled and its image pulled before the command begins. */
const patience = 180;

/**
 * Runs a command in a pod beside the cluster [managedClusters, runCommand 2024-02-01] and waits for its end: 202 until
 * then. Azure deletes the pod by itself.
 */
export function commandRunner(operations: Operations): ClusterAzure["runCommand"] {
  return async (cluster, { command, files, token = "" }) => {
    const context = files.length > 0 ? zip(files).toString("base64") : "";
    const body = { command, context, clusterToken: token };
    let answer = await operations.call("POST", `${cluster}/runCommand`, apiVersion, body);
    let location = answer.location;
    for (let waited = 0, turn = 0; !isOver(answer); turn++) {
      if (location === undefined) throw trouble("NoLocation", "Azure took the command and named no result");
      const pause = Math.min(answer.retryAfter ?? Math.min(0.1 * 1.5 ** turn, 5), 30);
      if (waited + pause > patience)
        throw trouble("RunCommandTimeout", `the command was not over after ${patience} seconds`);
      await wait(pause * 1000);
      waited += pause;
      answer = await operations.follow(location);
      location = answer.location ?? location;
    }
    return read(answer.body);
  };
}

/** The states are written in small letters in the examples and in capitals by the service. */
function isOver({ status, body }: Operation): boolean {
  const state = text(field(body, "properties", "provisioningState")).toLowerCase();
  return (
    status !== 202 && status !== 204 && state !== "running" && state !== "accepted" && body !== undefined
  );
}

function read(body: unknown): Awaited<ReturnType<ClusterAzure["runCommand"]>> {
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
