import type { Bot } from "../playground/bot.ts";
import { counted } from "./counted.ts";
import { eventually } from "./figure.ts";
import { startPeer } from "./peer.ts";
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
  /** Such bursts one after the other for so long; milliseconds of each acknowledgement. */
  during(bot: Bot, ms: number): Promise<number[]>;
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
    if (refused > 0)
      throw new Error(`${refused} of ${atOnce} commands were not plainly acknowledged: ${url}`);
    return ms;
  };
  const sendAndDrain = async (bot: Bot): Promise<number[]> => {
    const before = sent.get(bot) ?? (await counted(bot, "commands_total"));
    const found = await send(bot.events);
    sent.set(bot, before + atOnce);
    const answered = async () => (await counted(bot, "commands_total")) >= before + atOnce;
    await eventually("answers to the commands", answered);
    return found;
  };
  return {
    send,
    sendAndDrain,
    async during(bot, ms) {
      const found: number[] = [];
      for (const end = performance.now() + ms; performance.now() < end; )
        found.push(...(await sendAndDrain(bot)));
      return found;
    },
    end: async () => void (await Promise.all([client.stop(), sink.stop()])),
  };
}
