import type { ClientRequest, IncomingMessage } from "node:http";
import type { KubeConfig } from "@kubernetes/client-node";
import type { UpstreamError } from "../../errors.ts";
import { refusal, trouble, unreached } from "../connection/refusal.ts";
import { query } from "../connection/transport.ts";
import { items, parsed, text } from "../objects/read.ts";

/** Milliseconds until somebody takes the call, and for the command itself. */
const handshakeTimeout = 15_000;
const commandTimeout = 60_000;
/** Bytes of output that are kept. */
export const mostOutput = 64 * 1024;
/** Bytes of an answer that refuses the call. */
const mostRefusal = 64 * 1024;

type Client = typeof import("@kubernetes/client-node");
type Ended = { exitCode: number } | { failed: string; code: string };

/**
 * Runs a command in a container over a WebSocket. Streams of the protocol: 1 and 2 are output, 3 is the status at the
 * end [Kubernetes, remotecommand v5.channel.k8s.io].
 * @throws UpstreamError code `ExecTimeout`, or `ExecFailed` where the command could not be started
 */
export async function execOver(
  client: Client,
  config: KubeConfig,
  pod: { namespace: string; name: string; container: string },
  command: readonly string[],
): Promise<{ exitCode: number; output: string }> {
  const handshake = boundHandshake(config);
  const output = boundedOutput();
  let end: (ended: Ended) => void = () => {};
  const ended = new Promise<Ended>((resolve) => {
    end = resolve;
  });
  const path = execPath(pod, command);
  const socket = await new client.Exec(config).handler.connect(path, null, null).catch((error: unknown) => {
    throw handshake.refused ?? unreached(error);
  });
  // In place of the client's own listener, which throws at an empty message and may end our own output.
  socket.onmessage = ({ data }) => {
    const part = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
    if (part[0] === 1 || part[0] === 2) output.add(part.subarray(1));
    if (part[0] === 3) end(endOf(part.subarray(1).toString("utf8")));
  };
  const lost = (code: string, failed: string) => end({ failed, code });
  socket.addEventListener("close", () => lost("ECONNRESET", "the connection ended before the command did"));
  socket.addEventListener("error", () => lost("ECONNRESET", "the connection broke"));
  const timer = setTimeout(
    () => lost("ExecTimeout", "the command did not end within a minute"),
    commandTimeout,
  );
  const result = await ended;
  clearTimeout(timer);
  socket.terminate();
  if ("failed" in result)
    throw trouble(result.code, `The command in ${pod.name}: ${result.failed}`, result.code === "ECONNRESET");
  return { exitCode: result.exitCode, output: output.text() };
}

function execPath(
  pod: { namespace: string; name: string; container: string },
  command: readonly string[],
): string {
  const words = command.map((word) => `&command=${encodeURIComponent(word)}`).join("");
  const options = query({
    container: pod.container,
    stdout: "true",
    stderr: "true",
    stdin: "false",
    tty: "false",
  });
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/exec`;
  return `${path}${options}${words}`;
}

type Socket = {
  once(event: "unexpected-response", heard: (request: unknown, answer: IncomingMessage) => void): unknown;
  terminate(): void;
};

/**
 * The client lets a handshake wait for ever, takes messages of any length, and loses the words of a refusal. Messages
 * are kept for the next round of the event loop, when the listener above is in its place.
 */
function boundHandshake(config: KubeConfig): { refused?: UpstreamError } {
  const handshake: { refused?: UpstreamError } = {};
  const finishRequest = (request: ClientRequest, socket: Socket) => {
    socket.once("unexpected-response", (_, answer) => {
      void refusalIn(answer).then((error) => {
        handshake.refused = error;
        socket.terminate();
      });
    });
    request.end();
  };
  const apply = config.applyToHTTPSOptions.bind(config);
  config.applyToHTTPSOptions = async (options) => {
    await apply(options);
    Object.assign(options, {
      handshakeTimeout,
      maxPayload: 1024 * 1024,
      followRedirects: false,
      allowSynchronousEvents: false,
      finishRequest,
    });
  };
  return handshake;
}

/** An answer that is no upgrade: the API server's Status, or whatever a proxy said. */
async function refusalIn(answer: IncomingMessage): Promise<UpstreamError> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= mostRefusal) break;
    }
  } catch {
    // What came of it has to do: the status is known.
  }
  const said = Buffer.concat(parts).subarray(0, mostRefusal).toString("utf8");
  return refusal(answer.statusCode ?? 0, said, answer.headers["retry-after"]);
}

/** The exit code is in a cause of the status [Kubernetes, remotecommand: reason NonZeroExitCode, cause ExitCode]. */
function endOf(said: string): Ended {
  const status = parsed(said);
  if (text(status, ["status"]) === "Success") return { exitCode: 0 };
  const causes = items(status, "details", "causes");
  const code = Number(
    text(
      causes.find((cause) => text(cause, ["reason"]) === "ExitCode"),
      ["message"],
    ) || Number.NaN,
  );
  if (Number.isInteger(code)) return { exitCode: code };
  return { failed: text(status, ["message"]) || "it failed without saying why", code: "ExecFailed" };
}

function boundedOutput() {
  const parts: Buffer[] = [];
  let size = 0;
  return {
    add(part: Buffer) {
      if (size < mostOutput) parts.push(part.subarray(0, mostOutput - size));
      size += part.length;
    },
    text: () => Buffer.concat(parts).toString("utf8"),
  };
}
