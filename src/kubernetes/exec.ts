import type { KubeConfig } from "@kubernetes/client-node";
import { at, items, parsed, text } from "./read.ts";
import { isTransient, trouble, unreached } from "./refusal.ts";
import { query } from "./transport.ts";

/** Milliseconds until somebody takes the call, and for the command itself. */
const handshakeTimeout = 15_000;
const commandTimeout = 60_000;
/** Bytes of output that are kept. */
export const mostOutput = 64 * 1024;

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
  boundHandshake(config);
  const output = boundedOutput();
  let end: (ended: Ended) => void = () => {};
  const ended = new Promise<Ended>((resolve) => {
    end = resolve;
  });
  const path = execPath(pod, command);
  const socket = await new client.Exec(config).handler.connect(path, null, null).catch((error: unknown) => {
    throw handshakeFailure(error);
  });
  // In place of the client's own listener, which throws at an empty message and can be told to end our own output.
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

/**
 * The client lets a handshake wait for ever, and takes messages of any length. Messages are kept for the next round of
 * the event loop, when the listener above is in its place.
 */
function boundHandshake(config: KubeConfig) {
  const apply = config.applyToHTTPSOptions.bind(config);
  config.applyToHTTPSOptions = async (options) => {
    await apply(options);
    Object.assign(options, {
      handshakeTimeout,
      maxPayload: 1024 * 1024,
      followRedirects: false,
      allowSynchronousEvents: false,
    });
  };
}

/** The exit code stands in a cause of the status [Kubernetes, remotecommand: reason NonZeroExitCode, cause ExitCode]. */
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

function handshakeFailure(error: unknown) {
  const said = at(error, "message") ?? (error as { message?: unknown } | undefined)?.message;
  const status = Number(/Unexpected server response: (\d{3})/.exec(String(said))?.[1]);
  if (!(status >= 300)) return unreached(error);
  const code = status === 403 ? "Forbidden" : status === 404 ? "NotFound" : `Http${status}`;
  const again = status === 401 || isTransient(status);
  return trouble(code, `Kubernetes answered ${status} to the exec call`, again, status);
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
