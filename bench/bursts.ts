import type { Bot } from "../playground/bot.ts";
import { eventually } from "./figure.ts";
import { type Peer, startPeer } from "./peer.ts";
import type { Acknowledged, Burst } from "./peers/commands.ts";

/** What is typed: real commands with a real answer, rendered and sent to the asker behind the acknowledgement. */
export const texts = ["help", "help alerts"];
const atOnce = 200;
const people = ["U0AKIRA0001", "U0OLIVIA001", "U0SAM000001", "U0GUEST0001"];

/** Slack's side of slash commands. */
export type Bursts = {
  /** 200 commands at once; milliseconds of each acknowledgement. Throws where one was refused. */
  send(url: string): Promise<number[]>;
  /** The same to the bot, and then waits until every answer has been given. */
  sendAndDrain(bot: Bot): Promise<number[]>;
  end(): Promise<void>;
};

export async function openBursts(secret: string): Promise<Bursts> {
  const [client, sink] = await Promise.all([
    startPeer(new URL("./peers/commands.ts", import.meta.url)),
    startPeer(new URL("./peers/sink.ts", import.meta.url)),
  ]);
  const sent = new Map<Bot, number>();
  const send = async (url: string): Promise<number[]> => {
    const burst: Burst = {
      url,
      secret,
      atOnce,
      texts,
      users: people,
      channel: "C0SECURITY1",
      responseUrl: `${sink.env.URL}response`,
    };
    const { ms, refused } = await client.ask<Acknowledged>(burst);
    if (refused > 0) throw new Error(`${refused} of ${atOnce} commands were not plainly acknowledged: ${url}`);
    return ms;
  };
  return {
    send,
    async sendAndDrain(bot) {
      const before = sent.get(bot) ?? (await commandsServed(bot));
      const found = await send(bot.events);
      sent.set(bot, before + atOnce);
      await eventually("answers to the commands", async () => (await commandsServed(bot)) >= before + atOnce);
      return found;
    },
    end: async () => void (await Promise.all([client.stop(), sink.stop()])),
  };
}

async function commandsServed(bot: Bot): Promise<number> {
  const found = (await bot.metrics()).matchAll(/^breakwater_commands_total\{[^}]*\} (\d+)$/gm);
  return [...found].reduce((sum, [, count]) => sum + Number(count), 0);
}
