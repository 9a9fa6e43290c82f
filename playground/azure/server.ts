import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Estate } from "../estate/estate.ts";
import { throwAwayAuthority } from "./authority.ts";
import { type Answer, failure } from "./errors.ts";
import { type Faults, faultSet } from "./faults.ts";
import { graphRoutes } from "./graph/graph.ts";
import type { QuotaRule } from "./graph/quota.ts";
import { type ServedIdentity, serveIdentity } from "./identity.ts";
import { type LiveClusters, type LiveOptions, liveClusters } from "./live-clusters.ts";
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
import { workspaceRoutes } from "./providers/workspaces.ts";
import { type Registries, registryServers } from "./registry/servers.ts";
import { type Manners, roughly } from "./rough.ts";
import { compileRoutes, dispatch } from "./routes.ts";
import { answerThrough, close, listen, parseBody, readBody } from "./wire.ts";

export type AzureOptions = {
  estate: Estate;
  /** The time of the stand-in: of `now()` and `ago()`, quota and the life of a `$skipToken`. Default: the real one. */
  clock?: () => Date;
  /** Of Resource Manager; default: a free one. */
  port?: number;
  /** Whose tokens it takes; default: one of its own, which ends with it. */
  identity?: ServedIdentity;
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
  const served = options.identity ?? (await serveIdentity());
  const { identity } = served;
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
    ...workspaceRoutes,
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
  const manager = createServer(tls, (request, response) => guarded(serve(request, response), response));
  base = `https://127.0.0.1:${await listen(manager as unknown as Server, options.port)}`;
  identity.audience.add(base);
  await registries.serve();
  return {
    resourceManagerUrl: base,
    identityEndpoint: served.endpoint,
    identityHeader: identity.header,
    caPath: authority.caPath,
    env: {
      AZURE_RESOURCE_MANAGER_URL: base,
      IDENTITY_ENDPOINT: served.endpoint,
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
      const own = options.identity ? [] : [served.stop()];
      await Promise.all([close(manager as unknown as Server), registries.stop(), live.stop(), ...own]);
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
