import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from "@azure/core-rest-pipeline";
import { afterEach, describe, expect, it, vi } from "vitest";
import { boundedCredential } from "../../src/azure/client/credential.ts";
import { renewalPolicy } from "../../src/azure/client/renewal.ts";
import { portTo, type Scripted, scriptedAzure } from "../azure-stand-in.ts";

describe("the token", () => {
  afterEach(() => void vi.useRealTimers());
  const token = { token: "t", expiresOnTimestamp: 1 };

  it("is asked for once by all who need it at the same time", async () => {
    let asked = 0;
    const credential = boundedCredential({
      async getToken() {
        asked++;
        return token;
      },
    });
    await Promise.all([credential.getToken("a"), credential.getToken("a"), credential.getToken("b")]);
    expect(asked).toBe(2);
    await credential.getToken("a");
    expect(asked).toBe(3);
  });

  it("is given up after 20 seconds, as something that may pass", async () => {
    vi.useFakeTimers();
    const credential = boundedCredential({ getToken: () => new Promise(() => {}) });
    const asked = expect(credential.getToken("a")).rejects.toMatchObject({
      code: "TokenTimeout",
      retryable: true,
    });
    await vi.advanceTimersByTimeAsync(20_000);
    await asked;
  });

  const lasting = (name: string) => ({ token: name, expiresOnTimestamp: Date.now() + 3_600_000 });
  /** A library that keeps "old" for ever, and an endpoint that hands out others. */
  const renewable = (fresh: () => string) => {
    let asked = 0;
    const credential = boundedCredential({ getToken: async () => lasting("old") }, async () => {
      asked++;
      return lasting(fresh());
    });
    return { credential, asked: () => asked };
  };

  it("is asked for anew once for all whose requests were refused, and then used for everything", async () => {
    const { credential, asked } = renewable(() => "new");
    const renewed = await Promise.all([1, 2, 3].map(() => credential.renew("a", "old")));
    expect(renewed.map((one) => one?.token)).toEqual(["new", "new", "new"]);
    expect((await credential.getToken("a"))?.token).toBe("new");
    expect(asked()).toBe(1);
    // Late refusals of the one before find the new one there.
    expect((await credential.renew("a", "old"))?.token).toBe("new");
    expect(asked()).toBe(1);
  });

  it("is asked for anew ever more seldom where that does not help", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    const { credential, asked } = renewable(() => "old");
    for (let minute = 0; minute < 24 * 60; minute++, vi.advanceTimersByTime(60_000))
      await credential.renew("a", "old");
    expect(asked()).toBeGreaterThan(20);
    expect(asked()).toBeLessThan(40);
  });

  it("is not changed by a request that is refused for claims, or not signed", async () => {
    const { credential, asked } = renewable(() => "new");
    const policy = renewalPolicy(async () => credential, "a");
    const answer = (headers: Record<string, string>) => async (request: PipelineRequest) => ({
      status: 401,
      request,
      headers: createHttpHeaders(headers),
    });
    const signed = () =>
      createPipelineRequest({
        url: "https://x",
        headers: createHttpHeaders({ authorization: "Bearer old" }),
      });
    await policy.sendRequest(signed(), answer({ "www-authenticate": 'Bearer claims="e30="' }));
    await policy.sendRequest(createPipelineRequest({ url: "https://x" }), answer({}));
    expect(asked()).toBe(0);
    await policy.sendRequest(signed(), answer({}));
    expect(asked()).toBe(1);
  });
});

describe("an Entra of one's own", () => {
  afterEach(() => void vi.unstubAllEnvs());
  const tenant = "00000000-0000-0000-0000-00000000000a";
  const refusal = { error: "invalid_client", error_description: "AADSTS7000215: Invalid client secret" };

  it("is asked for the token of a service principal, without a word to Microsoft's", async () => {
    const answers: Scripted[] = [
      { status: 401, body: refusal },
      ...[1, 2, 3, 4].map(() => ({ status: 503, headers: { "retry-after": "0" }, body: {} })),
      { body: { access_token: "of-its-own", expires_in: 3600, token_type: "Bearer" } },
    ];
    const server = await scriptedAzure((path, _, { pathname }, authorization) => {
      const base = `${server.url}/${tenant}`;
      if (pathname.endsWith("/openid-configuration"))
        return {
          body: {
            issuer: `${base}/v2.0`,
            authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
            token_endpoint: `${base}/oauth2/v2.0/token`,
            jwks_uri: `${base}/discovery/v2.0/keys`,
          },
        };
      if (pathname.endsWith("/oauth2/v2.0/token")) return answers.shift() ?? { status: 500 };
      return authorization === "Bearer of-its-own" && path === "/subscriptions"
        ? { body: { value: [{ subscriptionId: "s" }] } }
        : { status: 401 };
    });
    vi.stubEnv("AZURE_TENANT_ID", tenant);
    vi.stubEnv("AZURE_CLIENT_ID", "00000000-0000-0000-0000-00000000000b");
    vi.stubEnv("AZURE_CLIENT_SECRET", "secret");
    const subscriptions = () => portTo(server.url, {}, { authorityHost: server.url }).azure.subscriptions();
    await expect(subscriptions()).rejects.toMatchObject({
      status: 401,
      code: "invalid_client",
      retryable: false,
      message: expect.stringMatching(/^No token for Azure \(invalid_client\): AADSTS7000215/),
    });
    // The library tries four times by itself.
    await expect(subscriptions()).rejects.toMatchObject({ status: 0, retryable: true });
    expect(answers).toHaveLength(1);
    expect((await subscriptions()).value).toMatchObject([{ id: "s" }]);
    expect(server.requests.every((one) => /openid-configuration|token$|\/subscriptions$/.test(one))).toBe(
      true,
    );
    await server.stop();
  });
});
