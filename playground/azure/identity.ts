import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { type Answer, failure } from "./errors.ts";
import { close, listen } from "./wire.ts";

/** The managed identity in the form of App Service, and the check of its tokens. */
export type Identity = {
  header: string;
  /** The resources that are Resource Manager: more with each stand-in that shares this identity. */
  audience: Set<string>;
  token(url: URL, header: string | undefined): Answer;
  /** Whether the token is one for Resource Manager; else the refusal. */
  verify(authorization: string | undefined): Answer | undefined;
  /** Whether a token is valid and was given out for another resource, such as the server application of AKS. */
  holds(token: string, resource: string): boolean;
};

/** The server application of AKS in Entra: tokens for API servers are asked for with it [AKS documentation, kubelogin]. */
export const aksServer = "6dae42f8-4368-4678-94ff-3960e28e3630";
const version = "2019-08-01";
const lifetimeSeconds = 86_400;

/**
 * `GET /msi/token?resource=…&api-version=2019-08-01` with X-IDENTITY-HEADER [App Service docs, "REST endpoint
 * reference" of managed identities]; tokens are opaque, known to this process only,
 * and expire by the real time: the SDK that caches them knows no other.
 */
function managedIdentity(): Identity {
  const audience = new Set([
    "https://management.azure.com",
    "https://management.core.windows.net",
    "https://containerregistry.azure.net",
  ]);
  const header = randomBytes(16).toString("hex");
  const tokens = new Map<string, { expires: number; resource: string }>();
  const isLive = (known: { expires: number } | undefined) =>
    known !== undefined && known.expires * 1000 > Date.now();
  return {
    header,
    audience,
    token(url, given) {
      if (given !== header) return refusal(401, "unauthorized", "X-IDENTITY-HEADER is missing or wrong");
      if (url.searchParams.get("api-version") !== version)
        return refusal(400, "invalid_request", `api-version must be ${version}`);
      const resource = (url.searchParams.get("resource") ?? "").replace(/\/+$/, "");
      if (!audience.has(resource) && resource !== aksServer)
        return refusal(400, "invalid_resource", `The resource principal named '${resource}' was not found`);
      const expires = Math.floor(Date.now() / 1000) + lifetimeSeconds;
      const token = randomBytes(32).toString("base64url");
      tokens.set(token, { expires, resource });
      const body = { access_token: token, expires_on: String(expires), resource, token_type: "Bearer" };
      return { status: 200, body: { ...body, client_id: url.searchParams.get("client_id") ?? "" } };
    },
    verify(authorization) {
      const token = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
      const known = token === undefined ? undefined : tokens.get(token);
      if (known && isLive(known) && known.resource !== aksServer) return undefined;
      const said = token ? "invalid_token" : "authentication_required";
      const answer = failure(401, token ? "InvalidAuthenticationToken" : "AuthenticationFailed", said);
      const challenge = `Bearer authorization_uri="https://login.windows.net/common", error="${said}"`;
      return { ...answer, headers: { "WWW-Authenticate": challenge } };
    },
    holds: (token, resource) => isLive(tokens.get(token)) && tokens.get(token)?.resource === resource,
  };
}

/** An identity with its token endpoint. */
export type ServedIdentity = { identity: Identity; endpoint: string; stop(): Promise<void> };

/** Serves an identity over plain HTTP; it keeps no process alive. */
export async function serveIdentity(): Promise<ServedIdentity> {
  const identity = managedIdentity();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const header = request.headers["x-identity-header"];
    const known = request.method === "GET" && url.pathname === "/msi/token";
    const given = typeof header === "string" ? header : undefined;
    const answer = known ? identity.token(url, given) : { status: 404, body: { error: "not_found" } };
    response.writeHead(answer.status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer.body));
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}/msi/token`;
  server.unref();
  return { identity, endpoint, stop: () => close(server) };
}

function refusal(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
