import type { ScenarioAbout, SimulationEvent } from "../../domain/simulations/events.ts";
import { type Run, targetName } from "../../domain/simulations/simulation.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Action, Inline, Message, Part, Sentence } from "../message.ts";
import { checkParts } from "./checks.ts";

const say = sentences({
  en: {
    headline: "Simulation requested: {{scenario}} on {{target}}",
    who: "Requested by {{who}}.",
    where: "Where",
    parameters: "Parameters",
    reason: "Reason",
    outside: "Outside its namespace: {{what}}",
    lives: "Auto-deleted after",
    approvers: "An approver other than {{who}} must decide by {{until}}.",
    approve: "Approve",
    refuse: "Refuse",
    cancel: "Withdraw",
    plan: "Full plan",
    "confirm-title": "Run the simulation?",
    "confirm-text":
      "{{scenario}} starts on {{target}} as soon as you approve. Your name is recorded in the audit log.",
    yes: "Approve and run",
    no: "Cancel",
    nodes: "Nodes",
    namespace: "Namespace",
    creates: "Creates",
    rights: "Permissions used",
    removed: "Cleanup",
    waits: "Waiting for Defender up to",
    expects: "Expected",
    optional: "(optional)",
    cannot: "Not covered by this test: {{what}}",
    join: "; ",
  },
  ja: {
    headline: "シミュレーションの承認依頼: {{target}} での {{scenario}}",
    who: "申請: {{who}}。",
    where: "対象",
    parameters: "パラメーター",
    reason: "理由",
    outside: "名前空間の外への影響: {{what}}",
    lives: "自動削除までの時間",
    approvers: "{{who}} 以外の承認者が {{until}} までに判断してください。",
    approve: "承認",
    refuse: "却下",
    cancel: "取り消し",
    plan: "計画の詳細",
    "confirm-title": "シミュレーションを実行しますか?",
    "confirm-text":
      "承認すると、すぐに {{target}} で {{scenario}} を開始します。承認者として監査ログに記録されます。",
    yes: "承認して実行",
    no: "キャンセル",
    nodes: "ノード",
    namespace: "名前空間",
    creates: "作成するもの",
    rights: "使用する権限",
    removed: "クリーンアップ",
    waits: "Defender の最長待機時間",
    expects: "想定結果",
    optional: "(任意)",
    cannot: "このテストの対象外: {{what}}",
    join: "、",
  },
});

/**
 * What an approver needs to decide.
 * @param full adds the plan: what is created, with which permissions, what is expected, how it is cleaned up
 */
export function requestMessage(
  { run, about }: SimulationEvent,
  language: Language,
  { full = false }: { full?: boolean } = {},
): Message {
  const words = say(language);
  const who = { person: run.requester };
  const until = { time: run.approvable, style: "clock" as const };
  const parts: Part[] = [
    { sentence: words.rich("who", { who }) },
    { sentence: withCode(about.texts[language].summary) },
    { facts: requestFacts(run, about, language) },
    ...(about.outside
      ? [{ sentence: [{ strong: words("outside", { what: about.outside[language] }) }] }]
      : []),
    ...(full ? planParts(run, about, language) : []),
    ...(run.preflight ? checkParts(run.preflight, about.expects, language) : []),
    { sentence: words.rich("approvers", { who, until }) },
    { actions: requestActions(run, language, full) },
  ];
  const headline = words("headline", { scenario: run.scenario, target: targetName(run) });
  return { headline, tone: "warning", parts };
}

/** Scenario texts mark names of programs and files with backticks. */
function withCode(text: string): Inline[] {
  const pieces = text.split("`").map((piece, index): Inline => (index % 2 === 1 ? { code: piece } : piece));
  return pieces.filter((piece) => piece !== "");
}

function requestFacts(run: Run, about: ScenarioAbout, language: Language): [string, Sentence][] {
  const words = say(language);
  const parameters = Object.values(run.parameters).filter((value) => value !== undefined);
  return shown([
    [words("where"), `${targetName(run)} · ${run.subscription.name}`],
    [words("parameters"), parameters.join(", ")],
    [words("reason"), run.reason],
    [words("lives"), formatDuration(about.minutes * 60_000, language)],
  ]);
}

function planParts(run: Run, about: ScenarioAbout, language: Language): Part[] {
  const words = say(language);
  const { happens, cannotTell } = about.texts[language];
  const expects = about.expects.map(
    ({ title, required }) => `${title[language]}${required ? "" : ` ${words("optional")}`}`,
  );
  const created = about.creates.map(({ kind, name, why }) => `${kind} ${name} (${why[language]})`);
  const facts = shown([
    [words("nodes"), about.nodes[language]],
    [words("namespace"), run.cluster ? run.namespace : ""],
    [words("creates"), created.join(words("join"))],
    [words("rights"), about.rights.join(words("join"))],
    [words("removed"), about.undo[language]],
    [words("expects"), expects.join(words("join"))],
    [words("waits"), formatDuration(run.verifySeconds * 1000, language)],
  ]);
  return [
    { sentence: withCode(happens) },
    { facts },
    { note: withCode(words("cannot", { what: cannotTell })) },
  ];
}

function shown(facts: [string, Sentence][]): [string, Sentence][] {
  return facts.filter(([, value]) => value !== "");
}

function requestActions(run: Run, language: Language, full: boolean): Action[] {
  const words = say(language);
  const line = (decision: string) => commandLine(["approval", run.id, run.code, decision]);
  const text = words("confirm-text", { scenario: run.scenario, target: targetName(run) });
  return [
    {
      label: words("approve"),
      line: line("approve"),
      style: "primary",
      confirm: { title: words("confirm-title"), text, yes: words("yes"), no: words("no") },
    },
    { label: words("refuse"), line: line("refuse"), style: "danger" },
    { label: words("cancel"), line: commandLine(["cancel-simulation", run.id]) },
    ...(full ? [] : [{ label: words("plan"), line: commandLine(["simulations", run.id]) }]),
  ];
}
