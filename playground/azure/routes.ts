import type { Estate } from "../estate/estate.ts";
import {
  type Answer,
  failure,
  invalidVersion,
  missingVersion,
  notAuthorized,
  subscriptionNotFound,
} from "./errors.ts";
import { allowed } from "./rights.ts";

/** One request on its way to a route; `params` are the parts that the template names. */
export type Call = {
  estate: Estate;
  method: string;
  url: URL;
  params: Record<string, string>;
  body: unknown;
  /** The If-Match header. */
  ifMatch?: string;
  now: Date;
  /** The base of nextLink, and the size of a page of a list. */
  base: string;
  pageSize: number;
};
export type Route = {
  method: "GET" | "PUT" | "POST" | "DELETE";
  /** `{name}` is one segment, `{name*}` any number of them. */
  path: string;
  versions: string[];
  /** The right that is needed in the subscription that the path names. */
  action?: string;
  handle: (call: Call) => Answer | Promise<Answer>;
};
type Compiled = Route & { pattern: RegExp };

/** Paths of Resource Manager do not care about case. */
export function compileRoutes(routes: Route[]): Compiled[] {
  return routes.map((route) => {
    const source = route.path
      .replace(/[.$]/g, "\\$&")
      .replace(/\{(\w+)\*\}/g, "(?<$1>.+)")
      .replace(/\{(\w+)\}/g, "(?<$1>[^/]+)");
    return { ...route, pattern: new RegExp(`^${source}/?$`, "i") };
  });
}

/** Finds the route of a call, and refuses as Resource Manager does: subscription, version, rights, in this order. */
export async function dispatch(routes: Compiled[], call: Call): Promise<Answer> {
  const path = decodeURIComponent(call.url.pathname);
  const fitting = routes.flatMap((route) => {
    const match = route.pattern.exec(path);
    return match ? [{ route, params: { ...match.groups } as Record<string, string> }] : [];
  });
  const matched = fitting.find((one) => one.route.method === call.method);
  const version = call.url.searchParams.get("api-version");
  if (!version) return missingVersion();
  if (!matched) return fitting.length > 0 ? notAllowed(call.method) : notFound(path);
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (subscription) {
    const known = call.estate.subscriptions.some(
      (one) => one.subscriptionId.toLowerCase() === subscription.toLowerCase(),
    );
    if (!known) return subscriptionNotFound(subscription);
  }
  if (!matched.route.versions.includes(version)) return invalidVersion(version, matched.route.versions);
  const action = matched.route.action?.replace(/\{(\w+)\}/g, (_, name: string) => matched.params[name] ?? "");
  if (subscription && action && !allowed(call.estate, subscription, action))
    return notAuthorized(action, `/subscriptions/${subscription}`);
  return matched.route.handle({ ...call, params: matched.params });
}

const notAllowed = (method: string) =>
  failure(405, "HttpMethodNotAllowed", `The HTTP method '${method}' is not supported at this scope.`);

const notFound = (path: string) =>
  failure(404, "InvalidResourceType", `The resource type could not be matched for the path '${path}'.`);
