import { z } from "zod";
import { text } from "../definitions/arguments.ts";
import { command } from "../definitions/command.ts";
import { UserError } from "../errors.ts";
import { languages } from "../locales/language.ts";
import { sentences } from "../locales/sentences.ts";
import type { Message } from "../message/message.ts";
import { targetName } from "../message/simulations/request.ts";
import { runStateWord } from "../message/simulations/words.ts";
import type { Rights } from "../ports.ts";
import { cancelRun } from "../simulations/request.ts";

const say = sentences({
  en: {
    done: "Cancelled: {{scenario}} on {{target}}",
    removing: "What it created is being removed; its message says when nothing is left.",
    nothing: "It had created nothing.",
    over: "It is over already ({{state}}); nothing was changed.",
    "unknown-run": "There is no run “{{run}}”.",
    right: "Only the person who asked, an operator or an approver may cancel it.",
  },
  ja: {
    done: "中止しました: {{target}} での {{scenario}}",
    removing: "作成したものを削除しています。完了すると、実行のメッセージに表示されます。",
    nothing: "まだ何も作成していませんでした。",
    over: "すでに終わっています ({{state}})。何も変更していません。",
    "unknown-run": "実行「{{run}}」はありません。",
    right: "中止できるのは、申請した方、オペレーター、承認者だけです。",
  },
});

export default command({
  texts: {
    en: { summary: "Ends a simulation at any moment; the buttons of a run use it" },
    ja: { summary: "シミュレーションをいつでも中止します (実行のボタンが使います)" },
  },
  examples: ["cancel-simulation <run>"],
  arguments: z.object({ run: text("RUN", 40) }),
  positional: ["run"],
  argumentTexts: { run: { en: "The run to end.", ja: "中止する実行。" } },
  access: "member",
  effect: {
    changes: {
      en: "A simulation ends, and what it created is removed",
      ja: "シミュレーションを終了し、作成したものを削除します",
    },
    undo: { en: "Ask for it again: simulate", ja: "もう一度申請: simulate" },
    confirm: false,
  },
  hidden: true,
  async run({ run: id }, ports, { caller, language }): Promise<Message> {
    const known = await ports.store.runs.get(id);
    if (!known) throw problem("unknown-run", { run: id });
    const own = await ports.rights.same(known.requester, caller.person);
    if (!own && !(await mayCancel(ports.rights, caller.person))) throw problem("right");
    const ended = await cancelRun(ports, { run: id, person: caller.person });
    if (ended.kind === "unknown-run") throw problem("unknown-run", { run: id });
    const words = say(language);
    const { run } = ended;
    if (ended.kind === "over")
      return { headline: words("over", { state: runStateWord(run.state, language) }), parts: [] };
    return {
      headline: words("done", { scenario: run.scenario, target: targetName(run) }),
      tone: "good",
      parts: [{ note: words(run.state === "cancelled" ? "nothing" : "removing") }],
    };
  },
});

/** Looked up one after the other: most who press are the requester, and need neither. */
async function mayCancel(rights: Rights, person: string): Promise<boolean> {
  return (await rights.may(person, "operator")).allowed || (await rights.may(person, "approver")).allowed;
}

function problem(key: "unknown-run" | "right", values: Record<string, string> = {}): UserError {
  const [en, ja] = languages.map((language) => say(language)(key, values));
  return new UserError({ en: en!, ja: ja! }, "simulations");
}
