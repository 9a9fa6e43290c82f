import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startBot } from "../playground/bot.ts";
import { exampleWorkspace } from "../playground/slack/workspace.ts";
import { collectGarbage } from "./collect.ts";
import { cpuSeconds } from "./cpu.ts";
import { eventually, type Figure, pause } from "./figure.ts";
import { startPeer } from "./peer.ts";

const runs = 20;
/** Of an hour and a quarter by default: a run looks every fifteen seconds instead of every 75. */
const verifyMinutes = 15;
const windows = 4;
const windowSeconds = 15;
/** The bot must be up, at rest and measured before the first run is due, and that one must wait before the others are. */
const dueSeconds = { first: 45, others: 75 };
/** Between one start and the next: what is measured is the waiting, not twenty attacks at one moment. */
const apartSeconds = 1;

/** What simulations cost that wait for alerts, after the attack on as many clusters: each went the whole way there. */
export async function simulations(): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), "bw-bench-"));
  const workspace = join(directory, "workspace.json");
  writeFileSync(workspace, JSON.stringify(exampleWorkspace));
  const [azure, slack] = await Promise.all([
    startPeer(new URL("./peers/clusters.ts", import.meta.url), {
      BENCH_CLUSTERS: String(runs),
      BENCH_DIRECTORY: directory,
    }),
    startPeer(new URL("../playground/slack/serve.ts", import.meta.url), {
      SLACK_STAND_IN_WORKSPACE: workspace,
    }),
  ]);
  const { names } = await azure.ask<{ names: string[] }>({ take: "names" });
  const started = Date.now();
  const due = (seconds: number) => new Date(started + seconds * 1000);
  const until = (seconds: number) => pause(Math.max(0, due(seconds).getTime() - Date.now()));
  const bot = await startBot({
    nodeOptions: ["--inspect=127.0.0.1:0"],
    env: { ...azure.env, ...slack.env, LOG_LEVEL: "warn", BREAKWATER_DATA_DIR: join(directory, "bot") },
    config: configOf(names, due(dueSeconds.first), due(dueSeconds.others)),
  });
  try {
    await bot.ready();
    const inspector = inspectorOf(bot.complained());
    await until(dueSeconds.first - windows * 5 - 2);
    const rest = await measured(bot.pid, 5);
    const before = resident(bot.pid);
    const waitingRuns = (many: number) =>
      eventually(
        `${many} waiting runs`,
        async () => {
          const { left, attacked } = await azure.ask<{ left: number; attacked: number }>({ take: "left" });
          return attacked === many && left === 0;
        },
        { seconds: 300, everyMs: 500 },
      );
    await waitingRuns(1);
    await until(dueSeconds.others - 5);
    await collectGarbage(inspector);
    const first = resident(bot.pid);
    await waitingRuns(runs);
    // What the attack itself cost is over; collecting what it left behind is not the waiting's.
    await pause(5000);
    const waiting = await measured(bot.pid, windowSeconds);
    const uncollected = resident(bot.pid);
    await collectGarbage(inspector);
    const after = resident(bot.pid);
    const idle = rest.reduce((sum, one) => sum + one, 0) / rest.length;
    return [
      {
        name: "simulations-waiting-cpu",
        goal: 0.01,
        values: waiting.map((one) => Math.max(0, one - idle)),
        bound: `share of a core that ${runs} runs take which wait for alerts, over the ${(idle * 100).toFixed(1)} % of the bot at rest; windows of ${windowSeconds} s`,
        notes: [
          `each looks every ${(verifyMinutes * 60) / 60} s; every 60 s with the default wait of 75 minutes`,
        ],
      },
      {
        name: "simulations-waiting-memory",
        goal: 5,
        unit: "MB",
        values: [(after - first) / (runs - 1)],
        bound: `resident memory that each of ${runs - 1} more runs added to a bot with one, both after a collection of garbage; absolute`,
        notes: [
          `with one run ${first.toFixed(0)} MB, the client for Kubernetes included, with ${runs} ${after.toFixed(0)} MB`,
          `without a collection ${before.toFixed(0)} MB at rest and ${uncollected.toFixed(0)} MB with ${runs}: what the attacks left is garbage that Node had no need to collect`,
        ],
      },
    ];
  } finally {
    await bot.kill();
    await Promise.all([azure.stop(), slack.stop()]);
    rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The port of the inspector that Node picked, as it says on standard error. */
function inspectorOf(complained: string): number {
  return Number(/Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)\//.exec(complained)?.[1]);
}

function configOf(clusters: readonly string[], first: Date, others: Date): string {
  const cron = (due: Date) => `${due.getUTCSeconds()} ${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  const approver = "U0OLIVIA001";
  const drills = clusters.map((cluster, index) => {
    const about = `scenario: web-shell, cluster: ${cluster}, approvedBy: ${approver}`;
    const due = index === 0 ? first : new Date(others.getTime() + index * apartSeconds * 1000);
    return `    - { cron: "${cron(due)}", ${about} }`;
  });
  return [
    "schedules:",
    '  alerts: "*/10 * * * * *"',
    "  drills:",
    ...drills,
    `access: { approvers: [${approver}] }`,
    `simulations: { clusters: ["*"], refuseTags: [], verifyMinutes: ${verifyMinutes} }`,
  ].join("\n");
}

/** Shares of a core, one for each window. */
async function measured(pid: number, seconds: number): Promise<number[]> {
  const shares: number[] = [];
  for (let window = 0; window < windows; window++) {
    const [used, began] = [cpuSeconds(pid), performance.now()];
    await pause(seconds * 1000);
    shares.push((cpuSeconds(pid) - used) / ((performance.now() - began) / 1000));
  }
  return shares;
}

function resident(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}
