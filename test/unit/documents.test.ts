import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { documents } from "../../scripts/documents.ts";
import { slackManifest } from "../../src/definitions/manifest.ts";
import { argumentLines, usageLine } from "../../src/definitions/usage.ts";
import { definitions } from "../dispatch-parts.ts";

const root = join(import.meta.dirname, "..", "..");
const made = await documents();

describe("the reference pages and the manifest", () => {
  it.each([...made.keys()])("%s is as the definitions are; if not: npm run documents", (path) => {
    const file = join(root, path);
    expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(made.get(path));
  });

  it("name every definition, in both languages", () => {
    for (const kind of ["commands", "jobs", "notifiers", "scenarios"] as const) {
      for (const ending of [".md", ".ja.md"]) {
        const page = made.get(`docs/reference/${kind}${ending}`) ?? "";
        for (const name of definitions[kind].keys()) expect(page).toContain(name);
      }
    }
  });

  it("every command has a summary of its own in Japanese, and every argument a meaning in both languages", () => {
    for (const [name, command] of definitions.commands) {
      expect(command.texts.ja.summary, name).toMatch(/[ぁ-んァ-ヶ一-龠]/);
      for (const language of ["en", "ja"] as const) {
        for (const { written, meaning } of argumentLines(command, language)) {
          expect(meaning, `${name} ${written}`).not.toBe("");
        }
      }
    }
  });

  it("show how a command is typed", () => {
    expect(usageLine("alerts", definitions.commands.get("alerts")!)).toBe(
      "alerts [SCOPE] [--severity SEVERITY] [--since DURATION] [--state STATE] [--fresh]",
    );
    expect(usageLine("subscribe", definitions.commands.get("subscribe")!)).toContain("[--scope SCOPE …]");
  });
});

describe("the manifest", () => {
  const options = {
    url: "https://example.com/slack/events",
    scopes: [{ scope: "commands" }, { scope: "x", optional: true as const }],
    shortcuts: ["status"],
  };
  const manifest = JSON.parse(JSON.stringify(slackManifest(definitions, options)));

  it("offers one slash command whose hint names every command that is not for buttons", () => {
    const [slash] = manifest.features.slash_commands;
    expect(slash).toMatchObject({ command: "/defender", url: options.url, should_escape: false });
    for (const [name, { hidden }] of definitions.commands)
      expect(slash.usage_hint.split(/[^a-z-]+/).includes(name)).toBe(!hidden);
    expect(slash.usage_hint.length).toBeLessThanOrEqual(1000);
  });

  it("asks for the scopes that it is given, optional ones apart", () => {
    expect(manifest.oauth_config.scopes).toEqual({ bot: ["commands"], bot_optional: ["x"] });
  });

  it("keeps within Slack's limits, and refuses a shortcut that names no command", () => {
    for (const shortcut of manifest.features.shortcuts) expect(shortcut.name.length).toBeLessThanOrEqual(24);
    expect(() => slackManifest(definitions, { ...options, shortcuts: ["nothing"] })).toThrow(
      /names no command/,
    );
  });
});
