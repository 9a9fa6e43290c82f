import { z } from "zod";
import { choice, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { UserError } from "../errors.ts";
import { type Language, languages } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Inline, Message } from "../message/message.ts";
import { targetName } from "../message/simulations/request.ts";
import { runStateWord } from "../message/simulations/words.ts";
import { type Decision, decide } from "../simulations/request.ts";

const say = sentences({
  en: {
    approve: "Approved: {{scenario}} on {{target}} begins",
    refuse: "Refused: {{scenario}} on {{target}} does not run",
    follow: "Its message in the channel shows how it goes, and then the report.",
    "unknown-run": "There is no such request any more.",
    own: "Nobody decides on their own request: somebody else has to. You can withdraw it.",
    expired: "The request is older than 30 minutes and has expired. Ask for it again.",
    used: "Too late: it is already decided ({{state}}).",
    "used-by": "Too late: it is already decided ({{state}}, by {{who}}).",
    changed: "This button belongs to another request than the one that is there now. Nothing was done.",
    "no-right": "You may not approve.",
    "requester-lost-right":
      "The person who asked is no longer a member of this workspace (or Slack does not say so): it cannot be approved. Somebody else can ask for it.",
  },
  ja: {
    approve: "承認しました: {{target}} で {{scenario}} を開始します",
    refuse: "却下しました: {{target}} での {{scenario}} は実行しません",
    follow: "経過とレポートは、申請のメッセージに表示されます。",
    "unknown-run": "その申請はもうありません。",
    own: "自分の申請は自分では判断できません。別の方が判断してください。取り下げることはできます。",
    expired: "申請から 30 分が過ぎ、期限切れになりました。もう一度申請してください。",
    used: "すでに判断されています ({{state}})。",
    "used-by": "すでに判断されています ({{state}}、{{who}})。",
    changed: "このボタンは、現在の申請とは別の内容のものです。何も実行していません。",
    "no-right": "承認する権限がありません。",
    "requester-lost-right":
      "申請した方がワークスペースのメンバーではなくなった (または Slack に確認できない) ため、承認できません。別の方が申請できます。",
  },
});

export default command({
  texts: {
    en: { summary: "Approves or refuses a simulation; the buttons of a request use it" },
    ja: { summary: "シミュレーションを承認または却下します (申請のボタンが使います)" },
  },
  examples: ["approval <run> <code> approve", "approval <run> <code> refuse"],
  arguments: z.object({
    run: text("RUN", 40),
    code: text("CODE", 40),
    decision: choice("DECISION", ["approve", "refuse"]),
  }),
  positional: ["run", "code", "decision"],
  argumentTexts: {
    run: { en: "The run that is asked for.", ja: "申請された実行。" },
    code: {
      en: "Binds the decision to exactly what was asked for.",
      ja: "判断を申請内容に結び付けるコード。",
    },
    decision: { en: "What is decided.", ja: "判断。" },
  },
  access: "approver",
  effect: {
    changes: {
      en: "A simulation is approved and begins at once, or is refused",
      ja: "シミュレーションを承認してすぐに開始するか、却下します",
    },
    undo: {
      en: "The button Cancel of the run: what was created is removed.",
      ja: "実行の中止ボタン。作成したものは削除されます。",
    },
    confirm: false,
  },
  hidden: true,
  async run({ run: id, code, decision }, ports, { caller, language }): Promise<Message> {
    const decided = await decide(ports, { run: id, code, decision, person: caller.person });
    if (decided.kind === "used") return usedMessage(decided.run, language);
    if (decided.kind === "no-right") throw new UserError(decided.why);
    if (decided.kind !== "done") throw refused(decided);
    const words = say(language);
    const values = { scenario: decided.run.scenario, target: targetName(decided.run) };
    return { headline: words(decision, values), tone: "good", parts: [{ note: words("follow") }] };
  },
});

function refused({ kind }: Exclude<Decision, { kind: "done" | "used" | "no-right" }>): UserError {
  const [en, ja] = languages.map((language) => say(language)(kind));
  return new UserError({ en: en!, ja: ja! }, "simulations");
}

/** Two who press at the same moment: the second hears who was faster. */
function usedMessage(run: Extract<Decision, { kind: "used" }>["run"], language: Language): Message {
  const words = say(language);
  const state = runStateWord(run.state, language);
  const person = run.refusedBy ?? run.cancelledBy ?? run.approver;
  const headline = person
    ? words.rich<Exclude<Inline, string>>("used-by", { state, who: { person } })
    : words("used", { state });
  return { headline, tone: "warning", parts: [] };
}
