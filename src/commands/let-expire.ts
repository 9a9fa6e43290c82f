import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { auditedExemption } from "../domain/audit.ts";
import { UserError } from "../errors.ts";
import { sentences } from "../locales/sentences.ts";
import { exemptionHeadline } from "../message/exemptions/exemptions.ts";

const say = sentences({
  en: {
    done: "It ends {{time}}. Nothing else to do.",
    already: "Nothing to do: {{who}} already lets it expire. It ends {{time}}.",
    over: "Nothing to do: {{headline}}",
  },
  ja: {
    done: "{{time}} に終了します。ほかに必要な操作はありません。",
    already: "必要な操作はありません。すでに {{who}} が、そのまま終了することにしました ({{time}} に終了)。",
    over: "必要な操作はありません: {{headline}}",
  },
});

export default command({
  texts: {
    en: { summary: "Notes that a suppression or exemption may end; used by its reminder" },
    ja: { summary: "抑制または除外をそのまま終了させることを記録します (リマインダーのボタンで使用)" },
  },
  examples: ["let-expire <exemption>"],
  arguments: z.object({ id: text("ID", 40) }),
  positional: ["id"],
  argumentTexts: { id: { en: "ID of the suppression or exemption.", ja: "抑制または除外の ID。" } },
  access: "member",
  effect: {
    changes: { en: "Notes that a suppression or exemption may end", ja: "抑制または除外の終了を了承します" },
    undo: {
      en: "Request it again with suppress or exempt.",
      ja: "suppress または exempt で申請し直せます。",
    },
    confirm: false,
  },
  audit: async ({ id }, { store }) => {
    const exemption = await store.exemptions.get(id);
    return exemption && auditedExemption("let-expire", exemption);
  },
  hidden: true,
  async run({ id }, { store, publish }, { caller, language, audit }) {
    const words = say(language);
    const noted = await store.exemptions.change(id, (one) =>
      one.state === "active" && !one.letBy ? { ...one, letBy: caller.person } : undefined,
    );
    if (!noted) throw notFound();
    const { one: exemption, changed } = noted;
    if (!changed) audit(auditedExemption("no-change", exemption));
    if (exemption.state !== "active")
      return { headline: words("over", { headline: exemptionHeadline(exemption, language) }), parts: [] };
    await publish("exemption-reminder", [exemption], { known: true });
    const time = { time: exemption.expires };
    if (changed) return { headline: words.rich("done", { time }), tone: "good", parts: [] };
    const values = { time, who: { person: exemption.letBy ?? "" } };
    return { headline: words.rich("already", values), parts: [] };
  },
});

function notFound(): UserError {
  return new UserError(
    { en: "This suppression or exemption isn't known.", ja: "この抑制または除外は見つかりません。" },
    "exemptions",
  );
}
