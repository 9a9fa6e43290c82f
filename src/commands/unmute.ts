import { z } from "zod";
import { command } from "../definitions/command.ts";
import { sentences } from "../locales/sentences.ts";
import { keptOut, muteSentence } from "../message/subscription.ts";

const say = sentences({
  en: {
    done_one: "{{count}} mute of this channel ended",
    done_other: "{{count}} mutes of this channel ended",
    none: "Nothing was muted in this channel",
  },
  ja: {
    done_one: "このチャンネルのミュート {{count}} 件を解除しました",
    done_other: "このチャンネルのミュート {{count}} 件を解除しました",
    none: "このチャンネルにミュートはありません",
  },
});

export default command({
  texts: {
    en: { summary: "Ends the mutes of this channel, and sums up what they kept out" },
    ja: { summary: "このチャンネルのミュートを解除し、抑止した通知をまとめて知らせます" },
  },
  examples: ["unmute"],
  arguments: z.object({}),
  access: "operator",
  effect: {
    changes: { en: "Alerts come to this channel again", ja: "このチャンネルへのアラートを再開します" },
    undo: { en: "mute [ALERT-TYPE] --for 4h", ja: "mute [ALERT-TYPE] --for 4h" },
    confirm: false,
  },
  async run(_, { store, publish, clock }, { caller, language }) {
    const words = say(language);
    const now = clock.now();
    const mutes = await store.mutes.remove(caller.channel);
    if (mutes.length === 0) return { headline: words("none"), parts: [] };
    const counted = await Promise.all(
      mutes.map(async (mute) => ({ mute, counts: await store.mutes.counts(mute.id) })),
    );
    // The channel hears the sum as if the time were over; what is settled is not summed up twice.
    for (const { mute, counts } of counted) {
      const { id, channel, sort, from, by } = mute;
      await publish("mute-ended", [{ id, channel, sort, from, until: now, by, counts }]);
      await store.mutes.settle(id);
    }
    return {
      headline: words("done", { count: mutes.length }),
      tone: "good",
      parts: [{ list: counted.map(({ mute, counts }) => muteSentence(mute, keptOut(counts), language)) }],
    };
  },
});
