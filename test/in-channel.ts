import type { Message } from "../playground/slack/message.ts";
import type { World } from "../playground/world.ts";

/** A message as text: its plain form and its blocks. */
export const shown = ({ text, blocks }: Message): string => `${text}\n${JSON.stringify(blocks ?? "")}`;

/** What people do in a channel of a world that starts later, and what they see there. */
export function inChannel(world: () => World, usual: string) {
  const messages = (channel: string) => world().slack.messages(channel);
  return {
    /** What the bot answers to a line; waits until the answer holds the words. */
    async answered(user: string, text: string, words: RegExp, channel = usual): Promise<string> {
      const typed = await world().slack.command({ user, channel, text });
      const answer = () => typed.answers().map(shown).join("\n");
      await world().slack.until(() => words.test(answer()), 90_000);
      return answer();
    },
    /** The first message of the channel, no reply, that holds the words. */
    messageOf: (words: string, channel = usual) =>
      messages(channel).find((one) => shown(one).includes(words) && one.thread_ts === undefined),
    /** What the bot answers to a button. */
    async pressed(user: string, message: Message, text: string): Promise<string> {
      const click = await world().slack.click({ user, message, text });
      await world().slack.until(() => click.answers().length > 0, 90_000);
      return click.answers().map(shown).join("\n");
    },
    /** The message as it is now. */
    now: (message: Message) => messages(message.channel).find(({ ts }) => ts === message.ts) ?? message,
    /** The message, once its text holds the words. */
    became: (message: Message, words: RegExp) =>
      world().slack.until(() => {
        const now = messages(message.channel).find(({ ts }) => ts === message.ts);
        return now && words.test(now.text) ? now : undefined;
      }, 120_000),
  };
}
