import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Redis } from "ioredis";
import { azurePort } from "../../src/azure/azure.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import { compareSnapshots } from "../../src/domain/findings/comparison/difference.ts";
import { findVulnerability } from "../../src/domain/findings/search/find-vulnerability.ts";
import type { Settings } from "../../src/domain/settings.ts";
import { scan } from "../../src/jobs/rescan/scan.ts";
import type { Log, Metrics } from "../../src/ports/process.ts";
import { connect } from "../../src/redis/connection.ts";
import { startPrivateRedis } from "../../src/redis/private-redis.ts";
import { openStore } from "../../src/store/store.ts";
import { quantile } from "../figure.ts";
import { receiveAndParse } from "../findings/bound.ts";
import { answering } from "../peer.ts";

/** The product's scan and its bound in one process, which does the one or the other when it is told to. */
export type ScanQuestion =
  | { run: "bound"; rows: number; slot: string }
  | { run: "scan"; slot: string }
  | { run: "look-up"; ids: string[] }
  | { take: "memory" }
  | { take: "redis" }
  | { take: "empty-redis" };
/** Milliseconds: `cpu` of all threads of the process; `delay` of the event loop, 99th percentile. */
export type Ran = { ms: number; cpu: number; delay: number; findings: number; bytes: number };
export type LookedUp = { p95: number; first: number; found: number };
/** MB: now, and the highest since the last question. */
export type Memory = { now: number; peak: number };
/** Bytes that Redis holds, and that it was sent so far. */
export type RedisBytes = { used: number; sent: number };

const quiet: Log = { info() {}, warn() {}, error() {}, debug() {} };
const loud: Log = { ...quiet, warn: (about, said) => console.error(said, about) };
const metrics: Metrics = { count() {}, gauge() {}, observe() {} };
const base = process.env.AZURE_RESOURCE_MANAGER_URL!;
const settings = {
  azure: {
    cloud: "AzureCloud",
    resourceManager: base,
    audience: "https://management.azure.com/.default",
    authorityHost: "https://login.microsoftonline.com",
    portal: "https://portal.azure.com",
  },
  scope: { managementGroups: [], subscriptions: [] },
} as unknown as Settings;

const directory = mkdtempSync(join(tmpdir(), "bw-scan-"));
const { socket, ready } = await startPrivateRedis(directory, quiet);
await ready;
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
const redis = connect({ socket }, quiet) as Redis;
/** How far the slots of the scans are from today: each one is a day after the one before. */
let ahead = 0;
const clock = { now: () => new Date(Date.now() + ahead).toISOString() };
const store = openStore(redis, "{bench}", []);
const azure = azurePort(settings, { log: loud, metrics, clock, shaped() {} });
const ports = { azure, store, log: loud, metrics, clock } as unknown as Ports;

let peak = 0;
const resident = () => process.memoryUsage.rss() / 2 ** 20;
/** Only a process whose memory is measured looks at it: each look takes time. */
const sample = () =>
  setInterval(() => {
    peak = Math.max(peak, resident());
  }, 20);

async function scanAndCompare(slot: string): Promise<Omit<Ran, "ms" | "cpu" | "delay">> {
  ahead = Date.parse(slot) - Date.now();
  const outcome = await scan(slot, ports);
  if (outcome !== "written") throw new Error(`the scan was ${outcome}`);
  const { findings } = store;
  const [head, earlier] = [await findings.current(), await findings.previous()];
  const now = await findings.open(head!.slot);
  const before = earlier && (await findings.open(earlier.slot));
  if (before) await compareSnapshots(before, now!, await findings.fixedBefore(slot));
  await findings.setPublished({ slot, days: new Map() });
  return { findings: head!.findings, bytes: 0 };
}

async function timed(work: () => Promise<Omit<Ran, "ms" | "cpu" | "delay">>): Promise<Ran> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const [began, used] = [performance.now(), process.cpuUsage()];
  const made = await work();
  const [ms, { user, system }] = [performance.now() - began, process.cpuUsage(used)];
  delay.disable();
  return { ...made, ms, cpu: (user + system) / 1000, delay: delay.percentile(99) / 1e6 };
}

async function lookUp(ids: string[]): Promise<LookedUp> {
  const took: number[] = [];
  let found = 0;
  for (const id of ids) {
    const began = performance.now();
    const head = await store.findings.current();
    const snapshot = await store.findings.open(head!.slot);
    found += (await findVulnerability(snapshot!, id)).length;
    took.push(performance.now() - began);
  }
  return { p95: quantile(took, 0.95), first: took[0]!, found };
}

async function redisBytes(): Promise<RedisBytes> {
  const info = await redis.info();
  const field = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(info)?.[1]);
  return { used: field("used_memory"), sent: field("total_net_input_bytes") };
}

answering<ScanQuestion>(async (question) => {
  if ("take" in question) {
    if (question.take === "empty-redis") await redis.flushall();
    if (question.take !== "memory") return redisBytes();
    if (peak === 0) sample();
    const taken: Memory = { now: resident(), peak: Math.max(peak, resident()) };
    peak = taken.now;
    return taken;
  }
  if (question.run === "look-up") return lookUp(question.ids);
  if (question.run === "scan") return timed(() => scanAndCompare(question.slot));
  return timed(async () => {
    const { rows, bytes } = await receiveAndParse(base, question);
    return { findings: rows, bytes };
  });
});
console.log("ready");
