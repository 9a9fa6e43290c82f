import { randomBytes } from "node:crypto";
import type { Answer } from "../errors.ts";

/** Tokens of one registry: a refresh token for an Entra token, an access token for it and a scope [ACR docs, AAD OAuth]. */
export type RegistryTokens = {
  exchange(form: URLSearchParams): Answer;
  token(form: URLSearchParams): Answer;
  /** Whether the header holds an access token for this scope. */
  covers(authorization: string | undefined, scope: string): boolean;
};

/** `mayPull`: whether the bearer of an Entra token may use this registry at all. */
export function registryTokens(service: string, mayPull: (entraToken: string) => boolean): RegistryTokens {
  const refresh = new Set<string>();
  const access = new Map<string, string>();
  return {
    exchange(form) {
      if (form.get("grant_type") !== "access_token" || form.get("service") !== service)
        return refusal(400, "INVALID_REQUEST", "grant_type and service do not fit this registry");
      if (!mayPull(form.get("access_token") ?? "")) return unauthorized();
      const token = jwt({ aud: service, grant_type: "refresh_token" });
      refresh.add(token);
      return { status: 200, body: { refresh_token: token } };
    },
    token(form) {
      const scope = form.get("scope") ?? "";
      if (form.get("grant_type") !== "refresh_token" || form.get("service") !== service || !scope)
        return refusal(400, "INVALID_REQUEST", "grant_type, service and scope are needed");
      if (!refresh.has(form.get("refresh_token") ?? "")) return unauthorized();
      const token = jwt({ aud: service, scope });
      access.set(token, scope);
      return { status: 200, body: { access_token: token } };
    },
    covers: (authorization, scope) =>
      access.get(/^Bearer (.+)$/i.exec(authorization ?? "")?.[1] ?? "") === scope,
  };
}

/** Three parts, as clients take them apart for the expiry; the signature is a random number that only we know. */
function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 3 * 3600;
  return `${part({ alg: "none", typ: "JWT" })}.${part({ ...claims, exp })}.${randomBytes(24).toString("base64url")}`;
}

/** An error in the shape of the OCI distribution specification. */
export function refusal(status: number, code: string, message: string, detail?: unknown): Answer {
  return { status, body: { errors: [{ code, message, ...(detail !== undefined && { detail }) }] } };
}

const unauthorized = () =>
  refusal(
    401,
    "UNAUTHORIZED",
    "authentication required, visit https://aka.ms/acr/authorization for more information.",
  );
