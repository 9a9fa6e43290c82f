import type { ScenarioAbout, SimulationEvent } from "../../domain/simulations/events.ts";
import type { Run } from "../../domain/simulations/simulation.ts";
import { formatDuration } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Action, Inline, Message, Part, Sentence } from "../message.ts";
import { checkParts } from "./checks.ts";

const say = sentences({
  en: {
    headline: "{{who}} asks to simulate {{scenario}} on {{target}}",
    reason: "Reason",
    where: "Where",
    nodes: "Nodes",
    chosen: "Chosen",
    namespace: "Namespace",
    creates: "Creates",
    rights: "Rights of the bot that it uses",
    lives: "Exists for at most",
    removed: "Removed",
    waits: "Waits for Defender",
    expects: "Expected",
    optional: "(may come)",
    cannot: "What it cannot tell: {{what}}",
    outside: "Outside of its namespace: {{what}}",
    check: "Checked beforehand:",
    approvers: "An approver other than {{who}} must decide by {{until}}.",
    approve: "Approve",
    refuse: "Refuse",
    cancel: "Withdraw",
    "ask-title": "Run the simulation?",
    "ask-text": "{{scenario}} runs on {{target}} as soon as you approve. Your name goes into the audit log.",
    yes: "Approve and run",
    no: "Back",
    join: "; ",
  },
  ja: {
    headline: "{{who}} が {{target}} でのシミュレーション {{scenario}} を申請しました",
    reason: "理由",
    where: "場所",
    nodes: "ノード",
    chosen: "指定",
    namespace: "名前空間",
    creates: "作成するもの",
    rights: "使用するボットの権限",
    lives: "最長の存続時間",
    removed: "削除",
    waits: "Defender を待つ時間",
    expects: "期待する結果",
    optional: "(発生する場合あり)",
    cannot: "分からないこと: {{what}}",
    outside: "名前空間の外への影響: {{what}}",
    check: "事前確認の結果:",
    approvers: "{{who}} 以外の承認者が {{until}} までに判断してください。",
    approve: "承認",
    refuse: "却下",
    cancel: "取り下げ",
    "ask-title": "シミュレーションを実行しますか?",
    "ask-text":
      "承認すると、すぐに {{target}} で {{scenario}} を実行します。承認者として監査ログに記録されます。",
    yes: "承認して実行",
    no: "戻る",
    join: "、",
  },
});

/** The name of what a run touches: the cluster, else the registry, else the subscription. */
export function targetName({
  cluster,
  registry,
  subscription,
}: Pick<Run, "cluster" | "registry" | "subscription">): string {
  const both = cluster && registry ? `${cluster.name}, ${registry.name}` : undefined;
  return both ?? cluster?.name ?? registry?.name ?? subscription.name;
}

/** What will happen, before anyone approves: who asks, what is created, where, how long, how it goes, what it cannot tell. */
export function requestMessage({ run, about }: SimulationEvent, language: Language): Message {
  const words = say(language);
  const values = {
    who: { person: run.requester },
    scenario: { strong: run.scenario },
    target: targetName(run),
  };
  const until = { time: run.approvable, style: "clock" as const };
  const { happens, cannotTell } = about.texts[language];
  const parts: Part[] = [
    { sentence: withCode(happens) },
    ...(about.outside
      ? [{ sentence: [{ strong: words("outside", { what: about.outside[language] }) }] }]
      : []),
    { facts: requestFacts(run, about, language) },
    { note: withCode(words("cannot", { what: cannotTell })) },
    ...(run.preflight
      ? [{ sentence: words("check") }, ...checkParts(run.preflight, about.expects, language)]
      : []),
    { sentence: words.rich<Exclude<Inline, string>>("approvers", { who: values.who, until }) },
    { actions: requestActions(run, language) },
  ];
  return { headline: words.rich<Exclude<Inline, string>>("headline", values), tone: "warning", parts };
}

/** Scenarios have the names of programs and files between backticks, as their pages do. */
function withCode(text: string): Inline[] {
  const pieces = text.split("`").map((piece, index): Inline => (index % 2 === 1 ? { code: piece } : piece));
  return pieces.filter((piece) => piece !== "");
}

function requestFacts(run: Run, about: ScenarioAbout, language: Language): [string, Sentence][] {
  const words = say(language);
  const chosen = Object.values(run.parameters).filter((value) => value !== undefined);
  const expects = about.expects.map(
    ({ title, required }) => `${title[language]}${required ? "" : ` ${words("optional")}`}`,
  );
  const created = about.creates.map(({ kind, name, why }) => `${kind} ${name} (${why[language]})`);
  const stays = about.minutes * 60_000;
  const facts: [string, Sentence][] = [
    [words("reason"), run.reason],
    [words("where"), `${targetName(run)} · ${run.subscription.name}`],
    [words("nodes"), about.nodes[language]],
    [words("chosen"), chosen.join(", ")],
    [words("namespace"), run.cluster ? run.namespace : ""],
    [words("creates"), created.join(words("join"))],
    [words("rights"), about.rights.join(words("join"))],
    [words("lives"), formatDuration(stays, language)],
    [words("removed"), about.undo[language]],
    [words("expects"), expects.join(words("join"))],
    [words("waits"), formatDuration(run.verifySeconds * 1000, language)],
  ];
  return facts.filter(([, value]) => value !== "");
}

function requestActions(run: Run, language: Language): Action[] {
  const words = say(language);
  const line = (decision: string) => commandLine(["approval", run.id, run.code, decision]);
  const text = words("ask-text", { scenario: run.scenario, target: targetName(run) });
  return [
    {
      label: words("approve"),
      line: line("approve"),
      style: "primary",
      confirm: { title: words("ask-title"), text, yes: words("yes"), no: words("no") },
    },
    { label: words("refuse"), line: line("refuse"), style: "danger" },
    { label: words("cancel"), line: commandLine(["cancel-simulation", run.id]) },
  ];
}
