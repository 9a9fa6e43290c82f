import type { AccessToken, TokenCredential } from "@azure/identity";
import { UpstreamError } from "../errors.ts";

/** Milliseconds: `DefaultAzureCredential` tries several ways one after the other, each with retries of its own. */
const patience = 20_000;

/**
 * The credential with a bound on its time and one request at a time for the same token: when the identity's endpoint
 * does not answer, a poll over many subscriptions must not ask it once for each of them.
 */
export function boundedCredential(credential: TokenCredential): TokenCredential {
  const running = new Map<string, Promise<AccessToken | null>>();
  return {
    getToken(scopes, options) {
      const key = `${scopes} ${options?.claims ?? ""}`;
      const known = running.get(key);
      if (known) return known;
      const asked = bounded(credential.getToken(scopes, options)).finally(() => running.delete(key));
      running.set(key, asked);
      return asked;
    },
  };
}

async function bounded<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new UpstreamError("No token for Azure: the identity did not answer in time", {
      system: "azure",
      code: "TokenTimeout",
      retryable: true,
    });
    timer = setTimeout(() => reject(error), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
