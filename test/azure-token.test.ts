import { afterEach, describe, expect, it, vi } from "vitest";
import { boundedCredential } from "../src/azure/credential.ts";

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
});
