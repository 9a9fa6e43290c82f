import { readFile } from "node:fs/promises";
import type { SlackOptions } from "./options.ts";
import { startSlack } from "./server.ts";
import type { Workspace } from "./workspace.ts";

/**
 * The stand-in as a process of its own: `node playground/slack/serve.ts`. Prints the lines that the bot's environment
 * needs, then `ready`. Options by environment: SLACK_STAND_IN_PORT, _PACING (ms), _SOCKET_MODE=1, _EVENTS_URL,
 * _SCOPES (comma-separated), _REFUSE_NEW_BLOCKS=1, _WORKSPACE (path of a JSON file).
 */
function setting(name: string): string | undefined {
  return process.env[`SLACK_STAND_IN_${name}`] || undefined;
}

async function options(): Promise<SlackOptions> {
  const workspace = setting("WORKSPACE");
  return {
    port: Number(setting("PORT") ?? 0),
    pacing: Number(setting("PACING") ?? 1000),
    socketMode: setting("SOCKET_MODE") === "1",
    refuseNewBlocks: setting("REFUSE_NEW_BLOCKS") === "1",
    ...(setting("EVENTS_URL") ? { eventsUrl: setting("EVENTS_URL") } : {}),
    ...(setting("SCOPES") ? { scopes: setting("SCOPES")!.split(",") } : {}),
    ...(workspace ? { workspace: JSON.parse(await readFile(workspace, "utf8")) as Workspace } : {}),
  };
}

const slack = await startSlack(await options());
for (const [name, value] of Object.entries(slack.env)) console.log(`${name}=${value}`);
console.log(`# page for people: ${slack.page}`);
console.log("ready");
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void slack.close());
