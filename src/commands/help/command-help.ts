import type { CommandDefinition } from "../../definitions/command.ts";
import { accessText, argumentLines, shortUsage, usageLine } from "../../definitions/usage.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { optionName } from "../../message/line.ts";
import type { Inline, Message, Part } from "../../message/message.ts";

const say = sentences({
  en: {
    headline:
      "Microsoft Defender for Containers in Slack. Type {{slash}} and a command, or mention me with the same words.",
    more: "{{line}} shows a command's options and examples; with an alert type or a recommendation, it explains that. SCOPE is a subscription, resource group, cluster, registry, or a glob of these such as {{glob}}.",
    for: "Who can run it: {{who}}.",
    examples: "Examples",
    changes: "Changes: {{changes}}",
    undo: "Undo: {{undo}}",
    flag: "With {{flag}}: {{changes}}. Who can run it: {{who}}.",
  },
  ja: {
    headline:
      "Microsoft Defender for Containers の状況をお答えします。{{slash}} またはメンションに続けて、コマンドを入力してください。",
    more: "{{line}} でコマンドごとの説明とオプションを表示します。アラートの種類や推奨事項を指定すると、その説明を表示します。SCOPE には、サブスクリプション、リソース グループ、クラスター、レジストリ、または {{glob}} のようなワイルドカードを指定します。",
    for: "実行できる人: {{who}}。",
    examples: "例",
    changes: "変更内容: {{changes}}",
    undo: "元に戻す方法: {{undo}}",
    flag: "{{flag}} を付けた場合: {{changes}}。実行できる人: {{who}}。",
  },
});

/** Commands that people type, by name. */
export function shown(commands: ReadonlyMap<string, CommandDefinition>): [string, CommandDefinition][] {
  return [...commands].filter(([, { hidden }]) => !hidden);
}

/** Every command in a line. */
export function overview(commands: ReadonlyMap<string, CommandDefinition>, language: Language): Message {
  const words = say(language);
  const list = shown(commands).map(([name, definition]): Inline[] => [
    { code: shortUsage(name, definition) },
    ` — ${definition.texts[language].summary}`,
  ]);
  return {
    headline: words.rich("headline", { slash: { code: "/defender" } }),
    parts: [
      { list },
      { note: words.rich("more", { line: { code: "help NAME" }, glob: { code: "sub:prod-*" } }) },
    ],
  };
}

/** One command: its options, examples, what it changes and who may run it. */
export function details(name: string, definition: CommandDefinition, language: Language): Message {
  const words = say(language);
  const { summary, detail } = definition.texts[language];
  const { effect } = definition;
  const rows = argumentLines(definition, language).map(({ written, meaning }): Inline[] => [
    { code: written },
    meaning ? ` — ${meaning}` : "",
  ]);
  const parts: (Part | undefined)[] = [
    detail ? { sentence: detail } : undefined,
    { sentence: { code: `/defender ${usageLine(name, definition)}` } },
    rows.length > 0 ? { list: rows } : undefined,
    { sentence: { strong: words("examples") } },
    { list: definition.examples.map((line): Inline => ({ code: `/defender ${line}` })) },
    effect === "none" ? undefined : { note: words("changes", { changes: effect.changes[language] }) },
    effect === "none" ? undefined : { note: words("undo", { undo: effect.undo[language] }) },
    { note: words("for", { who: accessText(definition.access, language) }) },
    ...Object.entries(definition.changing ?? {}).map(([flag, one]): Part => {
      const about = { flag: `--${optionName(flag)}`, who: accessText(one.access, language) };
      return { note: words("flag", { ...about, changes: one.effect.changes[language] }) };
    }),
  ];
  return {
    headline: [{ strong: `/defender ${name}` }, ` — ${summary}`],
    parts: parts.filter((part) => part !== undefined),
  };
}
