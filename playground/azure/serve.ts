import { demoEstate } from "../estate/demo.ts";
import { estateOf } from "../estate/estate.ts";
import { startAzure } from "./server.ts";

/**
 * The stand-in as a process of its own. PLAYGROUND_SUBSCRIPTIONS, _CLUSTERS, _REGISTRIES and _ALERTS give the size of
 * the estate (none: the demo's), PLAYGROUND_PORT the port, PLAYGROUND_DIRECTORY where the authority's file goes,
 * PLAYGROUND_RECOMMENDATIONS=off leaves recommendations out, PLAYGROUND_PAGE_SIZE is the size of a list's page, PLAYGROUND_QUOTA=on Resource Graph's real quota.
 * Prints the bot's environment, one NAME=VALUE a line, and then `ready`.
 */
function number(name: string): number | undefined {
  const text = process.env[`PLAYGROUND_${name}`];
  return text === undefined || text === "" ? undefined : Number(text);
}

const now = new Date();
const size = {
  subscriptions: number("SUBSCRIPTIONS"),
  clusters: number("CLUSTERS"),
  registries: number("REGISTRIES"),
  alerts: number("ALERTS"),
};
const recommendations = process.env.PLAYGROUND_RECOMMENDATIONS !== "off";
const sized = Object.values(size).some((one) => one !== undefined);
const azure = await startAzure({
  estate: sized ? estateOf({ ...size, recommendations }, now) : demoEstate(now),
  port: number("PORT"),
  directory: process.env.PLAYGROUND_DIRECTORY,
  pageSize: number("PAGE_SIZE"),
  quota: process.env.PLAYGROUND_QUOTA === "on" ? { requests: 15, seconds: 5 } : undefined,
});
for (const [name, value] of Object.entries(azure.env)) process.stdout.write(`${name}=${value}\n`);
process.stdout.write("ready\n");

const stop = () => void azure.stop().then(() => process.exit(0));
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
