import { setTimeout as wait } from "node:timers/promises";
import type { KubeConfig, RequestContext } from "@kubernetes/client-node";
import type { UpstreamError } from "../errors.ts";
import type { Way } from "./connection/kubeconfig.ts";
import { refusal, trouble, unreached } from "./connection/refusal.ts";
import { type Answered, type Ask, fieldManager, query, type Transport } from "./connection/transport.ts";
import { parsed } from "./objects/read.ts";
import { execOver } from "./pods/exec.ts";

export type Credentials = {
  /** The bearer token of now; undefined where a client certificate speaks for us. */
  token(): Promise<string | undefined>;
  /** Called where the API server did not know us. */
  refused(): void;
};

/** Milliseconds for one request, connecting included. */
const timeout = 15_000;
/** Milliseconds in which somebody must answer at all, else another way is looked for. */
export const probeTimeout = 6_000;
/** How often an API server that is busy is asked, and the longest pause in seconds that it may ask for. */
const busy = { tries: 3, pause: 5 };
/** Bytes: the longest JSON answer that is taken. */
const mostJson = 32 * 1024 * 1024;

type Call = {
  method: "GET" | "POST" | "DELETE" | "PATCH";
  path: string;
  accept?: string;
  type?: string;
  body?: unknown;
};
type Answer = { status: number; text: string; type: string; retryAfter?: string };

/**
 * The straight way, over one connection pool per cluster. The Kubernetes client (450 ms, 90 MB) is loaded here, at first
 * use. Of it this takes the trust and the credentials of a kubeconfig and its WebSockets; the objects stay plain JSON,
 * because its models turn what they do not know into nothing and throw at what they do not expect.
 * @param proxy address of the proxy to go through
 */
export async function directTransport(
  way: Way,
  credentials: Credentials,
  proxy: string | undefined,
): Promise<Transport> {
  const client = await import("@kubernetes/client-node");
  const pool = new client.RequestContext(way.server, "GET");
  // Its connections are made anew for each request unless the pool of the first one is kept.
  await configOf(client, way, proxy).applySecurityAuthentication(pool);
  const send = async (call: Call, most: number, timeoutMs = timeout): Promise<Answer> => {
    return sendThrough(pool, way.server, call, { token: await credentials.token(), most, timeoutMs });
  };
  const whole = async (call: Call, most: number, timeoutMs?: number): Promise<string> => {
    const answer = await patient(() => send(call, most, timeoutMs));
    if (answer.status === 401) credentials.refused();
    // A redirect is no answer of an API server, and is never followed: it would take the token elsewhere.
    if (answer.status >= 300) throw refusal(answer.status, answer.text, answer.retryAfter);
    // A proxy's page would be taken for the lines of a log.
    if (/^text\/html/i.test(answer.type)) throw notJson(answer.text);
    return answer.text;
  };
  const json = async (ask: Ask): Promise<Answered> => {
    try {
      const timeoutMs = ask.kind === "get" && ask.path === "/version" ? probeTimeout : timeout;
      return { body: jsonOf(await whole(callOf(ask), mostJson, timeoutMs)) };
    } catch (error) {
      return { error: unreached(error) };
    }
  };
  return {
    how: "direct",
    async ask(asks, { stop } = { stop: false }) {
      const answers: Answered[] = [];
      for (const ask of asks) {
        const answer = await json(ask);
        answers.push(answer);
        if (stop && answer.error) break;
      }
      return answers;
    },
    read: (path, most) =>
      whole({ method: "GET", path }, most).catch((error) => Promise.reject(unreached(error))),
    async exec(pod, command) {
      const config = configOf(client, way, proxy, await credentials.token());
      return execOver(client, config, pod, command).catch((error: unknown) => {
        if (unreached(error).status === 401) credentials.refused();
        throw error;
      });
    },
  };
}

/**
 * An API server with too much to do refuses before it does anything, and says when to come back, mostly in a second: clients
 * are expected to [Kubernetes docs, API priority and fairness].
 */
async function patient(send: () => Promise<Answer>): Promise<Answer> {
  for (let tries = 1; ; tries++) {
    const answer = await send();
    const seconds = Number(answer.retryAfter ?? Number.NaN);
    if (answer.status !== 429 || tries >= busy.tries || !(seconds >= 0 && seconds <= busy.pause))
      return answer;
    await wait(seconds * 1000);
  }
}

const anyJson = "application/json, */*;q=0.8";
const metadataOnly = `application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, ${anyJson}`;

function callOf(ask: Ask): Call {
  if (ask.kind === "get")
    return { method: "GET", path: ask.path, ...(ask.partial && { accept: metadataOnly }) };
  if (ask.kind !== "apply")
    return {
      method: ask.kind === "post" ? "POST" : "DELETE",
      path: ask.path,
      type: "application/json",
      body: ask.body,
    };
  const options = query({
    fieldManager,
    force: ask.force ? "true" : undefined,
    dryRun: ask.dryRun ? "All" : undefined,
  });
  // JSON is YAML [Kubernetes docs, server-side apply].
  return {
    method: "PATCH",
    path: `${ask.path}${options}`,
    type: "application/apply-patch+yaml",
    body: ask.manifest,
  };
}

async function sendThrough(
  pool: RequestContext,
  server: string,
  { method, path, accept = anyJson, type, body }: Call,
  { token, most, timeoutMs }: { token: string | undefined; most: number; timeoutMs: number },
): Promise<Answer> {
  const { origin, pathname } = new URL(server);
  try {
    // The dispatcher's own request: `fetch` follows redirects.
    const answer = await pool.getDispatcher()!.request({
      origin,
      path: `${pathname.replace(/\/$/, "")}${path}`,
      method,
      headers: {
        accept,
        "user-agent": "breakwater",
        ...(token && { authorization: `Bearer ${token}` }),
        ...(type && { "content-type": type }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await bounded(answer.body, most);
    return {
      status: answer.statusCode,
      text,
      type: header(answer.headers["content-type"]) ?? "",
      retryAfter: header(answer.headers["retry-after"]),
    };
  } catch (error) {
    throw unreached(error);
  }
}

function header(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" ? value : value?.[0];
}

/** The beginning of a body; the rest is not received. */
async function bounded(body: AsyncIterable<Uint8Array>, most: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    parts.push(part);
    size += part.byteLength;
    if (size >= most) break;
  }
  return Buffer.concat(parts).subarray(0, most).toString("utf8");
}

function jsonOf(body: string): unknown {
  const value = parsed(body);
  if (typeof value === "object" && value !== null) return value;
  throw notJson(body);
}

function notJson(body: string): UpstreamError {
  const long = body.length >= mostJson ? "an answer that is too long" : "a body that is no JSON";
  return trouble("InvalidBody", `The API server answered with ${long}`, body.length < mostJson, 200);
}

/** The client's own form of a way. It names no file to read and no command to run. */
function configOf(
  { KubeConfig }: typeof import("@kubernetes/client-node"),
  { server, authority, serverName, user }: Way,
  proxyUrl: string | undefined,
  token?: string,
): KubeConfig {
  const config = new KubeConfig();
  const base64 = (pem: string | undefined) => pem && Buffer.from(pem).toString("base64");
  config.loadFromClusterAndUser(
    {
      name: "cluster",
      server,
      caData: base64(authority),
      tlsServerName: serverName,
      skipTLSVerify: false,
      proxyUrl,
    },
    user.kind === "entra"
      ? { name: "breakwater", token }
      : { name: "breakwater", token, certData: base64(user.certificate), keyData: base64(user.key) },
  );
  return config;
}
