import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type Bed, openBed } from "./bed.ts";
import { eventually, type Figure, median, ms } from "./figure.ts";

const pairs = 7;
const warmUps = 2;
const root = fileURLToPath(new URL("..", import.meta.url));

/** From the spawn to `GET /readyz` 200, against a bare process that imports the same packages. */
export async function start(): Promise<Figure[]> {
  const bed = await openBed();
  try {
    const packages = await packagesUntilReady(bed);
    const product = async () => {
      const from = performance.now();
      const bot = await bed.bot();
      await eventually("ready", () => isReady(bot.port), { everyMs: 10 });
      const taken = performance.now() - from;
      await bot.stop();
      return taken;
    };
    const round = async () => ({ product: await product(), bare: await importing(packages) });
    for (let index = 0; index < warmUps; index++) await round();
    const found: Awaited<ReturnType<typeof round>>[] = [];
    for (let pair = 0; pair < pairs; pair++) found.push(await round());
    const [mine, bare] = [found.map((one) => one.product), found.map((one) => one.bare)];
    return [
      {
        name: "start",
        goal: 1.5,
        values: found.map((one) => one.product / one.bare),
        bound: `GET /readyz answers 200 after ${ms(median(mine))}, its private Redis started; a bare process imports ${packages.length} packages in ${ms(median(bare))}`,
        notes: [`both with Node's compile cache: ${packages.join(", ")}`],
      },
    ];
  } finally {
    await bed.end();
  }
}

/** Asks as lightly as can be, because this process shares the machine with what it measures. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    get({ host: "127.0.0.1", port, path: "/readyz" }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    }).once("error", () => resolve(false));
  });
}

/** What a bot imports until it is ready, as it says itself. */
async function packagesUntilReady(bed: Bed): Promise<string[]> {
  const list = join(bed.directory, "imports");
  const bot = await bed.bot({
    env: { BENCH_IMPORTS: list },
    nodeOptions: [`--import=${new URL("./peers/imports.ts", import.meta.url).href}`],
  });
  await bot.ready();
  const lines = readFileSync(list, "utf8").trim().split("\n");
  await bot.stop();
  return [...new Set(lines)].sort();
}

/** Milliseconds from the spawn of a bare process until it says that it has imported them. */
async function importing(packages: readonly string[]): Promise<number> {
  const script = `
    import { enableCompileCache } from "node:module";
    enableCompileCache();
    await Promise.all(${JSON.stringify(packages)}.map((name) => import(name)));
    console.log("imported");`;
  const from = performance.now();
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: root,
    // Node's own settings, whatever those of the product are.
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === "imported") return performance.now() - from;
  }
  throw new Error("the bare process ended before it had imported everything");
}
