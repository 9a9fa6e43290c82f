import type { HttpMethods, Pipeline } from "@azure/core-rest-pipeline";
import { UpstreamError } from "../../errors.ts";
import type { Settings } from "../../settings/settings.ts";
import { type Client, userAgent } from "../client.ts";
import { unreadableBody } from "../problem.ts";

export type Operation = {
  status: number;
  body: unknown;
  /** Where a long-running operation tells how far it is; always on Resource Manager's own host. */
  location?: string;
  /** Seconds. */
  retryAfter?: number;
};

/** Calls whose status and headers matter: long-running operations of Resource Manager [ARM docs, asynchronous operations]. */
export type Operations = {
  call(method: HttpMethods, path: string, apiVersion: string, body?: unknown): Promise<Operation>;
  /** Asks an address that an operation named. */
  follow(location: string): Promise<Operation>;
};

/** Opens nothing before the first call. Retries, limits, counts and errors are the client's. */
export function azureOperations({ azure }: Pick<Settings, "azure">, client: Client): Operations {
  let opened: Promise<(method: HttpMethods, url: string, body?: unknown) => Promise<Operation>> | undefined;
  const send = async (method: HttpMethods, url: string, body?: unknown) => {
    opened ??= open(azure, client);
    return (await opened)(method, url, body);
  };
  return {
    call: (method, path, apiVersion, body) =>
      send(method, `${azure.resourceManager}${escaped(path)}?api-version=${apiVersion}`, body),
    follow: (location) => send("GET", ownHost(azure.resourceManager, location)),
  };
}

async function open(azure: Settings["azure"], client: Client) {
  const rest = await import("@azure/core-rest-pipeline");
  const credential = await client.credential();
  const pipeline: Pipeline = rest.createPipelineFromOptions({
    userAgentOptions: { userAgentPrefix: userAgent },
    // The token goes with the request: a redirect is never followed.
    redirectOptions: { maxRetries: 0 },
  });
  pipeline.addPolicy(rest.bearerTokenAuthenticationPolicy({ credential, scopes: azure.audience }), {
    phase: "Sign",
  });
  client.guard(pipeline);
  const http = rest.createDefaultHttpClient();
  return async (method: HttpMethods, url: string, body?: unknown): Promise<Operation> => {
    const headers = rest.createHttpHeaders({ accept: "application/json" });
    if (body !== undefined) headers.set("content-type", "application/json");
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await pipeline.sendRequest(
      http,
      rest.createPipelineRequest({ method, url, headers, body: text }),
    );
    const next = answer.headers.get("azure-asyncoperation") ?? answer.headers.get("location");
    const seconds = Number(answer.headers.get("retry-after"));
    return {
      status: answer.status,
      body: parse(answer.status, answer.bodyAsText),
      location: next && ownHost(azure.resourceManager, next),
      retryAfter: seconds > 0 ? seconds : undefined,
    };
  };
}

function parse(status: number, body: string | null | undefined): unknown {
  if (!body || body.trim() === "") return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw unreadableBody(status, error);
  }
}

/** Resource ids are part of paths: what would start a query or leave the path is escaped. */
function escaped(path: string): string {
  return path
    .split("/")
    .map((step) => (/^\.+$/.test(step) ? "%2E" : step.replace(/[?#%\\]/g, encodeURIComponent)))
    .join("/");
}

function ownHost(endpoint: string, location: string): string {
  if (URL.canParse(location, endpoint) && new URL(location, endpoint).origin === new URL(endpoint).origin)
    return new URL(location, endpoint).href;
  throw new UpstreamError("Azure's operation continues on another host, which is not followed", {
    system: "azure",
    code: "ForeignLocation",
    retryable: false,
  });
}
