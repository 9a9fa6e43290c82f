import type { Readable } from "node:stream";
import type { Pipeline, PipelineResponse } from "@azure/core-rest-pipeline";
import type { TokenCredential } from "@azure/identity";
import about from "../../../package.json" with { type: "json" };
import type { Settings } from "../../domain/settings.ts";
import { UpstreamError } from "../../errors.ts";
import type { Log, Metrics } from "../../ports/process.ts";
import { field, list as listOf, text } from "../fields.ts";
import { address, ownAddress } from "../links.ts";
import { boundedCredential, type Credential, identityOptions } from "./credential.ts";
import { packedHttp } from "./packed.ts";
import { refusalPolicy, retryPolicy, unmarkPolicy } from "./policies.ts";
import { problem, refusal, unreadableBody } from "./problem.ts";
import { askAnew, renewalPolicy } from "./renewal.ts";

/** Sent first in the `User-Agent` of each request, the SDKs' included. */
export const userAgent = `breakwater/${about.version}`;
const mostPages = 10_000;

/** Resource Manager through one pipeline. Paths begin with a slash; every failure is an `UpstreamError`. */
export type Client = {
  endpoint: string;
  get(path: string, apiVersion: string): Promise<unknown>;
  /** The `value` of all pages; `filter`: OData's `$filter`. */
  list(path: string, apiVersion: string, filter?: string): Promise<unknown[]>;
  /** The same of a question that is asked by POST, without a body. `query`: OData's options. */
  query(path: string, apiVersion: string, query: Readonly<Record<string, string>>): Promise<unknown[]>;
  post(path: string, apiVersion: string, body?: unknown): Promise<unknown>;
  /** As `post`, but hands the answer over as it comes, packed or not, for who must not hold up everything else with it. */
  postForStream(path: string, apiVersion: string, body: unknown, signal?: AbortSignal): Promise<Streamed>;
  credential(): Promise<TokenCredential>;
  /** An access token for Resource Manager. */
  token(): Promise<string>;
  /** Gives the pipeline of an SDK's client the same retries, limits, counts and errors. */
  guard(pipeline: Pipeline): void;
};

export type Streamed = {
  headers: { get(name: string): string | undefined };
  body: Readable;
};
type Session = {
  credential: Credential;
  send(
    method: "GET" | "POST",
    url: string,
    body?: string,
    stream?: { signal?: AbortSignal },
  ): Promise<PipelineResponse>;
};

/** Opens no connection and loads no Azure package before the first call. */
export function azureClient(azure: Settings["azure"], deps: { log: Log; metrics: Metrics }): Client {
  let opened: Promise<Session> | undefined;
  const session = () => {
    opened ??= open(azure, guard);
    return opened;
  };
  const guard = (pipeline: Pipeline) => {
    pipeline.removePolicy({ phase: "Retry" });
    pipeline.addPolicy(retryPolicy(deps), { phase: "Retry" });
    pipeline.addPolicy(refusalPolicy(deps), { phase: "Serialize" });
    pipeline.addPolicy(unmarkPolicy, { phase: "Sign" });
    pipeline.addPolicy(
      renewalPolicy(async () => (await session()).credential, azure.audience),
      { phase: "Sign" },
    );
  };
  const send = async (method: "GET" | "POST", url: string, body?: unknown) =>
    (await session()).send(method, url, body === undefined ? undefined : JSON.stringify(body));
  const page = (method: "GET" | "POST") => async (url: string) => pageOf(await send(method, url));
  return {
    endpoint: azure.resourceManager,
    get: async (path, apiVersion) =>
      recordOf(await send("GET", address(azure, path, apiVersion)), "properties"),
    list: (path, apiVersion, filter) =>
      pages(azure, address(azure, path, apiVersion, filter ? { $filter: filter } : {}), page("GET")),
    query: (path, apiVersion, query) => pages(azure, address(azure, path, apiVersion, query), page("POST")),
    post: async (path, apiVersion, body) => parse(await send("POST", address(azure, path, apiVersion), body)),
    async postForStream(path, apiVersion, body, signal) {
      const { send: sent } = await session();
      const url = address(azure, path, apiVersion);
      const { status, headers, readableStreamBody } = await sent("POST", url, JSON.stringify(body), {
        signal,
      });
      if (!readableStreamBody) throw unreadableBody(status);
      return { headers, body: readableStreamBody as Readable };
    },
    credential: async () => (await session()).credential,
    async token() {
      try {
        return (await (await session()).credential.getToken(azure.audience))?.token ?? "";
      } catch (error) {
        throw problem(error);
      }
    },
    guard,
  };
}

async function open(azure: Settings["azure"], guard: (pipeline: Pipeline) => void): Promise<Session> {
  const [identity, rest] = await Promise.all([
    import("@azure/identity"),
    import("@azure/core-rest-pipeline"),
  ]);
  // Reads AZURE_* and IDENTITY_* itself: service principal, workload identity, managed identity, Azure CLI.
  const credential = boundedCredential(
    new identity.DefaultAzureCredential(identityOptions(azure.authorityHost)),
    askAnew(azure.authorityHost),
  );
  const pipeline = rest.createPipelineFromOptions({ userAgentOptions: { userAgentPrefix: userAgent } });
  const token = rest.bearerTokenAuthenticationPolicy({ credential, scopes: azure.audience });
  pipeline.addPolicy(token, { phase: "Sign" });
  guard(pipeline);
  const http = rest.createDefaultHttpClient();
  const packed = packedHttp(http);
  return {
    credential,
    send(method, url, body, stream) {
      const headers = rest.createHttpHeaders({ accept: "application/json" });
      if (body !== undefined) headers.set("content-type", "application/json");
      const request = rest.createPipelineRequest({ method, url, headers, body, abortSignal: stream?.signal });
      return pipeline.sendRequest(stream ? packed : http, request);
    },
  };
}

/** A page of a list. An empty record is an empty list, since no field of one is required. */
function pageOf(response: PipelineResponse): unknown {
  return response.status === 204 ? undefined : recordOf(response, "value");
}

/**
 * A record as Azure answers one. Nothing at all, or an error that came as a success, says nothing about what there is.
 * `holds`: the field of its content.
 */
function recordOf(response: PipelineResponse, holds: string): unknown {
  const body = parse(response);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw unreadableBody(response.status);
  if (field(body, "error") && field(body, holds) === undefined) throw refusal(response);
  return body;
}

function parse(response: PipelineResponse): unknown {
  if (!response.bodyAsText?.trim()) return undefined;
  try {
    return JSON.parse(response.bodyAsText);
  } catch (error) {
    throw unreadableBody(response.status, error);
  }
}

async function pages(azure: Settings["azure"], first: string, get: (url: string) => Promise<unknown>) {
  const all: unknown[] = [];
  const seen = new Set<string>();
  for (let url: string | undefined = first; url !== undefined; ) {
    seen.add(url);
    const page = await get(url);
    for (const item of listOf(field(page, "value"))) all.push(item);
    const next = text(field(page, "nextLink"), 20_000) || text(field(page, "@odata.nextLink"), 20_000);
    url = next === "" ? undefined : ownAddress(azure, next, "ForeignNextLink");
    if (url !== undefined && (seen.has(url) || seen.size >= mostPages))
      throw new UpstreamError("Azure's list does not end: its next link was read before", {
        system: "azure",
        code: "NextLinkLoop",
        retryable: true,
      });
  }
  return all;
}
