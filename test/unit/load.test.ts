import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadDefinitions } from "../../src/definitions/load.ts";
import { ConfigError, type ConfigProblem } from "../../src/errors.ts";
import { anyId } from "../dispatch-parts.ts";

const source = join(import.meta.dirname, "..", "..", "src");
// Beside the sources, so that copied files find the packages that they import.
const copies = join(import.meta.dirname, "..", "..", ".playground", `load-${anyId()}`);
afterAll(() => rmSync(copies, { recursive: true, force: true }));

/** A folder with these files; `whole`: beside a copy of all the sources. */
function folderWith(files: Record<string, string>, whole = false): string {
  const folder = join(copies, anyId());
  if (whole) cpSync(source, folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

async function problemsOf(files: Record<string, string>): Promise<readonly ConfigProblem[]> {
  const error = await loadDefinitions(folderWith(files)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return (error as ConfigError).problems;
}

const command = (fields: string) => `
import { z } from "zod";
export default {
  texts: { en: { summary: "Greets" }, ja: { summary: "挨拶" } },
  examples: ["greet"], arguments: z.object({}), access: "anyone", effect: "none",
  async run() { return { headline: "hello", parts: [] }; },
  ${fields}
};`;

describe("the folder is the registry", () => {
  it("holds what this issue promises", async () => {
    const { commands, jobs, notifiers, scenarios } = await loadDefinitions(source);
    const promised =
      "help status recommendations alerts subscribe unsubscribe subscriptions mute unmute whoami doctor audit";
    expect([...commands.keys()]).toEqual(expect.arrayContaining(promised.split(" ")));
    expect(jobs.size).toBeGreaterThan(0);
    expect([...notifiers.keys()]).toContain("alert");
    const expected = scenarios.get("web-shell")?.expects;
    expect(Array.isArray(expected) && expected.some(({ required }) => required)).toBe(true);
  });

  it("one new file is one new command, a folder with index.ts too", async () => {
    const { commands } = await loadDefinitions(
      folderWith(
        {
          "commands/greet.ts": command(""),
          "commands/greet-all/index.ts": command('examples: ["greet-all"],'),
        },
        true,
      ),
    );
    expect(commands.get("greet")?.texts.ja.summary).toBe("挨拶");
    expect(commands.has("greet-all")).toBe(true);
  });

  it("one new file is one new job, notifier or scenario", async () => {
    const scenario = "export { default } from './web-shell.ts';";
    const job = `import { z } from "zod"; export default { texts: { en: { summary: "s" }, ja: { summary: "s" } }, payload: z.object({}), retries: 0, run: async () => ({ kind: "done" }) };`;
    const notifier = `import { z } from "zod"; export default {
      texts: { en: { summary: "s" }, ja: { summary: "s" } }, topic: "alerts", event: z.object({}), filters: [],
      key: () => "k", at: () => "", render: () => ({ headline: "", parts: [] }) };`;
    const definitions = await loadDefinitions(
      folderWith(
        { "jobs/tidy.ts": job, "notifiers/news.ts": notifier, "scenarios/again.ts": scenario },
        true,
      ),
    );
    expect(
      definitions.jobs.has("tidy") && definitions.notifiers.has("news") && definitions.scenarios.has("again"),
    ).toBe(true);
  });
});

describe("a file that holds no valid definition stops the start, and says what to write", () => {
  it.each([
    ["nothing is exported", "commands/greet.ts", "export const a = 1;", /write export default command\(/],
    ["no object is exported", "jobs/tidy.ts", "export default 5;", /write export default job\(/],
    ["it is no TypeScript", "commands/greet.ts", "export default {", /cannot be imported/],
    [
      "an access that is none",
      "commands/greet.ts",
      command('access: "root",'),
      /access: write access: one of anyone, member/,
    ],
    [
      "an effect that is none",
      "commands/greet.ts",
      command('effect: "some",'),
      /effect: write effect: "none"/,
    ],
    [
      "a language is missing",
      "commands/greet.ts",
      command('texts: { en: { summary: "only English" } },'),
      /texts\.ja: write/,
    ],
    ["no example", "commands/greet.ts", command("examples: [],"), /at least one example/],
    [
      "an example of another command",
      "commands/greet.ts",
      command('examples: ["hello"],'),
      /does not begin with "greet"/,
    ],
    [
      "a positional argument that is none",
      "commands/greet.ts",
      command('positional: ["who"],'),
      /positional names "who"/,
    ],
    ["nothing to run", "commands/greet.ts", command("run: undefined,"), /run: write async run/],
    ["a name in another style", "commands/Greet_All.ts", command(""), /rename it/],
    ["another kind of file", "commands/notes.md", "# notes", /is no definition/],
    ["a folder without index.ts", "commands/greet-all/other.ts", command(""), /has no index\.ts/],
    ["a name that is there twice", "commands/help/index.ts", command(""), /is there twice/],
    ["an empty notifier", "notifiers/news.ts", "export default {};", /topic: write topic/],
    ["an empty scenario", "scenarios/odd.ts", "export default {};", /tactics: write tactics/],
  ])("%s: %s", async (_name, path, text, said) => {
    const problems = await problemsOf({ "commands/help.ts": command('examples: ["help"],'), [path]: text });
    expect(problems.map(({ where, problem }) => `${where}: ${problem}`).join("\n")).toMatch(said);
    expect(problems.every(({ where }) => where.split("/")[0] === path.split("/")[0])).toBe(true);
  });

  it("a notifier whose filter has no reader is refused", async () => {
    const text = `import { z } from "zod"; export default {
      texts: { en: { summary: "s" }, ja: { summary: "s" } }, topic: "direct", event: z.object({}), filters: ["scope"],
      key: () => "k", at: () => "", render: () => ({ headline: "", parts: [] }) };`;
    const said = (await problemsOf({ "notifiers/news.ts": text })).map(({ problem }) => problem).join("\n");
    expect(said).toMatch(/write place: \(event\)/);
    expect(said).toMatch(/write channel: \(event\)/);
  });

  it("every problem of every folder is said at once", async () => {
    const problems = await problemsOf({
      "commands/greet.ts": command('access: "root", effect: "some",'),
      "jobs/tidy.ts": "export default {};",
    });
    expect(problems.filter(({ where }) => where === "commands/greet.ts").length).toBe(2);
    expect(problems.some(({ where }) => where === "jobs/tidy.ts")).toBe(true);
  });
});
