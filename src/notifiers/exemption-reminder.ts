import { z } from "zod";
import { notifier } from "../definitions/notifier.ts";
import type { Exemption } from "../domain/exemptions/exemptions.ts";
import { sentences } from "../locales/sentences.ts";
import { againLine, exemptionPlace } from "../message/exemptions/exemptions.ts";
import { commandLine } from "../message/line.ts";

const say = sentences({
  en: {
    alert: "Suppression ends {{time}}: {{title}} on {{place}}",
    recommendation: "Exemption ends {{time}}: {{title}} on {{place}}",
    extend: "Extend",
    let: "Let it expire",
    "let-by": "{{who}} lets it expire.",
    note: "To extend it is a new request, which another person approves.",
  },
  ja: {
    alert: "抑制は {{time}} に終了します: {{place}} の {{title}}",
    recommendation: "除外は {{time}} に終了します: {{place}} の {{title}}",
    extend: "延長",
    let: "そのまま終了",
    "let-by": "{{who}} が、そのまま終了することにしました。",
    note: "延長は新しい申請になり、別の方の承認が必要です。",
  },
});

/** Events come from the store, which checks them when it reads. */
const event = z.custom<Exemption>(
  (value) => typeof (value as Exemption | null)?.code === "string",
  "an exemption",
);

export default notifier<Exemption>({
  texts: {
    en: { summary: "A suppression or exemption that ends within 3 days" },
    ja: { summary: "3 日以内に終了する抑制または除外" },
  },
  topic: "direct",
  event,
  filters: [],
  channel: ({ channel }) => channel,
  key: ({ id, expires }) => `${id} ${expires}`,
  at: ({ expires }) => expires,
  render(one, { language }) {
    const words = say(language);
    const values = { time: { time: one.expires }, title: one.title, place: exemptionPlace(one) };
    const headline = words.rich(one.kind, values);
    if (one.letBy) {
      const who = { person: one.letBy };
      return { headline, tone: "neutral", parts: [{ sentence: words.rich("let-by", { who }) }] };
    }
    return {
      headline,
      tone: "warning",
      parts: [
        {
          actions: [
            { label: words("extend"), line: againLine(one), style: "primary" },
            { label: words("let"), line: commandLine(["let-expire", one.id]) },
          ],
        },
        { note: words("note") },
      ],
    };
  },
});
