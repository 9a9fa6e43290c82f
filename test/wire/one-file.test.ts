import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBot } from "../../playground/bot.ts";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";
import type { Definitions } from "../../src/definitions/load.ts";

const [operator, sam, channel] = ["U0OLIVIA001", "U0SAM000001", "C0SECURITY1"] as const;
const config = `
schedules:
  mutes: "*/2 * * * * *"
access:
  operators: [S0OPERATORS]
  approvers: [S0APPROVERS]
channels:
  - { channel: ${channel}, topics: [alerts, mutes] }
`;

const newFiles = {
  "commands/tides.ts": `
import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";

export default command({
  texts: {
    en: { summary: "Writes the tide of a harbour down" },
    ja: { summary: "港の潮位を記録します" },
  },
  examples: ["tides dover"],
  arguments: z.object({ harbour: text("HARBOUR", 50).default("home") }),
  positional: ["harbour"],
  argumentTexts: { harbour: { en: "Which harbour.", ja: "対象の港。" } },
  access: "operator",
  effect: {
    changes: { en: "A tide is written down", ja: "潮位を記録します" },
    undo: { en: "Wait for the ebb.", ja: "引き潮を待ちます。" },
    confirm: false,
  },
  async run({ harbour }) {
    return { headline: \`High water at \${harbour}\`, parts: [] };
  },
});
`,
  "jobs/watch-tides.ts": `
import { z } from "zod";
import { done, job } from "../definitions/job.ts";

const at = new Date().toISOString();

export default job({
  texts: { en: { summary: "Watches the tides" }, ja: { summary: "潮位を監視します" } },
  payload: z.object({}),
  schedule: { cron: "* * * * * *" },
  retries: 0,
  key: () => "watch-tides",
  async run(_payload, { publish }) {
    await publish("tide-turned", [{ harbour: "dover", at }]);
    return done();
  },
});
`,
  "notifiers/tide-turned.ts": `
import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";

const event = z.object({ harbour: z.string(), at: z.string() });

export default notifier<z.infer<typeof event>>({
  texts: { en: { summary: "The tide has turned" }, ja: { summary: "潮の変わり目" } },
  topic: "alerts",
  event,
  filters: [],
  key: ({ harbour }) => harbour,
  at: ({ at }) => at,
  render: ({ harbour }) => ({ headline: \`The tide turned at \${harbour}\`, parts: [] }),
});
`,
  "scenarios/spring-tide.ts": `
import { scenario } from "../definitions/scenario.ts";

export default scenario({
  texts: {
    en: { summary: "Spring tide", happens: "Water comes in.", cannotTell: "How high it gets." },
    ja: { summary: "大潮", happens: "水が入ります。", cannotTell: "最高水位。" },
  },
  tactics: ["Impact"],
  target: "cluster",
  needs: { sensor: true, extensions: [], linuxNodes: true },
  creates: [{ kind: "Pod", name: "tide", why: { en: "it is the water", ja: "水の役" } }],
  rights: [{ apiGroup: "", resource: "pods", verbs: ["create", "delete"] }],
  nodes: { en: "Any node.", ja: "任意のノード。" },
  minutes: 5,
  manifests: ({ namespace }) => [
    { apiVersion: "v1", kind: "Pod", metadata: { name: "tide", namespace }, spec: { containers: [] } },
  ],
  steps: [],
  expects: [
    { kind: "alert", types: [], titles: ["Flood detected"], required: true, typicalMinutes: 5, depends: [] },
  ],
  cleanUp: "after-steps",
  undo: { en: "The pod is deleted.", ja: "ポッドを削除します。" },
});
`,
};

const topicsFile = "domain/topics.ts";
/** The recipes of CONTRIBUTING.md, verbatim: each block that begins with the path of its file. */
const { [topicsFile]: topicLine = "", ...recipes } = Object.fromEntries(
  [
    ...readFileSync(join(import.meta.dirname, "..", "..", "CONTRIBUTING.md"), "utf8").matchAll(
      /^```ts\n\/\/ src\/(\S+)\n(.*?)^```/gms,
    ),
  ].map(([, path = "", text = ""]) => [path, text]),
);

const copies: string[] = [];
/** A folder with a copy of the bot and these files in its `src/`. */
function copyWith(files: Record<string, string>): string {
  const here = join(import.meta.dirname, "..", "..");
  const copy = mkdtempSync(join(tmpdir(), "bw-copy-"));
  copies.push(copy);
  for (const folder of ["src", "scripts"])
    cpSync(join(here, folder), join(copy, folder), { recursive: true });
  cpSync(join(here, "package.json"), join(copy, "package.json"));
  symlinkSync(join(here, "node_modules"), join(copy, "node_modules"), "dir");
  // A file that is there already is no new one.
  for (const [path, text] of Object.entries(files))
    writeFileSync(join(copy, "src", path), text, { flag: "wx" });
  const topics = join(copy, "src", topicsFile);
  writeFileSync(
    topics,
    readFileSync(topics, "utf8").replace(/^ {2}drills: .*\n/m, (line) => line + topicLine),
  );
  return copy;
}

const broken = {
  "commands/ebb.ts": newFiles["commands/tides.ts"].replace('access: "operator"', 'access: "sailor"'),
  "jobs/watch-ebb.ts": "export const job = 1;\n",
  "notifiers/ebb.ts": newFiles["notifiers/tide-turned.ts"].replace("filters: []", 'filters: ["scope"]'),
};

let root: string;
/** What the copy knows of: its topics are more than ours. */
const documents = async (): Promise<Map<string, string>> =>
  (await import(join(root, "scripts", "documents.ts"))).documents();
const definitions = async (): Promise<Definitions> =>
  (await import(join(root, "src", "definitions", "load.ts"))).loadDefinitions(join(root, "src"));
let world: World;
/** What the start with the broken files ended with. */
let refused: { code: number | null; complained: string[] };
beforeAll(async () => {
  root = copyWith({ ...newFiles, ...recipes, ...broken });
  // In the same copy: a file that Node has compiled once is not compiled again.
  const env = {
    SLACK_BOT_TOKEN: "xoxb-1",
    SLACK_SIGNING_SECRET: "s3cret",
    BREAKWATER_DATA_DIR: mkdtempSync(join(root, "data-")),
  };
  const bot = await startBot({ root, config, env });
  refused = { code: await bot.exited, complained: bot.complained().split("\n") };
  for (const path of Object.keys(broken)) rmSync(join(root, "src", path));
  world = await startWorld({ root, config, env: { LOG_LEVEL: "warn" } });
}, 270_000);
afterAll(async () => {
  await world?.end();
  for (const copy of copies) rmSync(copy, { recursive: true, force: true });
});

const shown = ({ blocks, text }: Message) => JSON.stringify(blocks ?? text);
/** What the bot answers to a command line; waits until the answer holds the words. */
async function answered(user: string, text: string, words: string): Promise<Message> {
  const said = await world.slack.command({ user, channel, text });
  expect(said.status).toBe(200);
  return world.slack.until(() => said.answers().find((answer) => shown(answer).includes(words)));
}

describe("one new file is", () => {
  it("one new command: it runs for who may, and the audit log has it", async () => {
    await answered(operator, "tides calais", "High water at calais");
    const audit = shown(await answered(operator, "audit", "tides calais"));
    expect(audit).toContain(operator);
  });

  it("one new command: it is refused to who may not, and the audit log has that too", async () => {
    const said = await world.slack.command({ user: sam, channel, text: "tides ostend" });
    const [refusal] = await world.slack.until(() => (said.answers().length > 0 ? said.answers() : undefined));
    expect(shown(refusal!)).not.toContain("High water");
    expect(shown(await answered(operator, "audit", "tides ostend"))).toContain(sam);
  });

  it("one new command: the help and the metrics know it", async () => {
    await answered(sam, "help", "tides");
    const help = shown(await answered(sam, "tides --help", "Writes the tide of a harbour down"));
    for (const words of ["HARBOUR", "Which harbour.", "tides dover"]) expect(help).toContain(words);
    await answered(operator, "tides bruges", "High water at bruges");
    await expect
      .poll(() => world.bot.metrics())
      .toMatch(/^breakwater_commands_total\{command="tides",outcome="done"\} [1-9]/m);
  });

  it("one new job and one new notification: it runs every second, and the channel gets one message", async () => {
    const reported = () =>
      world.slack.messages(channel).filter((one) => shown(one).includes("The tide turned"));
    await world.slack.until(() => reported().length > 0, 45_000);
    const runs = async () =>
      Number(
        /^breakwater_jobs_total\{job="watch-tides",outcome="done"\} (\d+)/m.exec(
          await world.bot.metrics(),
        )?.[1],
      );
    await expect.poll(runs, { timeout: 30_000 }).toBeGreaterThan(2);
    expect(reported()).toHaveLength(1);
  });

  it("one more entry of the reference pages and, for a command, of the Slack app manifest", async () => {
    const made = await documents();
    const names = {
      commands: "tides",
      jobs: "watch-tides",
      notifiers: "tide-turned",
      scenarios: "spring-tide",
    };
    for (const [kind, name] of Object.entries(names)) {
      for (const ending of [".md", ".ja.md"])
        expect(made.get(`docs/reference/${kind}${ending}`)).toContain(name);
    }
    expect(made.get("docs/reference/scenarios.ja.md")).toContain("水が入ります。");
    const manifest = JSON.parse(made.get("docs/slack-app-manifest.json") ?? "");
    expect(manifest.features.slash_commands[0].usage_hint.split(/[^a-z-]+/)).toContain("tides");
  }, 180_000);
});

describe("the recipes of CONTRIBUTING.md", () => {
  it("add a command, a job, a notifier, a topic with its job and notifier, and a scenario", () => {
    expect(topicLine).toMatch(/^ {2}mutes: .*\n$/);
    expect(Object.keys(recipes).map((path) => path.split("/")[0])).toEqual([
      "commands",
      "jobs",
      "notifiers",
      "jobs",
      "notifiers",
      "scenarios",
    ]);
  });

  it("pass the compiler as they are", () => {
    const here = join(import.meta.dirname, "..", "..");
    const config = { extends: join(here, "tsconfig.json"), include: [join(root, "src")] };
    writeFileSync(join(root, "tsconfig.json"), JSON.stringify(config));
    // One checker: several look at much of it each for themselves.
    const { status, stdout } = spawnSync(
      join(here, "node_modules", ".bin", "tsc"),
      ["-p", root, "--singleThreaded"],
      { encoding: "utf8" },
    );
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  }, 180_000);

  it("answer, run and are documented", async () => {
    await answered(sam, "backlog", "pending");
    await answered(sam, "backlog --help", "pending to be posted");
    await expect
      .poll(() => world.bot.metrics(), { timeout: 120_000 })
      .toMatch(/^breakwater_channels_paused 0$/m);
    const made = [...(await documents()).values()].join("\n");
    for (const name of ["backlog", "count-paused", "unsubscribed", "list-mutes", "mutes", "metadata-service"])
      expect(made).toContain(name);
  }, 180_000);

  it("post the digest of their topic to the channel that subscribes to it", async () => {
    await answered(
      operator,
      "mute K8S.NODE_ImdsCall --scope cluster:aks-demo --for 4h",
      "Muted in this channel",
    );
    const digest = await world.slack.until(() =>
      world.slack.messages(channel).find((one) => shown(one).includes("1 mute in force")),
    );
    expect(shown(digest)).toContain("K8S.NODE_ImdsCall");
  });

  it.each(["en", "ja"] as const)("render their notification (%s)", async (language) => {
    const { notifiers } = await definitions();
    const event = { channel: "C0SECURITY1", topic: "alerts", at: "2026-11-28T08:00:00.000Z" };
    const message = notifiers
      .get("unsubscribed")!
      .render(event, { language, now: event.at, posted: event.at });
    expect(JSON.stringify(message.headline)).toContain("alerts");
  });
});

describe("a new file that holds no definition", () => {
  it("stops the start with exit code 78, and each gets what to write", () => {
    const { code, complained } = refused;
    expect(code).toBe(78);
    const lineOf = (file: string) => complained.filter((line) => line.includes(file)).join("\n");
    expect(complained[0]).toMatch(/^Breakwater can't start: \d problems?/);
    expect(lineOf("commands/ebb.ts")).toContain("write access: one of anyone, member, operator, approver");
    expect(lineOf("jobs/watch-ebb.ts")).toContain("write export default job({ … })");
    expect(lineOf("notifiers/ebb.ts")).toContain("write place: (event) => …");
  });
});
