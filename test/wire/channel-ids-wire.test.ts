import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { lostAndDoubled } from "../../playground/chaos/shown.ts";
import { changeAlert, estateOf, newAlert } from "../../playground/estate/estate.ts";
import { exampleWorkspace } from "../../playground/slack/workspace.ts";
import { startWorld, type World } from "../../playground/world.ts";

/** One is configured in the file, the others by command; the last one gets no alert before its id changes. */
const [inFile, byCommand, quick, announced] = ["G0INFILE001", "G0COMMAND01", "G0QUICK0001", "G0NEWS00001"];
const latest = (channel: string) => channel.replace("G", "C");
const olivia = "U0OLIVIA001";
const config = `
schedules:
  alerts: "* * * * * *"
access:
  operators: [S0OPERATORS]
  admin: C0ADMIN0001
channels:
  - { channel: ${inFile}, topics: [alerts] }
`;

let world: World;
beforeAll(async () => {
  const estate = estateOf({ subscriptions: 2, clusters: 2, alerts: 5, recommendations: false }, new Date());
  const { channels, ...others } = exampleWorkspace;
  const added = [inFile, byCommand, quick, announced].map((id) => ({
    id,
    name: id.toLowerCase(),
    is_private: true,
  }));
  const workspace = { ...others, channels: [...channels, ...added] };
  world = await startWorld({ config, env: { LOG_LEVEL: "info" }, azure: { estate }, slack: { workspace } });
  await world.slack.until(() => world.slack.messages(inFile).length > 0, 90_000);
  for (const channel of [byCommand, quick, announced]) await said(channel, "subscribe alerts");
}, 270_000);
afterAll(async () => world?.end());

async function said(channel: string, text: string): Promise<string> {
  const command = await world.slack.command({ user: olivia, channel, text });
  const answer = await world.slack.until(
    () => command.answers().find(({ blocks }) => blocks?.length),
    60_000,
  );
  return JSON.stringify(answer.blocks);
}

let numbered = 0;
const alerts = new Map<string, ReturnType<typeof newAlert>>();
function alert(wish: Parameters<typeof newAlert>[1] = { severity: "High" }): string {
  const entity = `renumbered-${numbered++}-end`;
  const made = newAlert(world.azure.estate, { ...wish, properties: { compromisedEntity: entity } });
  alerts.set(entity, made);
  return entity;
}
const withWords = (channel: string, words: string) =>
  world.slack.messages(channel).filter((message) => JSON.stringify(message.blocks ?? []).includes(words));
const shown = (channel: string, words: string) =>
  world.slack.until(() => withWords(channel, words).length > 0, 90_000);
const once = { lost: [], doubled: [] };
const learned = (channel: string) =>
  vi.waitUntil(() => world.bot.logged.some((line) => line.channel === channel && line.latest), 30_000);

describe("a private channel that gets another id", () => {
  it("has each alert once before, during and after, by the file and by command, over a kill too", async () => {
    const names = [alert()];
    for (const channel of [inFile, byCommand]) await shown(channel, names[0]!);
    for (const channel of [inFile, byCommand]) await world.slack.convert(channel, latest(channel));
    names.push(alert());
    for (const channel of [inFile, byCommand]) await shown(channel, names[1]!);
    for (const channel of [inFile, byCommand]) await learned(channel);
    await said(latest(byCommand), "subscribe alerts");
    names.push(alert());
    await world.bot.kill();
    names.push(alert());
    await world.restart();
    for (const name of names) for (const channel of [inFile, byCommand]) await shown(channel, name);
    names.push(alert());
    for (const channel of [inFile, byCommand]) await shown(channel, names.at(-1)!);
    for (const channel of [inFile, byCommand]) expect(lostAndDoubled(world, channel, names)).toEqual(once);
    const posts = world.slack.callsOf("chat.postMessage").filter(({ args }) => args.channel === byCommand);
    // Once the new id is known, nothing is posted under the earlier one.
    for (const name of names.slice(2)) expect(JSON.stringify(posts)).not.toContain(name);

    // Alerts of before are brought up to date, and the subscriptions of the earlier id count.
    const entity = names[0]!;
    const [message] = withWords(byCommand, entity);
    expect(await said(latest(byCommand), "subscriptions")).toContain("alerts");
    changeAlert(world.azure.estate, alerts.get(entity)!, { status: "Resolved" });
    const [channel, ts] = [latest(byCommand), message!.ts];
    await world.slack.until(
      () => world.slack.callsOf("chat.update").some(({ args }) => args.ts === ts && args.channel === channel),
      90_000,
    );
    expect(withWords(byCommand, entity)[0]).toBe(message);
    expect(JSON.stringify(message!.blocks)).toContain("Resolved");
  }, 450_000);

  it("is not sent alerts twice where somebody subscribes under the new id before the bot knew of it", async () => {
    await world.slack.convert(quick, latest(quick));
    await said(latest(quick), "subscribe alerts");
    const names = [alert(), alert()];
    for (const name of names) await shown(quick, name);
    const last = alert();
    await shown(quick, last);
    expect(lostAndDoubled(world, quick, [...names, last])).toEqual(once);
  }, 180_000);

  it("keeps its mutes and loses its subscriptions under the new id, which Slack's event named", async () => {
    await said(announced, "mute K8S_DeleteEvents --for 1h");
    await world.slack.convert(announced, latest(announced), { announced: true });
    expect(await said(latest(announced), "subscriptions")).toMatch(/alerts[\s\S]*K8S_DeleteEvents/);
    const [muted, other] = [
      alert({ alertType: "K8S_DeleteEvents" }),
      alert({ alertType: "K8S_ExposedRedis" }),
    ];
    await shown(announced, other);
    await shown(inFile, muted);
    expect(withWords(announced, muted)).toEqual([]);
    await said(latest(announced), "unsubscribe alerts");
  }, 180_000);
});
