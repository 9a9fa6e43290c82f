import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Estate, Resource } from "../../estate/estate.ts";
import type { Authority } from "../authority.ts";
import type { Answer } from "../errors.ts";
import { type Faults, faultSet } from "../faults.ts";
import { allowed, allowedData } from "../rights.ts";
import { answerThrough, readBody } from "../wire.ts";
import { type RegistryRoute, registryRoute } from "./answers.ts";
import { type RegistryTokens, refusal, registryTokens } from "./tokens.ts";

/** The registries' own servers, one port for each registry of the estate. */
export type Registries = {
  /** Gives every registry that has none yet its server, and writes its address into the estate. */
  serve(): Promise<void>;
  /** Met by `/NAME/path` of a registry. */
  faults: Faults;
  /** Names of registries whose firewall lets no one through. */
  closed: Set<string>;
  /** `METHOD /NAME/path` of each request. */
  requests: string[];
  stop(): Promise<void>;
};

/** `verify`: whether an Entra token was given out by us. */
export function registryServers(
  estate: Estate,
  authority: Authority,
  verify: (token: string) => boolean,
): Registries {
  const servers = new Map<Resource, Server>();
  const opening = new Map<Resource, Promise<void>>();
  const shared = { faults: faultSet(), closed: new Set<string>(), requests: [] as string[] };
  const open = async (registry: Resource) => {
    const server = createServer({ key: authority.key, cert: authority.certificate });
    servers.set(registry, server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    registry.properties.loginServer = host;
    estate.revision++;
    const subscription = registry.id.split("/")[2] ?? "";
    const abac = () => registry.properties.roleAssignmentMode === "AbacRepositoryPermissions";
    const mayUse = (action: string) =>
      abac()
        ? (dataActions[action] ?? []).every((one) => allowedData(estate, subscription, one))
        : allowed(estate, subscription, action);
    // In ABAC mode each repository is judged by itself, when it is asked for.
    const tokens = registryTokens(host, (token) => verify(token) && (abac() || mayUse(pull)));
    const about = { estate, registry, host, tokens, mayUse, ...shared };
    server.on("request", (request, response) => void serveOne(about, request, response));
  };
  return {
    ...shared,
    async serve() {
      for (const registry of estate.registries)
        if (!opening.has(registry)) opening.set(registry, open(registry));
      await Promise.all(opening.values());
    },
    async stop() {
      await Promise.all(
        [...servers.values()].map(async (server) => {
          const closed = new Promise((resolve) => server.close(resolve));
          server.closeAllConnections();
          await closed;
        }),
      );
    },
  };
}

const pull = "Microsoft.ContainerRegistry/registries/pull/read";
/** What counts instead in a registry in ABAC mode [Azure Container Registry docs, ABAC repository permissions]. */
const dataActions: Record<string, string[]> = {
  [pull]: ["Microsoft.ContainerRegistry/registries/repositories/metadata/read"],
  "Microsoft.ContainerRegistry/registries/artifacts/delete": [
    "Microsoft.ContainerRegistry/registries/repositories/content/delete",
    "Microsoft.ContainerRegistry/registries/repositories/metadata/delete",
  ],
};

type About = Pick<Registries, "faults" | "closed" | "requests"> & {
  estate: Estate;
  registry: Resource;
  host: string;
  tokens: RegistryTokens;
  mayUse: (action: string) => boolean;
};

async function serveOne(about: About, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", `https://${about.host}`);
  const method = request.method ?? "GET";
  const body = await readBody(request);
  const named = `/${about.registry.name}${url.pathname}`;
  about.requests.push(`${method} ${named}`);
  const handle = async () => answer(about, request, url, body);
  await answerThrough(about.faults.meet(method, named, ""), response, handle);
}

function answer(about: About, request: IncomingMessage, url: URL, body: string): Answer {
  const { registry, tokens, host } = about;
  if (about.closed.has(registry.name))
    return refusal(
      403,
      "DENIED",
      "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall to grant access.",
    );
  const method = request.method ?? "GET";
  if (method === "POST" && url.pathname === "/oauth2/exchange")
    return tokens.exchange(new URLSearchParams(body));
  if (method === "POST" && url.pathname === "/oauth2/token") return tokens.token(new URLSearchParams(body));
  const route = registryRoute(method, url.pathname);
  if (!route) return refusal(404, "NOT_FOUND", `${method} ${url.pathname} is not known`);
  if (!tokens.covers(request.headers.authorization, route.scope)) return challenge(host, route);
  if (!about.mayUse(route.action))
    return refusal(403, "DENIED", "requested access to the resource is denied");
  return route.answer({ estate: about.estate, registry, method, url });
}

function challenge(host: string, { scope }: RegistryRoute): Answer {
  const asked = `Bearer realm="https://${host}/oauth2/token",service="${host}"${scope && `,scope="${scope}"`}`;
  const refused = refusal(401, "UNAUTHORIZED", "authentication required", null);
  return { ...refused, headers: { "WWW-Authenticate": asked } };
}
