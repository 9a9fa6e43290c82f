import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { startWorld } from "../playground/world.ts";
import { print } from "./report.ts";

const packages = [
  "@slack/bolt",
  "@slack/web-api",
  "bullmq",
  "ioredis",
  "node-cron",
  "pino",
  "prom-client",
  "zod",
  "i18next",
  "yaml",
  "@azure/identity",
  "@azure/core-rest-pipeline",
  "@azure/arm-resourcegraph",
];
const bare = `import { enableCompileCache } from "node:module";
enableCompileCache();
await Promise.all(${JSON.stringify(packages)}.map((name) => import(name)));`;
const pairs = 5;
const restMs = 10_000;

async function importing(): Promise<number> {
  const started = performance.now();
  await once(spawn(process.execPath, ["--input-type=module", "-e", bare], { stdio: "ignore" }), "exit");
  return performance.now() - started;
}

/** Start to `/readyz` against importing the same packages in a bare process; and the memory of the bot at rest. */
export async function startAndMemory(): Promise<void> {
  const world = await startWorld();
  try {
    await importing();
    const ratios: number[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      const bound = await importing();
      await world.bot.stop();
      const started = performance.now();
      await world.restart();
      ratios.push((performance.now() - started) / bound);
    }
    print({
      name: "start",
      values: ratios,
      goal: 1.5,
      about: `spawn to GET /readyz 200, private Redis included, against a bare process importing ${packages.length} packages`,
    });
    await new Promise((resolve) => setTimeout(resolve, restMs));
    const status = readFileSync(`/proc/${world.bot.pid}/status`, "utf8");
    const megabytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1000;
    print({
      name: "memory",
      values: [megabytes],
      goal: 150,
      unit: " MB",
      about: "resident set of the bot's process 10 s after it was ready",
    });
  } finally {
    await world.end();
  }
}
