import { describe, expect, it, vi } from "vitest";
import { startWorld, type World } from "../../playground/world.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import type { Readings } from "../../src/ports/readings.ts";
import { readingsPort } from "../../src/readings/readings.ts";
import { openStore } from "../../src/store/store.ts";
import { assessments, coverage } from "../dispatch-estate.ts";
import { demoCluster, read } from "../dispatch-parts.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";
import { redisServers } from "../redis-servers.ts";

const redis = redisForThisFile();
const start = Date.parse("2026-11-23T08:00:00.000Z");

/** Some processes on one Redis, with one clock, and an Azure that answers when the test says so. */
function processes(count: number) {
  const prefix = redis.prefix();
  const time = { ms: start };
  const clock = { now: () => new Date(time.ms).toISOString() };
  const azure = {
    reads: 0,
    rows: assessments,
    fails: undefined as UpstreamError | undefined,
    gate: Promise.resolve(),
  };
  const port = {
    subscriptions: async () => read([{ id: "s1", name: "prod-east", state: "Enabled" }]),
    coverage: async () => read(coverage, { asOf: clock.now() }),
    targets: async () => {
      azure.reads++;
      return read({ clusters: [demoCluster], registries: [registry] }, { asOf: clock.now() });
    },
    async assessments() {
      azure.reads++;
      await azure.gate;
      if (azure.fails) throw azure.fails;
      return { ...read(azure.rows, { asOf: clock.now(), unread: [unreadable] }), unassessed };
    },
  } as unknown as Ports["azure"];
  const metrics = { count() {}, gauge() {}, observe() {} };
  const all = Array.from({ length: count }, (): Readings => {
    const store = openStore(redis.connect(), prefix, []);
    return readingsPort({ azure: port, store, leases: store.leases, clock, log: quiet, metrics });
  });
  return { all, azure, time, prefix, raw: redis.connect(), key: `${prefix}:readings:recommendations` };
}

const registry = { ...demoCluster, name: "crdemo", registry: "crdemo", loginServer: "crdemo.azurecr.io" };
const unassessed = [{ id: "s2", name: "new", state: "off" as const, detail: "" }];
const unreadable = { id: "s9", name: "locked", why: "denied" as const, detail: "AuthorizationFailed" };
const failure = () =>
  new UpstreamError("Azure said no", { system: "azure", status: 503, code: "Busy", retryable: true });

function held<T extends { gate: Promise<void> }>(azure: T): () => void {
  let open = () => {};
  azure.gate = new Promise((resolve) => {
    open = resolve;
  });
  return open;
}

/** Whoever asks first is answered before the others have the reading; the next one in that process waits for that. */
async function readAndStored(one: Readings): Promise<void> {
  await one.recommendations();
  await one.recommendations();
}

describe("readings that everyone shares", () => {
  it("are done once for many askers in two processes, with what could not be read", async () => {
    const { all, azure } = processes(2);
    const open = held(azure);
    const asked = Array.from({ length: 20 }, (_, index) => all[index % 2]!.recommendations());
    await vi.waitUntil(() => azure.reads > 0, 30_000);
    open();
    const answers = await Promise.all(asked);
    expect(azure.reads).toBe(1);
    for (const answer of answers) {
      expect(answer.value).toEqual({ assessments, unassessed });
      expect(answer.unread).toEqual([unreadable]);
      expect(answer.asOf).toBe("2026-11-23T08:00:00.000Z");
    }
  });

  it("come back from Redis as they were, coverage included", async () => {
    const { all } = processes(2);
    const first = await all[0]!.coverage();
    const second = await all[1]!.coverage();
    expect(second).toEqual(first);
    expect(second.value).toEqual(coverage);
  });

  it("keep thousands of rows compact, in bounded chunks", async () => {
    const { all, azure, raw, key } = processes(2);
    azure.rows = Array.from(
      { length: 5_000 },
      (_, index): Assessment => ({ ...assessments[0]!, cause: `cause ${index}` }),
    );
    await readAndStored(all[0]!);
    const keys = await raw.keys(`${key.replace(/[{}]/g, "\\$&")}:*`);
    const sizes = await Promise.all(keys.map((one) => raw.strlen(one)));
    expect(keys.length).toBe(21);
    expect(Math.max(...sizes)).toBeLessThan(16 * 1024);
    expect((await all[1]!.recommendations()).value.assessments).toEqual(azure.rows);
    expect(azure.reads).toBe(1);
  });

  it("are used for a while, then read again in the background, and read again first when too old", async () => {
    const { all, azure, time } = processes(2);
    await readAndStored(all[0]!);
    time.ms += 90_000;
    expect((await all[1]!.recommendations()).asOf).toBe("2026-11-23T08:00:00.000Z");
    await vi.waitUntil(() => azure.reads === 2, 30_000);
    await vi.waitUntil(
      async () => (await all[0]!.recommendations()).asOf === "2026-11-23T08:01:30.000Z",
      30_000,
    );
    time.ms += 301_000;
    expect((await all[0]!.recommendations()).asOf).toBe("2026-11-23T08:06:31.000Z");
    expect(azure.reads).toBe(3);
  });

  it("are forced anew by --fresh, once a minute for each person and once in 15 seconds for all", async () => {
    const { all, azure, time } = processes(2);
    await readAndStored(all[0]!);
    time.ms += 20_000;
    expect((await all[1]!.recommendations({ freshFor: "U1" })).asOf).toBe("2026-11-23T08:00:20.000Z");
    await all[1]!.recommendations();
    expect((await all[0]!.recommendations({ freshFor: "U2" })).asOf).toBe("2026-11-23T08:00:20.000Z");
    expect(azure.reads).toBe(2);
    time.ms += 20_000;
    await expect(all[0]!.recommendations({ freshFor: "U1" })).rejects.toBeInstanceOf(UserError);
    expect((await all[0]!.recommendations({ freshFor: "U2" })).asOf).toBe("2026-11-23T08:00:40.000Z");
    expect(azure.reads).toBe(3);
  });

  it("that began before --fresh was said are waited for, not taken", async () => {
    const { all, azure, time } = processes(2);
    const open = held(azure);
    const before = all[0]!.recommendations();
    await vi.waitUntil(() => azure.reads === 1, 30_000);
    time.ms += 20_000;
    const forced = all[1]!.recommendations({ freshFor: "U1" });
    open();
    await before;
    expect((await forced).began).toBe("2026-11-23T08:00:20.000Z");
    expect(azure.reads).toBe(2);
  });

  it("fail for all who waited with the same error, and are tried again by the next one", async () => {
    const { all, azure } = processes(2);
    const open = held(azure);
    azure.fails = failure();
    const asked = [all[0]!, all[1]!].map((one) => one.recommendations());
    await vi.waitUntil(() => azure.reads === 1, 30_000);
    open();
    for (const one of await Promise.allSettled(asked))
      expect(one).toMatchObject({ status: "rejected", reason: { code: "Busy", status: 503 } });
    expect(azure.reads).toBe(1);
    azure.fails = undefined;
    expect((await all[1]!.recommendations()).value.assessments).toEqual(assessments);
  });

  it("are outdated by what was changed through the bot", async () => {
    const { all, azure, time } = processes(2);
    await readAndStored(all[0]!);
    time.ms += 5_000;
    await all[1]!.outdate("recommendations");
    expect((await all[0]!.recommendations()).asOf).toBe("2026-11-23T08:00:05.000Z");
    expect(azure.reads).toBe(2);
  });

  it("that cannot be read back are put into quarantine and read anew", async () => {
    const { all, azure, prefix, raw, key } = processes(2);
    await readAndStored(all[0]!);
    const { id } = JSON.parse((await raw.get(key)) ?? "") as { id: string };
    await raw.set(`${key}:${id}:0`, "rubbish");
    expect((await all[1]!.recommendations()).value.assessments).toEqual(assessments);
    expect(azure.reads).toBe(2);
    const [chunk] = await openStore(raw, prefix, []).quarantine.list();
    expect(chunk).toMatchObject({ kind: "readings", key: `${key}:${id}:0` });

    await raw.set(key, '{"v":1,"began":"then"}');
    const third = openStore(redis.connect(), prefix, []);
    expect(await third.readings.head("recommendations")).toBeUndefined();
    expect((await third.quarantine.list()).map((one) => one.key)).toContain(key);
  });

  it("that a newer version stored stay as they are", async () => {
    const { all, azure, raw, key } = processes(1);
    const newer = '{"v":2,"began":"2026-11-23T09:00:00.000Z"}';
    await raw.set(key, newer);
    expect((await all[0]!.recommendations()).value.assessments).toEqual(assessments);
    expect(await raw.get(key)).toBe(newer);
    expect(azure.reads).toBe(1);
  });
});

const channel = "C0SECURITY1";
const user = "U0OLIVIA001";
const config = 'schedules:\n  alerts: "0 0 1 1 *"\n';

async function said(world: World, text: string, person = user) {
  const command = await world.slack.command({ user: person, channel, text });
  const answer = () => command.answers().at(-1)?.text ?? "Working";
  return async () => {
    await world.slack.until(() => !answer().startsWith("Working"), 120_000);
    return JSON.stringify(command.answers().at(-1));
  };
}

/** How often the clusters were asked for: once in each reading of the coverage. */
function coverageReads(world: World): number {
  return world.azure.requests.filter(({ body }) => JSON.stringify(body ?? "").includes("agentPoolProfiles"))
    .length;
}

describe("a reading that has to be recent", () => {
  it("is the stored one where that began late enough, whoever read it, and a new one else", async () => {
    const { all, azure, time } = processes(2);
    const [one, other] = all;
    const before = await one!.targets();
    const minuteAgo = () => new Date(time.ms - 60_000).toISOString();
    time.ms += 50_000;
    expect(await other!.targets({ since: minuteAgo() })).toEqual(before);
    expect(azure.reads).toBe(1);
    time.ms += 20_000;
    await Promise.all([one!.targets({ since: minuteAgo() }), other!.targets({ since: minuteAgo() })]);
    expect(azure.reads).toBe(2);
  });
});

describe("two processes of the bot on one Redis", () => {
  it("answer 20 people who ask for the status at once from one reading, whose time they say", async () => {
    const servers = redisServers();
    const port = await servers.single(["--appendonly", "no"]);
    const world = await startWorld({ config, env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    try {
      const other = await world.another({ BREAKWATER_ROLE: "web" });
      world.azure.faults.add({ kind: "slow", ms: 500, match: { path: /ResourceGraph/ } });
      const answers = [];
      for (let index = 0; index < 20; index++) {
        world.slack.setEventsUrl(index % 2 === 0 ? world.bot.events : other.events);
        answers.push(await said(world, index % 3 === 0 ? "status sub:*" : "status"));
      }
      const texts = await Promise.all(answers.map((answer) => answer()));
      expect(coverageReads(world)).toBe(1);
      for (const text of texts) expect(text).toMatch(/As of /);

      world.azure.faults.clear();
      expect(await (await said(world, "help status"))()).toContain("--fresh");
      expect(await (await said(world, "status --fresh"))()).toMatch(/As of /);
    } finally {
      await world.end();
      await servers.stop();
    }
  }, 270_000);

  it("do not wait for a process that was killed while it read", async () => {
    const servers = redisServers();
    const port = await servers.single(["--appendonly", "no"]);
    const world = await startWorld({ config, env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
    try {
      const other = await world.another({ BREAKWATER_ROLE: "web" });
      world.azure.faults.add({ kind: "slow", ms: 60_000, match: { path: /ResourceGraph/ } });
      world.slack.setEventsUrl(world.bot.events);
      await said(world, "status");
      await vi.waitUntil(() => coverageReads(world) > 0, { timeout: 60_000 });
      await world.bot.kill();
      world.azure.faults.clear();
      world.slack.setEventsUrl(other.events);
      expect(await (await said(world, "status"))()).toMatch(/As of /);
      expect(coverageReads(world)).toBe(2);
    } finally {
      await world.end();
      await servers.stop();
    }
  }, 270_000);
});
