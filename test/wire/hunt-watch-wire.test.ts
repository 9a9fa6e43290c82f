import { afterAll, beforeAll, expect, it } from "vitest";
import { demoEstate } from "../../playground/estate/demo.ts";
import { quickConfig, startWorld, type World } from "../../playground/world.ts";

const olivia = { user: "U0OLIVIA001", channel: "C0PLATFORM1" };
const config = quickConfig.replace("alerts:", "hunts:");
let world: World;
beforeAll(async () => {
  world = await startWorld({ config, azure: { estate: demoEstate(new Date()) } });
});
afterAll(() => world.end());

const posted = (text: RegExp) => world.slack.messages(olivia.channel).filter((one) => text.test(one.text));
const until = (text: RegExp) => world.slack.until(() => posted(text)[0], 30_000);
const registry = (adminUserEnabled: boolean) => {
  const { estate } = world.azure;
  const one = estate.registries.find(({ name }) => name === "contosoprod")!;
  one.properties.adminUserEnabled = adminUserEnabled;
  estate.revision++;
};

it("a watched hunt posts once what appeared, and what went while the bot was killed", async () => {
  const typed = await world.slack.command({ ...olivia, text: "hunt registry-admin-user --watch" });
  await world.slack.until(() => typed.answers().find(({ text }) => /now watches/.test(text)), 30_000);
  await until(/^Watching from now on/);
  registry(true);
  expect(JSON.stringify((await until(/^1 new match/)).blocks)).toContain("contosoprod");
  await world.bot.kill();
  registry(false);
  await world.restart();
  await until(/^1 gone/);
  expect([posted(/^1 new match/), posted(/^1 gone/)].map(({ length }) => length)).toEqual([1, 1]);
}, 180_000);
