import type { CommandDefinition, Effect } from "../../src/definitions/command.ts";
import type { JobDefinition } from "../../src/definitions/job.ts";
import type { Definitions } from "../../src/definitions/load.ts";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import { accessText, argumentLines, usageLine } from "../../src/definitions/usage.ts";
import type { Access } from "../../src/domain/access.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";
import { optionName } from "../../src/message/line.ts";
import { scenarioOverview, scenarioPage } from "./scenario.ts";

const say = sentences({
  en: {
    made: "Generated from the definitions by `npm run documents`; a test fails when it is out of date.",
    commands: "Commands",
    jobs: "Jobs",
    notifiers: "Notifications",
    scenarios: "Simulations",
    who: "Who",
    changes: "Changes",
    undo: "Undo",
    confirmed: "asked to confirm first",
    sometimes: "may ask to confirm first",
    with: "With {{flag}}:",
    examples: "Examples",
    argument: "Argument",
    meaning: "Meaning",
    buttons: "Used by buttons; you can also type it.",
    job: "Job",
    schedule: "Schedule",
    retries: "Retries",
    does: "What it does",
    comma: ", ",
    "on-request": "on request",
    "by-setting": "schedules.{{name}}",
    notifier: "Notification",
    topic: "Topic",
    filters: "Filters",
    bundle: "Rolled up",
    over: "over {{count}} at once",
    again: "again within {{minutes}} min",
    none: "–",
  },
  ja: {
    made: "定義から `npm run documents` で生成しています。古くなるとテストが失敗します。",
    commands: "コマンド",
    jobs: "ジョブ",
    notifiers: "通知",
    scenarios: "シミュレーション",
    who: "実行できる人",
    changes: "変更内容",
    undo: "元に戻す方法",
    confirmed: "実行前に確認します",
    sometimes: "内容により、実行前に確認します",
    with: "{{flag}} を付けた場合:",
    examples: "例",
    argument: "引数",
    meaning: "意味",
    buttons: "ボタンが使うコマンドです。入力して使うこともできます。",
    job: "ジョブ",
    schedule: "スケジュール",
    retries: "再試行",
    does: "処理内容",
    comma: "、",
    "on-request": "要求時",
    "by-setting": "schedules.{{name}}",
    notifier: "通知",
    topic: "トピック",
    filters: "絞り込み",
    bundle: "まとめ方",
    over: "一度に {{count}} 件を超える場合",
    again: "{{minutes}} 分以内の再発",
    none: "–",
  },
});

/** The reference pages in Markdown, by file name: `commands.md`, `scenarios/all.ja.md`, … */
export function referencePages(definitions: Definitions): Map<string, string> {
  const pages = new Map<string, string>();
  for (const language of ["en", "ja"] as const) {
    const ending = language === "en" ? ".md" : ".ja.md";
    const page = (kind: keyof Definitions, body: string[]) => {
      const words = say(language);
      pages.set(`${kind}${ending}`, `${[`# ${words(kind)}`, words("made"), ...body].join("\n\n")}\n`);
    };
    page(
      "commands",
      [...definitions.commands].map(([name, one]) => commandSection(name, one, language)),
    );
    page("jobs", [jobTable(definitions.jobs, language)]);
    page("notifiers", [notifierTable(definitions.notifiers, language)]);
    page("scenarios", scenarioOverview(definitions.scenarios, language));
    for (const [name, one] of definitions.scenarios)
      pages.set(`scenarios/${name}${ending}`, scenarioPage(name, one, language));
  }
  return pages;
}

function commandSection(name: string, definition: CommandDefinition, language: Language): string {
  const words = say(language);
  const { summary, detail } = definition.texts[language];
  const { effect, access } = definition;
  const rows = argumentLines(definition, language).map(({ written, meaning }) => [
    `\`${written}\``,
    meaning || "–",
  ]);
  const facts = effectFacts(access, effect, definition.confirms ? words("sometimes") : "", language);
  const flags = Object.entries(definition.changing ?? {}).map(([flag, one]) =>
    [
      words("with", { flag: `\`--${optionName(flag)}\`` }),
      ...effectFacts(one.access, one.effect, "", language),
    ].join("  \n"),
  );
  return [
    `## ${name}`,
    [summary, detail].filter(Boolean).join("\n\n"),
    definition.hidden ? words("buttons") : "",
    `\`/defender ${usageLine(name, definition)}\``,
    rows.length > 0 ? table([words("argument"), words("meaning")], rows) : "",
    facts.join("  \n"),
    ...flags,
    `**${words("examples")}:**\n\n${definition.examples.map((line) => `- \`/defender ${line}\``).join("\n")}`,
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** Who may run it, what it changes and how that is undone, one line each. */
function effectFacts(access: Access, effect: Effect, asks: string, language: Language): string[] {
  const words = say(language);
  const who = `**${words("who")}:** ${accessText(access, language)}`;
  if (effect === "none") return [who];
  const asked = effect.confirm ? words("confirmed") : asks;
  return [
    who,
    `**${words("changes")}:** ${effect.changes[language]}${asked ? ` (${asked})` : ""}`,
    `**${words("undo")}:** ${effect.undo[language]}`,
  ];
}

function jobTable(jobs: ReadonlyMap<string, JobDefinition>, language: Language): string {
  const words = say(language);
  const rows = [...jobs].map(([name, { texts, schedule, retries }]) => [
    `\`${name}\``,
    texts[language].summary,
    schedule === undefined
      ? words("on-request")
      : typeof schedule === "string"
        ? words("by-setting", { name: schedule })
        : `\`${schedule.cron}\``,
    String(retries),
  ]);
  return table([words("job"), words("does"), words("schedule"), words("retries")], rows);
}

function notifierTable(notifiers: ReadonlyMap<string, NotifierDefinition>, language: Language): string {
  const words = say(language);
  const rows = [...notifiers].map(([name, { texts, topic, filters, bundle }]) => {
    const rules = bundle
      ? [
          words("over", { count: bundle.over }),
          ...(bundle.again ? [words("again", { minutes: bundle.again.withinSeconds / 60 })] : []),
        ]
      : [];
    const summary = texts[language].summary;
    return [
      `${name}: ${summary}`,
      topic,
      filters.join(", ") || words("none"),
      rules.join(words("comma")) || words("none"),
    ];
  });
  return table([words("notifier"), words("topic"), words("filters"), words("bundle")], rows);
}

/** A table in Markdown. */
export function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
