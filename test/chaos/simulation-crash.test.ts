import { afterAll, beforeAll, expect, it } from "vitest";
import { kinds } from "../../playground/kubernetes/kinds.ts";
import type { Message } from "../../playground/slack/message.ts";
import { readMessage } from "../../playground/slack/read.ts";
import { startWorld, type World } from "../../playground/world.ts";
import type { Run, RunState } from "../../src/domain/simulations/simulation.ts";
import type { RunsPort } from "../../src/ports/runs.ts";
import { openStore } from "../../src/store/store.ts";
import { type FreezingRedis, freezingRedis } from "../freezing-redis.ts";
import { redisForThisFile } from "../redis.ts";

const people = { sam: "U0SAM000001", olivia: "U0OLIVIA001" };
const config = `
schedules:
  alerts: "*/3 * * * * *"
access:
  approvers: [S0APPROVERS]
simulations:
  clusters: ["aks-*"]
  refuseTags: []
  verifyMinutes: 1
`;
/** What each run attacks, and where it is announced: a channel takes one message a second. */
const plans = {
  log: ["web-shell", "aks-demo", "C0SECURITY1"],
  queued: ["web-shell", "aks-demo", "C0SECURITY1"],
  import: ["vulnerable-image", "--registry contosolab --image nginx:1.14", "C0PLATFORM1"],
  samples: ["sample-alerts", '--subscription "Contoso Production"', "C0PLATFORM1"],
  undecided: ["web-shell", "aks-juchu", "C0JAPAN0001"],
  checked: ["web-shell", "aks-prod-web", "C0JAPAN0001"],
  exec: ["binary-drift", "aks-prod-eu", "C0PLATFORM1"],
  private: ["web-shell", "aks-prod-payments", "C0PLATFORM1"],
} as const;
type Name = keyof typeof plans;

const whole = redisForThisFile();
let redis: FreezingRedis;
let world: World;
let runs: RunsPort;
const messages = new Map<Name, { channel: string; ts: string; run: string }>();
/** In which states runs were when the bot was killed. */
const met = new Set<string>();

beforeAll(async () => {
  redis = await freezingRedis(whole.socket);
  runs = openStore(whole.connect(), "{breakwater}", []).runs;
  const env = { LOG_LEVEL: "warn", REDIS_URL: redis.url };
  world = await startWorld({ config, env, azure: { live: { factor: 600 } } });
}, 180_000);
afterAll(async () => {
  await world?.end();
  await redis?.close();
});

const now = (name: Name): Message => {
  const { channel, ts } = messages.get(name)!;
  return world.slack.messages(channel).find((one) => one.ts === ts)!;
};
const stored = async (name: Name): Promise<Run> => (await runs.get(messages.get(name)!.run))!;
const until = (name: Name, there: (run: Run) => boolean, timeout = 90_000) =>
  expect.poll(async () => there(await stored(name)), { interval: 20, timeout }).toBe(true);

async function ask(name: Name): Promise<void> {
  const [scenario, target, channel] = plans[name];
  const typed = await world.slack.command({
    user: people.sam,
    channel,
    text: `simulate ${scenario} ${target} --reason ${name}`,
  });
  const asked = await world.slack.until(() => {
    const refused = typed
      .answers()
      .find(({ text }) => /can't run|don't have permission|Unknown command|Not under/i.test(text));
    if (refused) throw new Error(readMessage(refused));
    const known = [...messages.values()].map(({ ts }) => ts);
    return world.slack
      .messages(channel)
      .find(({ text, ts }) => !known.includes(ts) && text.includes(`Simulation requested: ${scenario} on`));
  }, 180_000);
  // Of what it says of earlier objects, not theirs: the line of its own button.
  const [, run = ""] = /cancel-simulation (r-[a-z0-9]{10})\b/.exec(JSON.stringify(asked)) ?? [];
  messages.set(name, { channel, ts: asked.ts, run });
}

async function approve(...names: Name[]): Promise<void> {
  await Promise.all(
    names.map(async (name) => {
      const said: string[] = [];
      // A press that Slack or the bot had no time for is made again: no one approves twice.
      for (let presses = 0; presses < 5 && (await stored(name)).state === "requested"; presses++) {
        const press = await world.slack.click({ user: people.olivia, message: now(name), text: "Approve" });
        said.push(...press.answers().map(({ text }) => text));
        await until(name, ({ state }) => state !== "requested", 20_000).catch(() => undefined);
        said.push(...press.answers().map(({ text }) => text));
      }
      expect([name, (await stored(name)).state, said]).not.toContain("requested");
    }),
  );
}

async function kill(): Promise<void> {
  await world.bot.kill();
  for (const name of messages.keys()) {
    const { state, step } = await stored(name);
    met.add(state === "running" ? `${plans[name][0]} step ${step}` : state);
  }
  redis.thaw();
  await world.restart();
}

/** Resolves when a run has just entered a state, and the bot does not know it yet. */
async function frozenIn(state: RunState, go?: () => Promise<void>): Promise<void> {
  const inState = async () => {
    const all = await Promise.all([...messages.keys()].map(stored));
    return all.filter((run) => run.state === state).map(({ id }) => id);
  };
  const before = await inState();
  const frozen = redis.freezeAt(new RegExp(`"state":"${state}"`), { written: true });
  await go?.();
  await frozen;
  const entered = async () => (await inState()).some((id) => !before.includes(id));
  const there = expect.poll(entered, { interval: 10, timeout: 5000 }).toBe(true);
  if (
    await there.then(
      () => true,
      () => false,
    )
  )
    return;
  // Somebody else changed the run at that very moment, and it is written anew.
  redis.thaw();
  return frozenIn(state);
}

/** Where objects could not be deleted for two minutes, the report says so until the retry has removed them. */
async function report(name: Name): Promise<string> {
  const over = () => {
    const text = readMessage(now(name));
    const isReport = /^(Detected|No detection|Nothing|Failed|Can't be detected)/.test(now(name).text);
    return isReport && !/objects? (?:is|are) left|may be left/.test(text) ? text : undefined;
  };
  return world.slack.until(over, 360_000).catch(async () => {
    throw new Error(`${name} has no report: ${now(name).text} ${JSON.stringify(await stored(name))}`);
  });
}

async function labelled(cluster: string): Promise<string[]> {
  const { objects } = await world.azure.clusters.of(cluster);
  return kinds
    .flatMap((kind) => objects.list(kind))
    .filter(({ metadata }) => metadata.labels?.["breakwater/run"])
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

it("killed in every state, each run comes to its one report, and nothing is left", async () => {
  const { azure } = world;
  const [demo, juchu, eu] = [
    await azure.clusters.of("aks-demo"),
    await azure.clusters.of("aks-juchu"),
    await azure.clusters.of("aks-prod-eu"),
  ];
  const hold = { kind: "slow", ms: 600_000 } as const;
  azure.defender.switches.add({ kind: "delay", alert: /./, minutes: 60 });
  for (const name of ["log", "import", "samples", "undecided", "checked", "exec"] as const) await ask(name);
  // Each is held where it waits for a far side: a log, an import, an answer of Defender, its turn, people.
  demo.faults.add({ ...hold, match: { path: /\/log$/ } });
  azure.faults.add({ ...hold, match: { path: /importImage/ } });
  azure.faults.add({ ...hold, match: { path: /alerts\/default\/simulate/ } });
  await approve("log", "import", "samples");
  await until("log", ({ state, step }) => state === "running" && step === 2);
  await ask("queued");
  await approve("queued");
  await until("import", ({ started }) => started !== undefined);
  await until("samples", ({ asked }) => asked !== undefined);
  await frozenIn("checked", () => approve("checked"));
  await kill();

  azure.faults.clear();
  demo.faults.clear();
  juchu.faults.add({ ...hold, match: { method: "PATCH", path: /namespaces\/breakwater-simulation$/ } });
  await approve("undecided");
  await until("undecided", ({ state }) => state === "running");
  // The command has run in the pod, and the bot dies before it can put that down.
  const executed = redis.freezeAt(/"scenario":"binary-drift"(?:(?!"step":|"scenario":).)*"step":2/, {
    written: false,
  });
  // However long the bot takes to start again, its alert comes only once the run waits for it.
  const verifying = Promise.withResolvers<void>();
  azure.defender.switches.add({ kind: "hold", alert: /drift/i, until: verifying.promise });
  await approve("exec");
  await executed;
  await kill();

  // Where nothing can be deleted, a run waits: one of them goes on when that is what is looked for.
  juchu.faults.clear();
  const refuse = { kind: "status", status: 503, match: { method: "DELETE" } } as const;
  for (const cluster of [juchu, eu]) cluster.faults.add(refuse);
  await Promise.all([
    until("undecided", ({ state }) => state === "verifying"),
    until("exec", ({ state }) => state === "verifying"),
  ]);
  await frozenIn("cleaning-up", async () => {
    eu.faults.clear();
    verifying.resolve();
  });
  await kill();

  // Before two minutes are over, after which what can't be deleted is reported as left.
  await frozenIn("reported", async () => juchu.faults.clear());
  await kill();

  const texts = new Map<Name, string>();
  for (const name of messages.keys()) texts.set(name, await report(name));
  expect([...met].sort()).toEqual(
    expect.arrayContaining(["approved", "checked", "cleaning-up", "reported", "requested", "verifying"]),
  );
  expect([...met]).toEqual(
    expect.arrayContaining([
      "web-shell step 0",
      "web-shell step 2",
      "binary-drift step 1",
      "sample-alerts step 0",
      "vulnerable-image step 0",
    ]),
  );
  for (const name of texts.keys()) {
    const { channel, run } = messages.get(name)!;
    const [scenario] = plans[name];
    const about = world.slack
      .messages(channel)
      .filter(
        ({ text: said, blocks, thread_ts }) => !thread_ts && JSON.stringify([said, blocks]).includes(run),
      );
    expect(about.map(({ text: said }) => said)).toEqual([expect.stringContaining(scenario)]);
    expect((await stored(name)).state).toBe("reported");
  }
  for (const cluster of ["aks-demo", "aks-juchu", "aks-prod-web", "aks-prod-eu"])
    expect(await labelled(cluster)).toEqual([]);
  expect(
    azure.estate.contents.images.filter(({ repository }) => repository.startsWith("breakwater-simulation/")),
  ).toEqual([]);
  // The command ran once; Defender was asked once, or the report says that it was twice.
  expect((await stored("exec")).log.filter((line) => line.includes("multi-call binary")).length).toBe(1);
  const asked = azure.requests.filter(({ path }) => path.endsWith("/simulate")).length;
  expect(/were requested again/.test(texts.get("samples")!)).toBe(asked > 1);
}, 600_000);

it("a private cluster that cannot be reached takes the same way through Azure's run-command, which nothing waits for", async () => {
  await ask("private");
  const begun = redis.freezeAt(/"commands":\{"/, { written: true });
  await approve("private");
  await begun;
  await until("private", ({ commands }) => Object.keys(commands ?? {}).length > 0);
  const [command] = Object.values((await stored("private")).commands ?? {});
  const before = world.azure.requests.length;
  await kill();
  expect(await report("private")).toContain("Detected the expected alert");
  // The command that ran when the bot died was found again, not begun anew.
  const asked = world.azure.requests.slice(before).map(({ path }) => path);
  expect(asked).toContain(new URL(command!.location).pathname);
  expect(await labelled("aks-prod-payments")).toEqual([]);
}, 450_000);
