import { afterEach, describe, expect, it, vi } from "vitest";
import { healthRoutes } from "../../src/process/health.ts";

afterEach(() => vi.useRealTimers());

const works = async () => [];
const never = () => new Promise<never>(() => {});
const fails = () => Promise.reject(new Error("fails"));

async function readyz(change: Partial<Parameters<typeof healthRoutes>[0]>, query = "") {
  const metrics = async () => ({ type: "text/plain", body: "" });
  const routes = healthRoutes({
    redis: works,
    slack: works,
    azure: works,
    late: works,
    unreadable: works,
    metrics,
    ...change,
  });
  const { status, body } = await routes
    .find(({ path }) => path === "/readyz")!
    .handle(new URLSearchParams(query));
  return [status, JSON.parse(body)];
}

describe("/readyz", () => {
  it("says 503 within 5 s where Redis never answers", async () => {
    vi.useFakeTimers();
    const answer = readyz({ redis: never });
    await vi.advanceTimersByTimeAsync(5000);
    expect(await answer).toEqual([503, { ready: false, redis: false }]);
  });

  it("stays ready while Slack and Azure do not answer, which ?verbose says within 5 s", async () => {
    expect(await readyz({ slack: fails, azure: fails })).toEqual([200, { ready: true, redis: true }]);
    vi.useFakeTimers();
    const answer = readyz({ slack: never, azure: fails }, "verbose");
    await vi.advanceTimersByTimeAsync(5000);
    const result = { ready: true, redis: true, slack: false, azure: false, schedules: true, stored: true };
    expect(await answer).toEqual([200, result]);
  });

  it("?verbose says where a scheduled job did not run", async () => {
    const late = async () => [{ job: "poll-alerts", due: "2026-10-25T01:00:00.000Z" }];
    expect(await readyz({ late }, "verbose")).toMatchObject([200, { schedules: false }]);
  });

  it("?verbose says where stored values could not be read, which makes nothing unready", async () => {
    const unreadable = async () => ["alerts:reading"];
    expect(await readyz({ unreadable }, "verbose")).toMatchObject([200, { ready: true, stored: false }]);
  });
});
