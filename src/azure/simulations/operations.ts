import type { HttpMethods, Pipeline } from "@azure/core-rest-pipeline";
import type { Settings } from "../../domain/settings.ts";
import { type Client, userAgent } from "../client/client.ts";
import { unreadableBody } from "../client/problem.ts";
import { retryAfter } from "../client/transient.ts";
import { field, text } from "../fields.ts";
import { address, ownAddress } from "../links.ts";

/** Milliseconds for one request. */
const timeout = 15_000;

export type Operation = {
  status: number;
  body: unknown;
  /** Where a long-running operation tells how far it is; always on Resource Manager's own host. */
  location?: string;
  /** Where its result will be, if that is said apart [ARM docs: Location beside Azure-AsyncOperation]. */
  result?: string;
  /** Seconds. */
  retryAfter?: number;
};

/** Calls whose status and headers matter: long-running operations of Resource Manager [ARM docs, asynchronous operations]. */
export type Operations = {
  call(method: HttpMethods, path: string, apiVersion: string, body?: unknown): Promise<Operation>;
  /**
   * The same for what must not be done twice: an answer that does not come is not asked for again. `ifMatch`: only where the
   * resource still has this eTag.
   */
  callOnce(
    method: HttpMethods,
    path: string,
    apiVersion: string,
    body?: unknown,
    ifMatch?: string,
  ): Promise<Operation>;
  /** Asks an address that an operation named. */
  follow(location: string): Promise<Operation>;
};

/** True for an operation that goes on, as itself or its result says it [ARM docs, asynchronous operations]. */
export function isWorking({ status, body }: Pick<Operation, "status" | "body">): boolean {
  const state = text(field(body, "status")) || text(field(body, "properties", "provisioningState"));
  return status === 202 || /^(?:in ?progress|running|accepted|creating|importing)$/i.test(state);
}

/** Opens nothing before the first call. Retries, limits, counts and errors are the client's. */
export function azureOperations({ azure }: Pick<Settings, "azure">, client: Client): Operations {
  const sender = (once: boolean) => {
    let opened: ReturnType<typeof open> | undefined;
    return async (method: HttpMethods, url: string, body?: unknown, ifMatch?: string) => {
      opened ??= open(azure, client, once);
      return (await opened)(method, url, body, ifMatch);
    };
  };
  const [send, sendOnce] = [sender(false), sender(true)];
  return {
    call: (method, path, apiVersion, body) => send(method, address(azure, path, apiVersion), body),
    callOnce: (method, path, apiVersion, body, ifMatch) =>
      sendOnce(method, address(azure, path, apiVersion), body, ifMatch),
    follow: (location) => send("GET", ownAddress(azure, location, "ForeignLocation")),
  };
}

async function open(azure: Settings["azure"], client: Client, once: boolean) {
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
  if (once) pipeline.removePolicy({ phase: "Retry" });
  const http = rest.createDefaultHttpClient();
  return async (method: HttpMethods, url: string, body?: unknown, ifMatch?: string): Promise<Operation> => {
    const headers = rest.createHttpHeaders({ accept: "application/json" });
    if (ifMatch !== undefined) headers.set("if-match", ifMatch);
    if (body !== undefined) headers.set("content-type", "application/json");
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await pipeline.sendRequest(
      http,
      rest.createPipelineRequest({ method, url, headers, body: text, timeout }),
    );
    const result = answer.headers.get("location");
    const next = answer.headers.get("azure-asyncoperation") ?? result;
    const seconds = retryAfter(answer.headers);
    return {
      status: answer.status,
      body: parse(answer.status, answer.bodyAsText),
      location: next && ownAddress(azure, next, "ForeignLocation"),
      result: result && ownAddress(azure, result, "ForeignLocation"),
      retryAfter: seconds || undefined,
    };
  };
}

function parse(status: number, body: string | null | undefined): unknown {
  if (!body?.trim()) return undefined;
  try {
    return JSON.parse(body);
  } catch (error) {
    throw unreadableBody(status, error);
  }
}
