import { Worker } from "node:worker_threads";
import type { PipelinePolicy } from "@azure/core-rest-pipeline";
import type { AccessToken } from "@azure/identity";
import type { AskAnew, Credential } from "./credential.ts";

export type Wanted = { scopes: string | string[]; authorityHost: string };
export type Got =
  | { token: AccessToken | null }
  | { error: { name: string; message: string; statusCode?: number } };

/**
 * Asks in a thread of its own, where nothing is known yet: in this process the library keeps a managed identity's token
 * until it expires, up to a day, with no way to forget it [@azure/msal-node, ManagedIdentityApplication.nodeStorage].
 */
export function askAnew(authorityHost: string): AskAnew {
  return async (scopes) => {
    const wanted: Wanted = { scopes, authorityHost };
    const worker = new Worker(new URL("./renewal-worker.ts", import.meta.url), {
      workerData: wanted,
      name: "token",
    });
    try {
      const got = await new Promise<Got>((resolve, reject) => {
        worker.once("message", resolve);
        worker.once("error", reject);
        worker.once("exit", () => reject(new Error("the thread that asks for a token has ended")));
      });
      if ("token" in got) return got.token;
      throw Object.assign(new Error(got.error.message), got.error);
    } finally {
      await worker.terminate();
    }
  };
}

/**
 * Replaces a token that Azure refuses before its time, and tries once more: revoked, or of an identity that was set up
 * anew. What asks for claims is left to the policy around this one. Runs after the policy that signs.
 */
export function renewalPolicy(credential: () => Promise<Credential>, scope: string): PipelinePolicy {
  return {
    name: "breakwaterRenewal",
    async sendRequest(request, next) {
      const tokens = await credential();
      const sign = (token: AccessToken) => request.headers.set("Authorization", `Bearer ${token.token}`);
      const own = tokens.renewed() ? await tokens.getToken(scope) : undefined;
      if (own) sign(own);
      const response = await next(request);
      const refused = /^Bearer (.+)$/i.exec(request.headers.get("Authorization") ?? "")?.[1];
      const challenge = response.headers.get("WWW-Authenticate") ?? "";
      if (response.status !== 401 || refused === undefined || /claims=/i.test(challenge)) return response;
      const fresh = await tokens.renew(scope, refused);
      if (!fresh) return response;
      sign(fresh);
      return next(request);
    },
  };
}
