import { type Kind, kindAt } from "../kinds.ts";
import type { User } from "../rights.ts";
import { unknownResource } from "../status.ts";

/** One request, as far as it is known who asks; the run-command API hands its own to the same functions. */
export type ApiRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Of the body. */
  contentType: string;
  body: string;
  user: User;
  /** User agent: who manages fields where no one is named. */
  agent: string;
};
/** An answer: JSON, or plain text. */
export type ApiAnswer =
  | { status: number; body: unknown; headers?: Record<string, string> }
  | { status: number; text: string; headers?: Record<string, string> };

/** What a path names. */
export type Target = { kind: Kind; namespace?: string; name?: string; subresource?: string };

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`. Throws a refusal where no such resource is served. */
export function targetOf(path: string): Target {
  const [root = "", ...rest] = path.split("/").filter(Boolean).map(decodeURIComponent);
  const group = root === "apis" ? (rest.shift() ?? "") : "";
  const version = rest.shift() ?? "";
  if (root !== "api" && root !== "apis") throw unknownResource();
  const inside = rest[0] === "namespaces" && rest.length > 2 && !["status", "finalize"].includes(rest[2]!);
  const namespace = inside ? rest[1] : undefined;
  const [plural = "", name, subresource, more] = inside ? rest.slice(2) : rest;
  const kind = kindAt(group, version, plural);
  if (!kind || more !== undefined || (namespace !== undefined && !kind.namespaced)) throw unknownResource();
  return { kind, namespace, name, subresource };
}

/**
 * The verb that permissions are asked for [Kubernetes documentation, "Authorization", request verbs]; undefined for those
 * that are not served: watches, updates, and the deletion of collections.
 */
export function verbOf(method: string, target: Target): string | undefined {
  const one = target.name !== undefined;
  if (method === "GET" || method === "HEAD") return one ? "get" : "list";
  if (method === "POST") return "create";
  if (method === "PATCH") return "patch";
  return method === "DELETE" && one ? "delete" : undefined;
}

/** `dryRun=All`; anything else but nothing is refused by the caller. */
export const isDryRun = (query: URLSearchParams) => query.getAll("dryRun").includes("All");
