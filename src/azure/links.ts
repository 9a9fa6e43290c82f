import type { Settings } from "../domain/settings.ts";
import { UpstreamError } from "../errors.ts";

type Endpoint = Pick<Settings["azure"], "resourceManager" | "audience">;

/**
 * Where a link leads that Azure names (a next page, an operation): always to our own endpoint, because the token goes
 * with the request. Resource Manager at a custom address still writes its public name, which is that of the
 * audience; any other host throws, with `code`.
 */
export function ownAddress(azure: Endpoint, named: string, code: string): string {
  const own = new URL(azure.resourceManager);
  if (URL.canParse(named, own.href)) {
    const { hostname, pathname, search } = new URL(named, own);
    if (hostname === own.hostname || hostname === new URL(azure.audience).hostname)
      return `${own.origin}${pathname}${search}`;
  }
  throw new UpstreamError("Azure's answer continues on another host, which is not followed", {
    system: "azure",
    code,
    retryable: false,
  });
}

/** Resource ids are part of paths: what would start a query or leave the path is escaped. `query`: OData's options. */
export function address(
  azure: Endpoint,
  path: string,
  apiVersion: string,
  query: Readonly<Record<string, string>> = {},
): string {
  const steps = path
    .split("/")
    .map((step) => (/^\.+$/.test(step) ? "%2E" : step.replace(/[?#%\\]/g, encodeURIComponent)));
  const more = Object.entries(query).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`);
  return `${azure.resourceManager}${steps.join("/")}?api-version=${apiVersion}${more.join("")}`;
}
