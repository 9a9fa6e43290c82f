import { connect, type Socket } from "node:net";
import { openBed } from "./bed.ts";
import type { Figure } from "./figure.ts";
import { resident } from "./memory.ts";

const posts = 1000;
const length = 4_000_000;
const body = Buffer.alloc(length);

/** Resident memory of a bot while so many unsigned posts are sent at once, whose senders hold their connections. */
export async function heldPosts(): Promise<Figure[]> {
  const bed = await openBed();
  const sockets: Socket[] = [];
  try {
    const bot = await bed.bot();
    await bot.ready();
    let most = 0;
    const head = `POST /slack/events HTTP/1.1\r\nhost: bot\r\ncontent-length: ${length}\r\n\r\n`;
    const ended = Array.from({ length: posts }, async () => {
      const socket = connect(bot.port, "127.0.0.1");
      sockets.push(socket);
      // A refused connection is reset while its body is still on the way.
      socket.on("error", () => undefined).resume();
      socket.write(head);
      socket.write(body);
      await new Promise((resolve) => socket.once("close", resolve));
      most = Math.max(most, (await resident(bot.pid)).all);
    });
    await Promise.all(ended);
    return [
      {
        name: "held-posts",
        goal: 300,
        unit: "MB",
        values: [most],
        bound: `most resident memory while ${posts} unsigned posts of ${length / 1_000_000} MB are refused; absolute`,
      },
    ];
  } finally {
    for (const socket of sockets) socket.destroy();
    await bed.end();
  }
}
