import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Takes the answers that the product sends to `response_url`s, as Slack does: 200, `ok`. */
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end("ok"));
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  console.log(`URL=http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  console.log("ready");
});
