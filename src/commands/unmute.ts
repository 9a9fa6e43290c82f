import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { sentences } from "../locales/sentences.ts";
import { keptOut, muteSentence } from "../message/subscription.ts";

const say = sentences({
  en: {
    done_one: "{{count}} mute of this channel ended",
    done_other: "{{count}} mutes of this channel ended",
    none: "Nothing was muted in this channel",
    ended: "This mute has already ended",
  },
  ja: {
    done_other: "このチャンネルのミュート {{count}} 件を解除しました",
    none: "このチャンネルにミュートはありません",
    ended: "このミュートはすでに終了しています",
  },
});

export default command({
  texts: {
    en: { summary: "Ends one mute of this channel, or all, and summarizes what was muted" },
    ja: {
      summary: "このチャンネルのミュートを 1 つ、またはすべて解除し、ミュートした件数をまとめて通知します",
    },
  },
  examples: ["unmute"],
  arguments: z.object({ mute: text("MUTE", 40).optional() }),
  positional: ["mute"],
  argumentTexts: {
    mute: {
      en: "ID of the mute, filled in by its button. Default: all.",
      ja: "解除するミュート (ボタンが指定します)。省略するとすべて。",
    },
  },
  access: "operator",
  effect: {
    changes: { en: "Alerts are posted in this channel again", ja: "このチャンネルへのアラートを再開します" },
    undo: { en: "mute [ALERT-TYPE] --for 4h", ja: "mute [ALERT-TYPE] --for 4h" },
    confirm: false,
  },
  audit: () => ({ verb: "unmute", kind: "alerts" }),
  quick: true,
  async run({ mute: id }, { store, publish, clock }, { caller, language, audit }) {
    const words = say(language);
    // Killed before all of them are summed up, the job that does so at the end of their time does the rest.
    const mutes = await store.mutes.end(caller.channel, { person: caller.person, at: clock.now() }, id);
    if (mutes.length === 0) {
      audit("no-change");
      return { headline: words(id ? "ended" : "none"), parts: [] };
    }
    const sorts = mutes.flatMap(({ sort }) => sort ?? []);
    if (sorts.length === mutes.length) audit({ verb: "unmute", kind: "alerts", name: sorts.join(", ") });
    const counted = await Promise.all(
      mutes.map(async (mute) => ({ mute, counts: await store.mutes.counts(mute.id) })),
    );
    for (const { mute, counts } of counted) {
      await publish("mute-ended", [{ ...mute, counts }]);
      await store.mutes.settle(mute.id);
    }
    return {
      headline: words("done", { count: mutes.length }),
      tone: "good",
      parts: [{ list: counted.map(({ mute, counts }) => muteSentence(mute, keptOut(counts), language)) }],
    };
  },
});
