import { z } from "zod";
import { type Decided, decideKept } from "../approvals/kept.ts";
import { choice, text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import type { Ports } from "../definitions/ports.ts";
import {
  type AuditedAction,
  type AuditVerb,
  auditedEnablement,
  auditedExemption,
  auditedRun,
} from "../domain/audit.ts";
import { targetName } from "../domain/simulations/simulation.ts";
import { keptEnablements } from "../enablement/request.ts";
import { UserError } from "../errors.ts";
import { keptExemptions } from "../exemptions/request.ts";
import type { Language } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import { enablementHeadline } from "../message/enablement/enablement.ts";
import { exemptionHeadline } from "../message/exemptions/exemptions.ts";
import type { Message } from "../message/message.ts";
import { runStateWord } from "../message/simulations/words.ts";
import { type Decision, decide } from "../simulations/request.ts";
import { languages } from "../text/language.ts";

const say = sentences({
  en: {
    approve: "Approved: {{scenario}} on {{target}} is starting",
    refuse: "Refused: {{scenario}} on {{target}} won't run",
    follow: "Progress and the report appear in the request's message in the channel.",
    "unknown-run": "This request no longer exists.",
    "follow-kept": "The outcome appears in the request's message in the channel.",
    own: "You can't decide on your own request; another approver has to. You can withdraw a simulation.",
    expired: "The request has expired (30 minutes). Submit it again.",
    used: "Already decided ({{state}}).",
    "used-kept": "Already decided. {{headline}}",
    "used-by": "Already decided by {{who}} ({{state}}).",
    changed: "This button doesn't match the current request. Nothing was done.",
    "no-right": "You don't have permission to approve.",
    "requester-lost-right":
      "Can't approve: the requester is no longer a member of this workspace, or Slack couldn't confirm it. Someone else can submit the request.",
  },
  ja: {
    approve: "承認しました: {{target}} で {{scenario}} を開始します",
    refuse: "却下しました: {{target}} での {{scenario}} は実行しません",
    follow: "経過とレポートは、申請のメッセージに表示されます。",
    "unknown-run": "この申請はすでに存在しません。",
    "follow-kept": "結果は、申請のメッセージに表示されます。",
    own: "自分の申請は承認も却下もできません。別の承認者が判断してください。シミュレーションの取り消しは可能です。",
    expired: "申請から 30 分が過ぎ、期限切れになりました。もう一度申請してください。",
    used: "すでに判断されています ({{state}})。",
    "used-kept": "すでに判断されています。{{headline}}",
    "used-by": "すでに判断されています ({{state}}、{{who}})。",
    changed: "このボタンは現在の申請と一致しません。何も実行していません。",
    "no-right": "承認する権限がありません。",
    "requester-lost-right":
      "申請者がワークスペースのメンバーではなくなった (または Slack で確認できない) ため、承認できません。別の方が申請してください。",
  },
});

export default command({
  texts: {
    en: {
      summary:
        "Approves or refuses a simulation, suppression, exemption or enablement; used by the buttons of a request",
    },
    ja: { summary: "シミュレーション、抑制、除外、有効化を承認または却下します (申請のボタンで使用)" },
  },
  examples: ["approval <run> <code> approve", "approval <run> <code> refuse"],
  arguments: z.object({
    run: text("RUN", 40),
    code: text("CODE", 40),
    decision: choice("DECISION", ["approve", "refuse"]),
  }),
  positional: ["run", "code", "decision"],
  argumentTexts: {
    run: { en: "ID of the request.", ja: "申請の ID。" },
    code: {
      en: "Binds the decision to this exact request.",
      ja: "判断を申請内容に結び付けるコード。",
    },
    decision: { en: "The decision.", ja: "判断。" },
  },
  access: "approver",
  effect: {
    changes: {
      en: "Approves a simulation, suppression, exemption or enablement, which starts immediately, or refuses it",
      ja: "シミュレーション、抑制、除外、有効化を承認してすぐに開始するか、却下します",
    },
    undo: {
      en: "Press Cancel on the run; everything it created is deleted. Suppressions and exemptions end by themselves. The message of an enablement has the commands that undo it.",
      ja: "実行の中止ボタン。作成したものは削除されます。抑制と除外は期限が来ると終了します。有効化は、元に戻すコマンドがメッセージに表示されます。",
    },
    confirm: false,
  },
  audit: async ({ run, decision }, { store }) => auditedRequest(run, decision, store),
  hidden: true,
  async run({ run: id, code, decision }, ports, { caller, language, audit }): Promise<Message> {
    const asked = { id, code, decision, person: caller.person };
    if (id.startsWith("x-")) {
      const decided = await decideKept(asked, keptExemptions(ports), ports);
      if (decided.kind === "used") audit(auditedExemption("no-change", decided.one));
      return keptDecided(decided, exemptionHeadline, language);
    }
    if (id.startsWith("e-")) {
      const decided = await decideKept(asked, keptEnablements(ports), ports);
      if (decided.kind === "used") audit(auditedEnablement("no-change", decided.one));
      return keptDecided(decided, enablementHeadline, language);
    }
    const decided = await decide(ports, { run: id, code, decision, person: caller.person });
    if (decided.kind === "used") {
      audit(auditedRun("no-change", decided.run));
      return usedMessage(decided.run, language);
    }
    if (decided.kind === "no-right") throw new UserError(decided.why);
    if (decided.kind !== "done") throw refused(decided.kind);
    const words = say(language);
    const values = { scenario: decided.run.scenario, target: targetName(decided.run) };
    return { headline: words(decision, values), tone: "good", parts: [{ note: words("follow") }] };
  },
});

async function auditedRequest(
  id: string,
  verb: AuditVerb,
  { enablements, exemptions, runs }: Ports["store"],
): Promise<AuditedAction | undefined> {
  if (id.startsWith("x-")) {
    const exemption = await exemptions.get(id);
    return exemption && auditedExemption(verb, exemption);
  }
  if (id.startsWith("e-")) {
    const enablement = await enablements.get(id);
    return enablement && auditedEnablement(verb, enablement);
  }
  const run = await runs.get(id);
  return run && auditedRun(verb, run);
}

function refused(kind: Exclude<Decision["kind"], "done" | "used" | "no-right">): UserError {
  const [en, ja] = languages.map((language) => say(language)(kind));
  return new UserError({ en: en!, ja: ja! }, "simulations");
}

function keptDecided<One>(
  decided: Decided<One>,
  headlineOf: (one: One, language: Language) => string,
  language: Language,
): Message {
  const words = say(language);
  if (decided.kind === "no-right") throw new UserError(decided.why);
  if (decided.kind !== "done" && decided.kind !== "used") throw refused(decided.kind);
  const headline = headlineOf(decided.one, language);
  if (decided.kind === "used")
    return { headline: words("used-kept", { headline }), tone: "warning", parts: [] };
  return { headline, tone: "good", parts: [{ note: words("follow-kept") }] };
}

/** The reply to the second of two people who press at the same time. */
function usedMessage(run: Extract<Decision, { kind: "used" }>["run"], language: Language): Message {
  const words = say(language);
  const state = runStateWord(run.state, language);
  const person = run.refusedBy ?? run.cancelledBy ?? run.approver;
  const headline = person ? words.rich("used-by", { state, who: { person } }) : words("used", { state });
  return { headline, tone: "warning", parts: [] };
}
