import bolt from "@slack/bolt";

/** Bolt's own no-op app: what any app on Bolt's HTTP receiver costs at least. */
const [port, signingSecret] = process.argv.slice(2);
const receiver = new bolt.HTTPReceiver({
  signingSecret: String(signingSecret),
  logLevel: bolt.LogLevel.ERROR,
});
const app = new bolt.App({
  receiver,
  logLevel: bolt.LogLevel.ERROR,
  authorize: async () => ({ botToken: "xoxb-none", botId: "B1", botUserId: "U1" }),
});
app.command("/defender", async ({ ack }) => ack());
await receiver.start({ port: Number(port), host: "127.0.0.1" });
process.stdout.write("ready\n");
