import { readFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { throwAwayAuthority } from "../playground/azure/authority.ts";
import { type ServedIdentity, serveIdentity } from "../playground/azure/identity.ts";
import { type AzureOptions, startAzure } from "../playground/azure/server.ts";
import type { Estate } from "../playground/estate/estate.ts";
import { azurePort } from "../src/azure/azure.ts";
import type { ShapeReading } from "../src/domain/reading/drift.ts";
import type { Settings } from "../src/domain/settings.ts";
import { rowsOf } from "./alert-readings.ts";

/** What the port counted and logged, and a clock that tests move. */
export function portTo(
  resourceManager: string,
  scope: Partial<Settings["scope"]> = {},
  endpoints: Partial<Settings["azure"]> = {},
) {
  const counts = new Map<string, number>();
  const shapes: ShapeReading[] = [];
  const logged: { level: string; message: string }[] = [];
  const clock = { at: Date.now(), now: () => new Date(clock.at).toISOString() };
  const log = (level: string) => (_: object, message: string) => void logged.push({ level, message });
  const settings = {
    azure: {
      cloud: "AzureCloud",
      resourceManager,
      audience: "https://management.azure.com/.default",
      authorityHost: "https://login.microsoftonline.com",
      portal: "https://portal.azure.com",
      ...endpoints,
    },
    scope: { managementGroups: [], subscriptions: [], ...scope },
    hunts: {},
  } as unknown as Settings;
  const azure = azurePort(settings, {
    log: { info: log("info"), warn: log("warn"), error: log("error"), debug: log("debug") },
    metrics: {
      count(name, labels = {}, by = 1) {
        const key = [name, ...Object.values(labels)].join(" ");
        counts.set(key, (counts.get(key) ?? 0) + by);
      },
      gauge() {},
      observe() {},
    },
    clock,
    shaped: (shape) => void shapes.push(shape),
  });
  return { azure, settings, counts, logged, clock, shapes };
}

let served: Promise<ServedIdentity> | undefined;

/**
 * One for the process: the identity library keeps to the endpoint that it met first, and to the tokens that came from
 * there [@azure/msal-node, ManagedIdentityClient.identitySource and ManagedIdentityApplication.nodeStorage].
 */
async function identityOfProcess(): Promise<ServedIdentity> {
  served ??= serveIdentity();
  const { endpoint, identity } = await served;
  process.env.IDENTITY_ENDPOINT = endpoint;
  process.env.IDENTITY_HEADER = identity.header;
  return served;
}

const trust = (caPath: string) =>
  setDefaultCACertificates([...getCACertificates("default"), readFileSync(caPath, "utf8")]);

/** The playground's Azure, trusted by this process. */
export async function azureStandIn(options: AzureOptions) {
  const standIn = await startAzure({ ...options, identity: await identityOfProcess() });
  trust(standIn.caPath);
  // The SDKs and the stand-in's query parser load at first use: here, where no test's time runs.
  await rowsOf(portTo(standIn.resourceManagerUrl).azure);
  return standIn;
}

/** Puts another estate in the place of the one that is served. */
export function refill(estate: Estate, made: Estate) {
  Object.assign(estate, made, { revision: estate.revision + 1 });
}

export type Scripted = { status?: number; headers?: Record<string, string>; body?: unknown; text?: string };

/** A server that says exactly what a test wants it to say, for what no honest stand-in would. */
export async function scriptedAzure(
  say: (path: string, body: unknown, url: URL, authorization?: string) => Scripted,
) {
  const authority = throwAwayAuthority();
  const requests: string[] = [];
  const agents: string[] = [];
  const tls = createServer({ key: authority.key, cert: authority.certificate }, async (request, response) => {
    const text = await whole(request);
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    requests.push(`${request.method} ${url.pathname}`);
    agents.push(String(request.headers["user-agent"]));
    const isJson = /json/.test(String(request.headers["content-type"]));
    const body = text !== "" && isJson ? JSON.parse(text) : undefined;
    const answer = say(url.pathname, body, url, request.headers.authorization);
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...answer.headers });
    response.end(answer.text ?? JSON.stringify(answer.body ?? {}));
  });
  await new Promise<void>((resolve) => tls.listen(0, "127.0.0.1", resolve));
  await identityOfProcess();
  trust(authority.caPath);
  return {
    url: `https://127.0.0.1:${(tls.address() as AddressInfo).port}`,
    requests,
    agents,
    async stop() {
      tls.closeAllConnections();
      await new Promise((resolve) => tls.close(resolve));
    },
  };
}

async function whole(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}
