import type { ContainerRegistryClient } from "@azure/container-registry";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { Settings } from "../../domain/settings.ts";
import { UpstreamError } from "../../errors.ts";
import type { Log, Metrics } from "../../ports/process.ts";
import { type Client, userAgent } from "../client/client.ts";
import { retryPolicy, unmarkPolicy } from "../client/policies.ts";

/** The audience of a registry's token exchange, where it is not that of all clouds [@azure/container-registry, KnownContainerRegistryAudience]. */
const audiences: Partial<Record<Settings["azure"]["cloud"], string>> = {
  AzureUSGovernment: "https://management.usgovcloudapi.net",
};

/**
 * A client of one registry's own API, for one reading or change. The package is loaded at first use. Throws an
 * `UpstreamError` where the login server is no host.
 */
export async function openRegistry(
  { azure }: Settings,
  client: Client,
  deps: { log: Log; metrics: Metrics },
  { loginServer }: { loginServer: string },
): Promise<ContainerRegistryClient> {
  // Resource Manager keeps the letter case of the registry's name; a challenge has it in lower case.
  const host = loginServer.trim().toLowerCase();
  if (!/^[a-z0-9.-]+(:\d{1,5})?$/.test(host))
    throw trouble("NoLoginServer", `the registry has no login server that can be called: ${host}`);
  const [{ ContainerRegistryClient }, credential] = await Promise.all([
    import("@azure/container-registry"),
    client.credential(),
  ]);
  return new ContainerRegistryClient(`https://${host}`, credential, {
    ...(audiences[azure.cloud] && { audience: audiences[azure.cloud] }),
    userAgentOptions: { userAgentPrefix: userAgent },
    // Its own retries would follow any `Retry-After`.
    retryOptions: { maxRetries: 0 },
    // The package follows them anywhere, for blobs that lie in a storage account; the token exchange would go along.
    redirectOptions: { allowCrossOriginRedirects: false },
    additionalPolicies: [
      { policy: boundsPolicy(new URL(`https://${host}`).origin), position: "perCall" },
      { policy: retryPolicy(deps, callName), position: "perCall" },
      { policy: unmarkPolicy, position: "perRetry" },
    ],
  });
}

/**
 * The package follows any `Link` to a next page: to another host, with the registry's token, and in a circle for ever
 * [@azure/container-registry 1.1.2, listManifestsPage].
 */
function boundsPolicy(origin: string): PipelinePolicy {
  const listed = new Set<string>();
  return {
    name: "breakwaterRegistryBounds",
    async sendRequest(request, next) {
      const { origin: asked, pathname } = new URL(request.url);
      if (asked !== origin)
        throw trouble("ForeignNextLink", "its list continues on another host, which is not followed");
      if (request.method === "GET" && /\/_(manifests|tags)$/.test(pathname)) {
        if (listed.has(request.url))
          throw trouble("NextLinkLoop", "its list does not end: a page was read before");
        listed.add(request.url);
      }
      return next(request);
    },
  };
}

function trouble(code: string, said: string) {
  return new UpstreamError(`The registry: ${said}`, { system: "azure", code, retryable: false });
}

/** The kind of call, without the names of repositories: `_manifests`, `exchange`. */
function callName(url: string): string {
  return `registry/${new URL(url).pathname.split("/").at(-1)}`;
}
