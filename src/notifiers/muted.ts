import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import { scopeKinds } from "../domain/scope/scope.ts";
import type { Mute } from "../domain/subscription.ts";
import { sentences } from "../locales/sentences.ts";
import { commandLine } from "../message/line.ts";
import { muteTarget } from "../message/subscription.ts";

const say = sentences({
  en: {
    muted: "🔕 Muted until {{until}} by {{who}}: {{what}}",
    end: "Unmute",
  },
  ja: {
    muted: "🔕 {{who}} が {{until}} までミュートしました: {{what}}",
    end: "ミュートを解除",
  },
});

const event = z.object({
  id: z.string(),
  channel: z.string(),
  sort: z.string().optional(),
  scopes: z.array(z.object({ kind: z.enum(scopeKinds), pattern: z.string() })),
  from: z.string(),
  until: z.string(),
  by: z.string(),
});

export default notifier<Mute>({
  texts: {
    en: { summary: "Who muted what in this channel, and for how long, in one line" },
    ja: { summary: "このチャンネルで誰が何をいつまでミュートしたかを 1 行で知らせる" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id }) => id,
  at: ({ from }) => from,
  render(mute, { language }) {
    const words = say(language);
    return {
      headline: words.rich("muted", {
        until: { time: mute.until },
        who: { person: mute.by },
        what: muteTarget(mute, language),
      }),
      tone: "neutral",
      parts: [{ actions: [{ label: words("end"), line: commandLine(["unmute", mute.id]) }] }],
    };
  },
});
