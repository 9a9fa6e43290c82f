import { randomUUID } from "node:crypto";
import { stringify } from "yaml";
import type { Clusters, Served } from "../../kubernetes/clusters.ts";
import { runKubectl } from "../../kubernetes/kubectl/run.ts";
import { at, isRecord } from "../../kubernetes/object.ts";
import { type Answer, failure, notAuthorized, resourceNotFound } from "../errors.ts";
import type { Call, Route } from "../routes.ts";
import { clusterVersions } from "./containers.ts";

const path =
  "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerService/managedClusters/{name}";
const provider = "Microsoft.ContainerService/managedClusters";
/** Output of a command is cut at 512 kB [AKS documentation, "Access a private cluster with command invoke"]. */
const longest = 512_000;

type Command = { id: string; started: Date; done?: { exitCode: number; logs: string; finished: Date } };

/** Credentials of clusters, and commands that AKS runs inside of them [managedClusters 2024-02-01]. */
export function clusterAccessRoutes(clusters: Clusters): Route[] {
  const commands = new Map<string, Command>();
  const withCluster =
    (handle: (served: Served, call: Call) => Answer | Promise<Answer>) => async (call: Call) => {
      const { subscription, group, name } = call.params;
      const id = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;
      const known = call.estate.clusters.find((one) => one.id.toLowerCase() === id.toLowerCase());
      if (!known) return resourceNotFound(`${provider}/${name}`);
      return handle(await clusters.of(known.id), call);
    };
  const route = (method: Route["method"], below: string, action: string, handle: Route["handle"]): Route => ({
    method,
    path: `${path}/${below}`,
    versions: clusterVersions,
    action: `${provider}/${action}`,
    handle,
  });
  return [
    route("POST", "listClusterUserCredential", "listClusterUserCredential/action", withCluster(credential)),
    route("POST", "listClusterAdminCredential", "read", (call) =>
      notAuthorized(`${provider}/listClusterAdminCredential/action`, call.url.pathname),
    ),
    route(
      "POST",
      "runCommand",
      "runCommand/action",
      withCluster((served, call) => invoke(served, call, commands)),
    ),
    route("GET", "commandResults/{command}", "commandResults/read", (call) => result(call, commands)),
  ];
}

const isStopped = ({ resource }: Served) => at(resource.properties, "powerState").code === "Stopped";

const stopped = ({ resource }: Served) =>
  failure(
    400,
    "OperationNotAllowed",
    `The cluster ${resource.name} is stopped. Start it before this operation.`,
  );

/** A kubeconfig as AKS gives it: a token for a local account, else `kubelogin` for whoever has it. */
function credential(served: Served): Answer {
  const { resource } = served;
  const user = `clusterUser_${resource.id.split("/")[4]}_${resource.name}`;
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "kubelogin",
    args: [
      "get-token",
      "--environment",
      "AzurePublicCloud",
      "--server-id",
      "6dae42f8-4368-4678-94ff-3960e28e3630",
      "--client-id",
      "80faf920-1908-4b52-b5ef-a8e7bedfc67a",
      "--tenant-id",
      String(at(resource.properties, "aadProfile").tenantID),
      "--login",
      "devicecode",
    ],
    env: null,
    provideClusterInfo: false,
  };
  const config = {
    apiVersion: "v1",
    kind: "Config",
    preferences: {},
    clusters: [
      {
        name: resource.name,
        cluster: {
          "certificate-authority-data": Buffer.from(served.authority).toString("base64"),
          server: served.url,
        },
      },
    ],
    contexts: [{ name: resource.name, context: { cluster: resource.name, user } }],
    "current-context": resource.name,
    users: [
      {
        name: user,
        user: resource.properties.disableLocalAccounts === true ? { exec } : { token: served.token },
      },
    ],
  };
  const value = Buffer.from(stringify(config)).toString("base64");
  return { status: 200, body: { kubeconfigs: [{ name: "clusterUser", value }] } };
}

function invoke(served: Served, call: Call, commands: Map<string, Command>): Answer {
  if (isStopped(served)) return stopped(served);
  const body = isRecord(call.body) ? call.body : {};
  if (typeof body.command !== "string" || body.command === "")
    return failure(400, "InvalidParameter", "Required parameter command is missing (null).");
  const command: Command = { id: randomUUID().replaceAll("-", ""), started: call.now };
  commands.set(command.id, command);
  const given = {
    command: body.command,
    context: String(body.context ?? ""),
    token: String(body.clusterToken ?? ""),
  };
  const finish = (exitCode: number, logs: string) => {
    command.done = {
      exitCode,
      logs: Buffer.from(logs).subarray(0, longest).toString(),
      finished: new Date(),
    };
  };
  // A pod has to start before the command runs.
  served
    .pause(5)
    .then(() => runKubectl(served, given))
    .then(
      ({ exitCode, output }) => finish(exitCode, output),
      (error: unknown) => finish(1, String(error)),
    );
  const location = new URL(
    call.url.pathname.replace(/\/runCommand$/i, `/commandResults/${command.id}`),
    call.base,
  );
  location.search = call.url.search;
  return { status: 202, headers: { Location: location.href } };
}

function result(call: Call, commands: Map<string, Command>): Answer {
  const command = commands.get(call.params.command ?? "");
  if (!command) return resourceNotFound(call.url.pathname);
  if (!command.done) return { status: 202, headers: { Location: new URL(call.url.href, call.base).href } };
  const { exitCode, logs, finished } = command.done;
  const properties = {
    provisioningState: "Succeeded",
    exitCode,
    startedAt: command.started.toISOString(),
    finishedAt: finished.toISOString(),
    logs,
  };
  return { status: 200, body: { id: command.id, properties } };
}
