import { expect, it } from "vitest";
import { chaosConfig, chaosEstate, namedAlerts, settled, watching } from "../../playground/chaos/rounds.ts";
import { startWorld } from "../../playground/world.ts";
import { redisServers } from "../redis-servers.ts";

it("two web and two worker processes on one Redis, one of each killed on the way: nothing is lost or doubled", async () => {
  const servers = redisServers();
  const port = await servers.single(["--appendonly", "no"]);
  const env = { REDIS_URL: `redis://127.0.0.1:${port}`, LOG_LEVEL: "warn" };
  const world = await startWorld({
    config: chaosConfig,
    env: { ...env, BREAKWATER_ROLE: "web" },
    azure: { estate: chaosEstate() },
  });
  try {
    const roles = ["worker", "worker", "web"];
    const [survivor, worker, web] = await Promise.all(
      roles.map((role) => world.another({ BREAKWATER_ROLE: role })),
    );
    await watching(world);
    const names = namedAlerts(world, "first", 10);
    const posts = world.slack.callsOf("chat.postMessage").length;
    await world.slack.until(() => world.slack.callsOf("chat.postMessage").length > posts, 60_000);
    await Promise.all([worker?.kill(), web?.kill()]);
    names.push(...namedAlerts(world, "second", 10));
    expect(await settled(world, names)).toEqual({ lost: 0, doubled: 0, details: [] });

    const help = await world.slack.command({ user: "U0OLIVIA001", channel: "C0SECURITY1", text: "help" });
    await world.slack.until(() => help.answers().length > 0, 30_000);
    expect(help.answers()).toHaveLength(1);
    expect(await survivor?.stop()).toBe(0);
  } finally {
    await world.end();
    await servers.stop();
  }
}, 270_000);
