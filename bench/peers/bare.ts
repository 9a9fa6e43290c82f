import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The least that a server can do: check Slack's v0 signature and answer. */
const secret = process.env.SLACK_SIGNING_SECRET ?? "";
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString();
    const time = String(request.headers["x-slack-request-timestamp"]);
    const ours = `v0=${createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex")}`;
    const theirs = String(request.headers["x-slack-signature"]);
    const fresh = Math.abs(Date.now() / 1000 - Number(time)) < 300;
    const good =
      fresh && ours.length === theirs.length && timingSafeEqual(Buffer.from(ours), Buffer.from(theirs));
    response.statusCode = good ? 200 : 401;
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => {
  console.log(`URL=http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  console.log("ready");
});
