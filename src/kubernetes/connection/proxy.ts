/** The proxy of the environment: HTTPS_PROXY, and what NO_PROXY excepts. */
export type EnvironmentProxy = { url: string; except: string };

/**
 * The proxy for a server: the kubeconfig's own goes first, then that of the environment, unless NO_PROXY excepts the
 * host: a list of names, `.suffix` or `*.suffix`, each with a port if it is meant, or `*` for all.
 */
export function proxyFor(
  server: string,
  own: string | undefined,
  environment: EnvironmentProxy | undefined,
): string | undefined {
  if (own) return own;
  if (!environment) return undefined;
  const { hostname, port } = new URL(server);
  const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
  const excepted = environment.except
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((rule) => rule !== "")
    .some((rule) => excepts(rule, host, port || "443"));
  return excepted ? undefined : environment.url;
}

function excepts(rule: string, host: string, port: string): boolean {
  if (rule === "*") return true;
  const [, name = rule, only] = /^(.*[^:]):(\d+)$/.exec(rule) ?? [];
  if (only !== undefined && only !== port) return false;
  const suffix = name.replace(/^\*?\./, ".");
  return suffix.startsWith(".")
    ? host.endsWith(suffix) || host === suffix.slice(1)
    : host === name || host.endsWith(`.${name}`);
}
