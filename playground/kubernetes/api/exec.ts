import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { bounded } from "../bounds.ts";
import type { Cluster } from "../cluster.ts";
import { runIn, running } from "../node/containers.ts";
import { badRequest, failed, isRefusal, refuse, type Status, unknownResource } from "../status.ts";
import { authorize } from "./handle.ts";
import { existing } from "./read.ts";
import { type ApiRequest, targetOf } from "./request.ts";

const channels = { stdin: 0, stdout: 1, stderr: 2, status: 3, resize: 4, close: 255 };
const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];

const server = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) => protocols.find((one) => offered.has(one)) ?? false,
});

/** Answers `GET …/pods/NAME/exec` with an upgrade to WebSocket, or with a Status as plain HTTP. */
export function upgrade(
  cluster: Cluster,
  request: ApiRequest,
  incoming: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): number {
  try {
    const { pod, container } = checked(cluster, request);
    server.handleUpgrade(incoming, socket, head, (client) => {
      const argv = request.query.getAll("command");
      void serve(cluster, client, (streams) => runIn(cluster, pod, container, argv, streams), request.query);
    });
    return 101;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return deny(socket, error.refusal);
  }
}

export function deny(socket: Duplex, status: Status): number {
  const body = JSON.stringify(status);
  const head = [
    `HTTP/1.1 ${status.code} ${status.reason}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
  ];
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`);
  return status.code ?? 500;
}

/** The pod and container of a session. Rights: `get` for the upgrade, and `create` since Kubernetes 1.35. */
export function checked(cluster: Cluster, request: ApiRequest) {
  const target = targetOf(request.path);
  if (target.kind.kind !== "Pod" || target.subresource !== "exec") throw unknownResource();
  authorize(cluster, request, target, request.method === "POST" ? "create" : "get");
  authorize(cluster, request, target, "create");
  bounded(cluster.bound, request.user, target, "create", false);
  const pod = existing(cluster, target);
  const { query } = request;
  const { name } = pod.metadata;
  if (!query.has("command")) throw badRequest("you must specify at least 1 command for the container");
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed")
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const run = cluster.pods.get(pod.metadata.uid);
  const asked = query.get("container");
  if (!asked && (run?.containers.length ?? 0) > 1)
    throw badRequest(
      `a container name must be specified for pod ${name}, choose one of: [${run!.containers.map((one) => one.name).join(" ")}]`,
    );
  const container = running(run, asked);
  if (!container && asked) throw badRequest(`container ${asked} is not valid for pod ${name}`);
  if (container?.state !== "running")
    throw refuse(
      failed(500, "InternalError", `unable to upgrade connection: container not existing ("${asked ?? ""}")`),
    );
  return { pod, container };
}

type Run = (streams: {
  out(text: string): void;
  err(text: string): void;
  signal: AbortSignal;
  stdin: string;
}) => Promise<number>;

async function serve(cluster: Cluster, client: WebSocket, run: Run, query: URLSearchParams) {
  const ended = new AbortController();
  const session = { cut: () => client.terminate() };
  cluster.sessions.add(session);
  client.on("close", () => ended.abort());
  client.on("error", () => ended.abort());
  const send = (channel: number, text: string) =>
    client.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
  const on = (name: "stdout" | "stderr") => (text: string) => {
    if (query.get(name) === "true") send(channels[name], text);
  };
  try {
    const stdin = query.get("stdin") === "true" ? await inputOf(client) : "";
    const code = await run({ out: on("stdout"), err: on("stderr"), signal: ended.signal, stdin });
    send(channels.status, JSON.stringify(statusOf(code)));
    client.close(1000);
  } catch {
    client.terminate();
  } finally {
    cluster.sessions.delete(session);
  }
}

/** Standard input until the client ends it; who never does sends none. */
function inputOf(client: WebSocket): Promise<string> {
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    const done = () => resolve(Buffer.concat(parts).toString());
    const timer = setTimeout(done, 200).unref();
    client.on("message", (data: Buffer) => {
      if (data[0] === channels.close) done();
      else if (data[0] === channels.stdin) parts.push(data.subarray(1));
      timer.refresh();
    });
  });
}

/** How a command ended [remotecommand v4: the error channel has a Status]. */
export function statusOf(code: number): Status {
  if (code === 0) return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success" };
  const causes = [{ reason: "ExitCode", message: String(code) }];
  const message = `command terminated with non-zero exit code: command terminated with exit code ${code}`;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    reason: "NonZeroExitCode",
    message,
    details: { causes },
  };
}
