import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { auditedRun } from "../domain/audit.ts";
import { targetName } from "../domain/simulations/simulation.ts";
import { UserError } from "../errors.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { runStateWord } from "../message/simulations/words.ts";
import type { Rights } from "../ports/slack.ts";
import { cancelRun } from "../simulations/request.ts";
import { languages } from "../text/language.ts";

const say = sentences({
  en: {
    done: "Cancelled: {{scenario}} on {{target}}",
    removing: "Everything it created is being deleted. Its message shows when this is done.",
    nothing: "It hadn't created anything yet.",
    over: "This run is already over ({{state}}). Nothing was changed.",
    "unknown-run": "Run “{{run}}” not found.",
    right: "You don't have permission to cancel this run. Only the requester, operators and approvers can.",
  },
  ja: {
    done: "中止しました: {{target}} での {{scenario}}",
    removing: "作成したものを削除しています。完了すると、実行のメッセージに表示されます。",
    nothing: "まだ何も作成していませんでした。",
    over: "この実行はすでに終了しています ({{state}})。何も変更していません。",
    "unknown-run": "実行「{{run}}」が見つかりません。",
    right: "この実行を中止する権限がありません。中止できるのは申請者、オペレーター、承認者です。",
  },
});

export default command({
  texts: {
    en: { summary: "Cancels a simulation at any time; used by the buttons of a run" },
    ja: { summary: "シミュレーションをいつでも中止します (実行のボタンで使用)" },
  },
  examples: ["cancel-simulation <run>"],
  arguments: z.object({ run: text("RUN", 40) }),
  positional: ["run"],
  argumentTexts: { run: { en: "ID of the run to cancel.", ja: "中止する実行の ID。" } },
  access: "member",
  effect: {
    changes: {
      en: "Cancels a simulation and deletes everything it created",
      ja: "シミュレーションを中止し、作成したものを削除します",
    },
    undo: { en: "Request it again: simulate", ja: "もう一度申請: simulate" },
    confirm: false,
  },
  audit: async ({ run: id }, { store }) => {
    const run = await store.runs.get(id);
    return run && auditedRun("cancel", run);
  },
  hidden: true,
  async run({ run: id }, ports, { caller, language, audit }): Promise<Message> {
    const known = await ports.store.runs.get(id);
    if (!known) throw problem("unknown-run", { run: id });
    const own = await ports.rights.same(known.requester, caller.person);
    if (!own && !(await mayCancel(ports.rights, caller.person))) throw problem("right");
    const ended = await cancelRun(ports, { run: id, person: caller.person });
    if (ended.kind === "unknown-run") throw problem("unknown-run", { run: id });
    const words = say(language);
    const { run } = ended;
    if (ended.kind === "over") {
      audit(auditedRun("no-change", run));
      return { headline: words("over", { state: runStateWord(run.state, language) }), parts: [] };
    }
    return {
      headline: words("done", { scenario: run.scenario, target: targetName(run) }),
      tone: "good",
      parts: [{ note: words(run.state === "cancelled" ? "nothing" : "removing") }],
    };
  },
});

/** One lookup after the other: usually the first is enough. */
async function mayCancel(rights: Rights, person: string): Promise<boolean> {
  return (await rights.may(person, "operator")).allowed || (await rights.may(person, "approver")).allowed;
}

function problem(key: "unknown-run" | "right", values: Record<string, string> = {}): UserError {
  const [en, ja] = languages.map((language) => say(language)(key, values));
  return new UserError({ en: en!, ja: ja! }, "simulations");
}
