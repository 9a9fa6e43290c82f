import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoDays, prepareDays } from "../../playground/estate/days.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Message } from "../../playground/slack/message.ts";
import { topLevel } from "../../playground/tour/feed.ts";
import { scanEnds } from "../../playground/tour/findings.ts";
import { startWorld, type World } from "../../playground/world.ts";

const all = "C0SECURITY1";
const japan = "C0JAPAN0001";
const critical = "C0PLATFORM1";
const config = `
schedules:
  alerts: "*/20 * * * * *"
  rescan: "*/3 * * * * *"
channels:
  - { channel: ${all}, topics: [rescan] }
  - { channel: ${japan}, topics: [rescan], scope: ["sub:本番環境*"], language: ja }
  - { channel: ${critical}, topics: [rescan], severity: critical }
`;

let world: World;
/** The first digests of each channel, and what each of the days brought. */
const days: Record<string, Message[]> = { [all]: [], [japan]: [], [critical]: [] };

const quiet = ({ text }: Message) => /^Nothing changed|変化はありません/.test(text);
const reported = (channel: string) => topLevel(world, channel).filter((one) => !quiet(one));

/** How many rows of each kind the files below a digest have. */
function kindsBelow(digest: Message | undefined): Record<string, number> {
  const files = digest ? world.slack.thread(digest).flatMap(({ files }) => files ?? []) : [];
  const counts: Record<string, number> = {};
  for (const file of files)
    for (const line of file.content.toString().trim().split("\r\n").slice(1)) {
      const kind = line.split(",", 1)[0]!;
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
  return counts;
}

// One world, and the days pass in it once: each test looks at what the channels have then.
beforeAll(async () => {
  const estate = demoEstate(new Date());
  prepareDays(estate, new Date());
  world = await startWorld({ azure: { estate }, config, env: { LOG_LEVEL: "warn" } });
  await world.slack.until(() => [all, japan, critical].every((one) => reported(one).length > 0), 90_000);
  for (const day of demoDays.slice(0, 3)) {
    await scanEnds(world);
    day.happens(world.azure.estate, new Date());
  }
  const arrived = (channel: string, digests: number) =>
    world.slack.until(() => Object.keys(kindsBelow(reported(channel)[digests])).length > 0, 180_000);
  await Promise.all([arrived(all, 3), arrived(japan, 1), arrived(critical, 2)]);
  for (const channel of [all, japan, critical]) days[channel] = reported(channel);
}, 360_000);
afterAll(() => world?.end());

describe("the digests of three channels, day after day", () => {
  it("begin with a baseline in which nothing is new", () => {
    expect(days[all]![0]!.text).toBe(
      "First scan: 61 open findings. From the next scan, only changes are posted",
    );
    expect(days[japan]![0]!.text).toContain("初回スキャン: 未対応の検出結果 24 件");
    expect(days[critical]![0]!.text).toContain("First scan: 30 open findings");
  });

  it.each([...demoDays.slice(0, 3).entries()])("have what day %i brought, by class", (index, { expects }) => {
    expect(kindsBelow(days[all]![index + 1])).toEqual(expects);
  });

  it("have only what each channel's filter lets through", () => {
    const changes = (channel: string) =>
      days[channel]!.map(kindsBelow).filter((kinds) => Object.keys(kinds).length > 0);
    expect(changes(japan)).toEqual([{ "new-image": 3 }]);
    expect(changes(critical)).toEqual([
      { new: 1, "new-image": 2, fixed: 1 },
      { gone: 2, news: 1 },
    ]);
  });

  it("come once for each slot, in each channel", () => {
    const keys = [all, japan, critical].flatMap((channel) =>
      topLevel(world, channel).map(({ metadata }) => `${channel} ${metadata?.event_payload.key}`),
    );
    expect(keys.length).toBeGreaterThan(10);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it("are Slack's own table and chart, each file dated and none replaced", () => {
    const blocks = JSON.stringify(days[all]![1]!.blocks);
    expect(blocks).toContain('"data_table"');
    expect(blocks).toContain('"data_visualization"');
    const names = days[all]!.flatMap((one) =>
      world.slack.thread(one).flatMap(({ files }) => (files ?? []).map(({ name }) => name)),
    );
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^rescan-\d{4}(-\d\d){4,5}\.csv$/);
  });

  it("the command answers from the same snapshot", async () => {
    const typed = await world.slack.command({
      user: "U0OLIVIA001",
      channel: all,
      text: "vulnerabilities CVE-2024-3094",
    });
    const answer = await world.slack.until(() => typed.answers().at(-1), 30_000);
    expect(answer.text).toContain("CVE-2024-3094 affects 1 image");
    expect(JSON.stringify(answer.blocks)).toContain("aks-prod-payments");
  });
});
