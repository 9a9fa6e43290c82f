import type { AddressInfo } from "node:net";
import { App, HTTPReceiver, LogLevel } from "@slack/bolt";

/** The bound: Bolt's own receiver with a command listener that acknowledges and does nothing else. */
const receiver = new HTTPReceiver({
  signingSecret: process.env.SLACK_SIGNING_SECRET ?? "",
  logLevel: LogLevel.ERROR,
});
// A fixed authorisation, as the product has: Bolt would otherwise call auth.test.
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-none" }),
});
app.command("/defender", async ({ ack }) => {
  await ack();
});
const server = await receiver.start({ host: "127.0.0.1", port: 0 });
const { port } = server.address() as AddressInfo;
console.log(`URL=http://127.0.0.1:${port}/slack/events`);
console.log("ready");
