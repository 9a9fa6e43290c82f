import type { AccessToken, TokenCredential } from "@azure/identity";
import pTimeout from "p-timeout";
import { UpstreamError } from "../../errors.ts";

/** Milliseconds: `DefaultAzureCredential` tries several ways one after the other, each with retries of its own. */
const timeoutMs = 20_000;
/** Milliseconds before its end from which a token is not used any more. */
const spare = 120_000;
/** Milliseconds between two renewals; where they do not help, longer and longer. */
const renewals = { least: 60_000, most: 3_600_000 };

/** Entra in the clouds that everybody can look up [facts of `az cloud list`]. */
const wellKnown =
  /^https:\/\/login\.(microsoftonline\.com|microsoftonline\.us|partner\.microsoftonline\.cn|chinacloudapi\.cn)$/;

/**
 * What the identity library is opened with. It asks the public Entra whether the authority is one of Microsoft's; for
 * one that was set by hand there is no such answer, and often no way there [@azure/identity, disableInstanceDiscovery].
 */
export function identityOptions(authorityHost: string) {
  return { authorityHost, disableInstanceDiscovery: !wellKnown.test(authorityHost.replace(/\/$/, "")) };
}

export type Credential = TokenCredential & {
  /** True once a token was renewed: what a library still keeps may be the one that was refused. */
  renewed(): boolean;
  /** Another token than the one that Azure refused, or the same asked for anew; undefined where that was just tried. */
  renew(scope: string, refused: string): Promise<AccessToken | undefined>;
};
/** Asks for a token past everything that the library keeps. */
export type AskAnew = (scopes: string | string[]) => Promise<AccessToken | null>;

/**
 * The credential with a bound on its time and one request at a time for the same token: when the identity's endpoint
 * does not answer, a poll over many subscriptions must not ask it once for each of them.
 */
export function boundedCredential(library: TokenCredential, askAnew: AskAnew = async () => null): Credential {
  const running = new Map<string, Promise<AccessToken | null>>();
  /** Tokens since the first renewal: the library would go on with those that it keeps. */
  let own: Map<string, AccessToken> | undefined;
  let last = {
    at: Number.NEGATIVE_INFINITY,
    pause: renewals.least,
    token: Promise.resolve<AccessToken | null>(null),
  };
  const ask = async (...[scopes, options]: Parameters<TokenCredential["getToken"]>) => {
    const kept = own;
    if (!kept || options?.claims) return library.getToken(scopes, options);
    const known = kept.get(`${scopes}`);
    if (known && known.expiresOnTimestamp - spare > Date.now()) return known;
    const token = await askAnew(scopes);
    if (token) kept.set(`${scopes}`, token);
    return token;
  };
  const getToken: TokenCredential["getToken"] = (scopes, options) => {
    const key = `${scopes} ${options?.claims ?? ""}`;
    const known = running.get(key);
    if (known) return known;
    const asked = bounded(ask(scopes, options)).finally(() => running.delete(key));
    running.set(key, asked);
    return asked;
  };
  return {
    getToken,
    renewed: () => own !== undefined,
    async renew(scope, refused) {
      const current = await getToken(scope);
      if (current && current.token !== refused) return current;
      const since = performance.now() - last.at;
      if (since >= last.pause) {
        own = new Map();
        const pause = since > 4 * last.pause ? renewals.least : Math.min(2 * last.pause, renewals.most);
        last = { at: performance.now(), pause, token: getToken(scope) };
      }
      return (await last.token) ?? undefined;
    },
  };
}

function bounded<T>(work: Promise<T>): Promise<T> {
  const message = new UpstreamError("No token for Azure: the identity did not answer in time", {
    system: "azure",
    code: "TokenTimeout",
    retryable: true,
  });
  return pTimeout(work, { milliseconds: timeoutMs, message });
}
