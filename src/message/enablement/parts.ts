import type { Enablement, Left, PlannedStep, Step } from "../../domain/enablement/enablement.ts";
import { isChanged } from "../../domain/enablement/enablement.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Cell, Part, Sentence } from "../message.ts";
import { commandOf, undoCommandOf } from "./commands.ts";
import { leftSentence, settingWord, valueWord } from "./words.ts";

const say = sentences({
  en: {
    caption: "Settings in Azure",
    where: "Where",
    setting: "Setting",
    before: "Before",
    after: "After",
    state: "State",
    waiting: "not changed yet",
    begun: "being changed",
    changed: "changed",
    already: "was already on",
    "step-failed": "failed",
    proven: "works",
    set: "set",
    unknown: "on; unknown whether it works",
    left: "Not part of it:",
    more_one: "{{count}} more",
    more_other: "{{count}} more",
    failed: "{{place}} · {{setting}}: {{said}}",
    evidence: "{{place}}: {{said}}",
    "not-checked": "{{place}}: unknown, because {{said}}",
    "by-hand": "For someone who has the permission:",
    commands_one: "{{count}} more change isn't shown here.",
    commands_other: "{{count}} more changes aren't shown here.",
    status: "Check it: {{line}}",
  },
  ja: {
    caption: "Azure の設定",
    where: "対象",
    setting: "設定",
    before: "変更前",
    after: "変更後",
    state: "状態",
    waiting: "未変更",
    begun: "変更中",
    changed: "変更済み",
    already: "すでにオン",
    "step-failed": "失敗",
    proven: "動作しています",
    set: "設定済み",
    unknown: "オン (動作は不明)",
    left: "対象外:",
    more_other: "ほか {{count}} 件",
    failed: "{{place}} · {{setting}}: {{said}}",
    evidence: "{{place}}: {{said}}",
    "not-checked": "{{place}}: 不明 ({{said}})",
    "by-hand": "権限を持つ方が実行するコマンド:",
    commands_other: "ほかに表示していない変更が {{count}} 件あります。",
    status: "確認: {{line}}",
  },
});

const linesShown = 10;
const commandsShown = 8;

/** Each setting: before → after; once something was done, its state too. */
export function settingsTable(steps: readonly (PlannedStep | Step)[], language: Language): Part {
  const words = say(language);
  const done = steps.some((step) => "state" in step && step.state !== "waiting");
  const rows = steps.flatMap((step) =>
    Object.entries(step.after).map(([name, value]): Cell[] => [
      step.on.name,
      settingWord(step, name, language),
      valueWord(step.before[name] ?? "", language),
      valueWord(value, language),
      ...(done && "state" in step ? [stateWord(step, name, language)] : []),
    ]),
  );
  const keys = ["where", "setting", "before", "after", ...(done ? (["state"] as const) : [])] as const;
  const columns = keys.map((key) => ({ label: words(key) }));
  return { table: { caption: words("caption"), columns, rows, pageSize: 20 } };
}

function stateWord(step: Step, name: string, language: Language): string {
  const words = say(language);
  if (step.failed?.[name] !== undefined || step.state === "failed") return words("step-failed");
  if (step.kind === "parameter" && step.proof?.state === "proven") return words("set");
  if (isChanged(step) && step.proof && step.proof.state !== "waiting") return words(step.proof.state);
  return words(step.state as Exclude<Step["state"], "failed">);
}

/** What failed, in Azure's words and with the commands, and what the evidence says of what isn't proven yet. */
export function stepParts(one: Enablement, language: Language): Part[] {
  const words = say(language);
  const failed = one.steps.filter(({ state }) => state === "failed");
  const lines: Sentence[] = one.steps.flatMap((step): Sentence[] => {
    const place = step.on.name;
    const partial = Object.entries(step.failed ?? {}).map(([name, said]) =>
      words("failed", { place, setting: settingWord(step, name, language), said }),
    );
    const [setting = ""] = Object.keys(step.after).map((name) => settingWord(step, name, language));
    const whole = step.said ? [words("failed", { place, setting, said: step.said })] : [];
    return [...partial, ...whole, ...proofLines(step, language)];
  });
  const left = lines.length - linesShown;
  const stuck = one.state === "stuck" || one.state === "unproven";
  const unproven = one.steps.find((step) => step.on.kind === "cluster" && step.proof?.state !== "proven");
  const line = commandLine(["/defender", "status", `cluster:${unproven?.on.name ?? ""}`]);
  return [
    ...(lines.length > 0 ? [{ list: lines.slice(0, linesShown) }] : []),
    ...(left > 0 ? [{ note: words("more", { count: left }) }] : []),
    ...(stuck && unproven ? [{ note: words.rich("status", { line: { code: line } }) }] : []),
    ...(failed.length > 0 ? [{ note: words("by-hand") }, ...commandParts(failed, "do", language)] : []),
  ];
}

function proofLines({ proof, on }: Step, language: Language): string[] {
  if (!proof || proof.state === "proven" || proof.said === "") return [];
  const key = proof.state === "unknown" ? "not-checked" : "evidence";
  return [say(language)(key, { place: on.name, said: proof.said })];
}

/** What was asked for and isn't part of the change, with the reason. */
export function leftParts(left: readonly Left[], language: Language): Part[] {
  if (left.length === 0) return [];
  const words = say(language);
  const lines = left.slice(0, linesShown).map((one) => leftSentence(one, language));
  const more = left.length - lines.length;
  return [{ note: words("left") }, { list: more > 0 ? [...lines, words("more", { count: more })] : lines }];
}

/** The exact commands as a code block. */
export function commandParts(steps: readonly PlannedStep[], way: "do" | "undo", language: Language): Part[] {
  const commands = steps.map(way === "do" ? commandOf : undoCommandOf).filter(Boolean);
  const left = commands.length - commandsShown;
  return [
    ...(commands.length > 0 ? [{ code: commands.slice(0, commandsShown).join("\n") }] : []),
    ...(left > 0 ? [{ note: say(language)("commands", { count: left }) }] : []),
  ];
}
