import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parseScope } from "../../src/domain/scope/scope.ts";
import { validCron } from "../../src/queue/cron.ts";
import { redisUrlProblem } from "../../src/redis/redis-url.ts";
import { readSettings } from "../../src/settings/read.ts";
import { usualRetention } from "../../src/store/values/retention.ts";

const example = readFileSync(new URL("../../breakwater.example.yaml", import.meta.url), "utf8");
const readers = { cron: validCron, redisUrl: redisUrlProblem, scope: parseScope };
const read = (text?: string) =>
  readSettings({ SLACK_BOT_TOKEN: "xoxb-1", SLACK_APP_TOKEN: "xapp-1" }, () => text, readers);

it("the example file unchanged means the same as no file", () => {
  expect(read(example)).toEqual(read(undefined));
});

it("every line that the example file has in comments can be used", () => {
  // A setting in a comment begins with "# "; prose begins with "##".
  const used = example.replaceAll(/^(\s*)# /gm, "$1");
  const settings = read(used);
  expect(settings.channels.map(({ topic }) => topic)).toEqual(["alerts", "rescan"]);
  expect(settings.channels.map(({ immediate }) => immediate)).toEqual([undefined, "critical"]);
  expect(settings.schedules.drills).toHaveLength(1);
  expect(settings.retention).toEqual(usualRetention);
  expect(settings.access).toMatchObject({
    operators: [expect.any(String), expect.any(String)],
    admin: expect.any(String),
  });
});
