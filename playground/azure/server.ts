import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Estate } from "../estate/estate.ts";
import { throwAwayAuthority } from "./authority.ts";
import { type Answer, failure } from "./errors.ts";
import { type Faults, faultSet } from "./faults.ts";
import { graphRoutes } from "./graph/graph.ts";
import type { QuotaRule } from "./graph/quota.ts";
import { type Identity, managedIdentity } from "./identity.ts";
import { aksServer, type LiveClusters, type LiveOptions, liveClusters } from "./live-clusters.ts";
import { activityRoutes } from "./providers/activity.ts";
import { alertRoutes } from "./providers/alerts.ts";
import { assessmentRoutes } from "./providers/assessments.ts";
import { containerRoutes } from "./providers/containers.ts";
import { exemptionRoutes } from "./providers/exemptions.ts";
import { policyRoutes } from "./providers/policy.ts";
import { policyStateRoutes } from "./providers/policy-states.ts";
import { pricingRoutes } from "./providers/pricings.ts";
import { roleAssignmentRoutes } from "./providers/role-assignments.ts";
import { standardRoutes } from "./providers/standards.ts";
import { subscriptionRoutes } from "./providers/subscriptions.ts";
import { suppressionRoutes } from "./providers/suppression-rules.ts";
import { type Registries, registryServers } from "./registry/servers.ts";
import { type Manners, roughly } from "./rough.ts";
import { compileRoutes, dispatch } from "./routes.ts";
import { answerThrough, parseBody, readBody } from "./wire.ts";

export type AzureOptions = {
  estate: Estate;
  /** The time of the stand-in: of `now()` and `ago()`, quota and the life of a `$skipToken`. Default: the real one. */
  clock?: () => Date;
  /** Of Resource Manager; default: a free one. */
  port?: number;
  /** Where the authority's PEM file is written; default: a new directory for temporary files. */
  directory?: string;
  /** How many elements a page of a list has; default 100. */
  pageSize?: number;
  /** Resource Graph's quota; default: none. The real one is 15 requests in 5 seconds. */
  quota?: QuotaRule;
  /** How quick the clusters, and Defender that watches them, are. */
  live?: LiveOptions;
};
/** One request to Resource Manager; status 0 where the connection was cut, and until the answer was sent. */
export type Recorded = {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  status: number;
  time: string;
};
export type AzureStandIn = {
  resourceManagerUrl: string;
  identityEndpoint: string;
  identityHeader: string;
  caPath: string;
  /** What the bot's process needs in its environment to take this for Azure. */
  env: Record<
    "AZURE_RESOURCE_MANAGER_URL" | "IDENTITY_ENDPOINT" | "IDENTITY_HEADER" | "NODE_EXTRA_CA_CERTS",
    string
  >;
  estate: Estate;
  faults: Faults;
  manners: Manners;
  requests: Recorded[];
  /** The registries' own servers: `/NAME/path` names a request there. */
  registries: Pick<Registries, "faults" | "closed" | "requests">;
  /** Clusters with their API servers, started at first use, and Defender that watches them. */
  clusters: LiveClusters["clusters"];
  defender: LiveClusters["defender"];
  /** Closes every server and connection. */
  stop(): Promise<void>;
};

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function close(server: Server) {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
}

/**
 * Starts the stand-in of Azure: Resource Manager with Resource Graph over TLS, and the managed identity's token
 * endpoint over plain HTTP. It serves whatever the estate holds at the moment of each request.
 */
export async function startAzure(options: AzureOptions): Promise<AzureStandIn> {
  const { estate, clock = () => new Date() } = options;
  const authority = throwAwayAuthority(options.directory);
  const faults = faultSet();
  const manners: Manners = { rough: false };
  const requests: Recorded[] = [];
  let base = "";
  const audience = () => [
    base,
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://containerregistry.azure.net",
  ];
  const identity = managedIdentity(audience, [aksServer]);
  const live = liveClusters(estate, identity, { ...options.live, directory: options.directory, clock });
  const registries = registryServers(
    estate,
    authority,
    (token) => identity.verify(`Bearer ${token}`) === undefined,
  );
  const routes = compileRoutes([
    ...subscriptionRoutes,
    ...pricingRoutes,
    ...activityRoutes,
    ...alertRoutes,
    ...exemptionRoutes,
    ...suppressionRoutes,
    ...assessmentRoutes,
    ...containerRoutes,
    ...policyRoutes,
    ...policyStateRoutes,
    ...roleAssignmentRoutes,
    ...standardRoutes,
    ...live.routes,
    ...graphRoutes(options.quota),
  ]);
  const serve = async (request: IncomingMessage, response: ServerResponse) => {
    const now = clock();
    const url = new URL(request.url ?? "/", base);
    const method = request.method ?? "GET";
    const text = await readBody(request);
    // Tests put other registries into the estate while it is served.
    await registries.serve();
    const recorded = record(requests, method, url, text, now);
    const handle = async (): Promise<Answer> => {
      const refused = identity.verify(request.headers.authorization);
      if (refused) return refused;
      const call = {
        estate,
        method,
        url,
        params: {},
        body: undefined,
        ifMatch: request.headers["if-match"],
        now,
        base,
        pageSize: options.pageSize ?? 100,
      };
      try {
        const answer = await dispatch(routes, { ...call, body: parseBody(text) });
        return manners.rough ? roughly(answer, base) : answer;
      } catch (error) {
        if (error instanceof SyntaxError)
          return failure(
            400,
            "InvalidRequestContent",
            "The request content was invalid and could not be deserialized.",
          );
        throw error;
      }
    };
    const path = decodeURIComponent(url.pathname);
    recorded.status = await answerThrough(faults.meet(method, path, text), response, handle);
  };
  const tls = { key: authority.key, cert: authority.certificate };
  const manager = createSecureServer(tls, (request, response) => guarded(serve(request, response), response));
  const tokens = createServer((request, response) => issue(identity, request, response));
  base = `https://127.0.0.1:${await listen(manager as unknown as Server, options.port ?? 0)}`;
  await registries.serve();
  const identityEndpoint = `http://127.0.0.1:${await listen(tokens, 0)}/msi/token`;
  return {
    resourceManagerUrl: base,
    identityEndpoint,
    identityHeader: identity.header,
    caPath: authority.caPath,
    env: {
      AZURE_RESOURCE_MANAGER_URL: base,
      IDENTITY_ENDPOINT: identityEndpoint,
      IDENTITY_HEADER: identity.header,
      NODE_EXTRA_CA_CERTS: authority.caPath,
    },
    estate,
    faults,
    manners,
    requests,
    registries,
    clusters: live.clusters,
    defender: live.defender,
    stop: async () => {
      const servers = [close(manager as unknown as Server), close(tokens), registries.stop(), live.stop()];
      await Promise.all(servers);
    },
  };
}

function record(requests: Recorded[], method: string, url: URL, text: string, now: Date): Recorded {
  let body: unknown;
  try {
    body = parseBody(text);
  } catch {
    body = text;
  }
  const query = Object.fromEntries(url.searchParams);
  const made = {
    method,
    path: decodeURIComponent(url.pathname),
    query,
    body,
    status: 0,
    time: now.toISOString(),
  };
  requests.push(made);
  return made;
}

/** A mistake of the stand-in itself is shown loudly: as a 500 that says so. */
function guarded(work: Promise<void>, response: ServerResponse) {
  work.catch((error: unknown) => {
    const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (!response.headersSent) response.writeHead(500, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ error: { code: "PlaygroundFailure", message: said } }));
  });
}

function issue(identity: Identity, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const header = request.headers["x-identity-header"];
  const known = request.method === "GET" && url.pathname === "/msi/token";
  const given = typeof header === "string" ? header : undefined;
  const answer = known ? identity.token(url, given) : { status: 404, body: { error: "not_found" } };
  response.writeHead(answer.status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(answer.body));
}
