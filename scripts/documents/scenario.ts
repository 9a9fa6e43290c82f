import type { Expectation, ScenarioDefinition, ScenarioStep } from "../../src/domain/simulations/scenario.ts";
import { exampleRun, forRun } from "../../src/domain/simulations/scenario.ts";
import type { Language } from "../../src/locales/language.ts";
import { sentences } from "../../src/locales/sentences.ts";

const say = sentences({
  en: {
    made: "Generated from the definition by `npm run documents`; a test fails when it is out of date.",
    back: "All simulations",
    happens: "What happens",
    cannot: "Not covered by this test",
    tactics: "Tactics",
    needs: "Needs",
    parameters: "Parameters",
    optional: "optional",
    choices: "one of {{choices}}",
    nodes: "Nodes",
    outside: "Effect outside its namespace",
    creates: "Creates",
    rights: "Kubernetes permissions used",
    azure: "Additional Azure permissions",
    steps: "Steps",
    "step-follow-log":
      "reads the log of pod `{{pod}}` until `{{ends}}`, up to {{minutes}} min; it counts as executed only if there is output below {{headings}}",
    "step-create": "creates {{objects}}",
    "step-exec": "runs a command in pod `{{pod}}`",
    "step-import-image": "imports `{{source}}` as `{{repository}}:{{tag}}`",
    "step-sample-alerts": "requests the sample alerts `{{bundle}}` from Defender",
    "step-wait-ready": "waits until {{pods}} is ready, up to {{minutes}} min",
    expects: "Expected in Defender",
    required: "required",
    extra: "optional",
    typically: "typically after {{time}}",
    "finding-registry": "{{title}} (registry)",
    "finding-running": "{{title}} (running containers)",
    recommendation: "recommendation “{{title}}” unhealthy for `{{object}}`",
    depends: "depends on {{what}}",
    sensor: "the Defender sensor",
    "helm-sensor": "the sensor being installed by Helm (not as add-on)",
    "audit-log": "the audit log of the cluster (plan)",
    "agentless-machines": "agentless scanning for machines",
    "registry-access": "registry access",
    "policy-addon": "the Azure Policy add-on",
    "drift-rule": "a drift rule that alerts",
    linux: "Linux nodes",
    lives: "Auto-deleted after",
    waits: "Waiting time for Defender",
    "waits-setting": "`simulations.verifyMinutes` (75 min)",
    undo: "How it is removed",
    none: "–",
    comma: ", ",
    semicolon: "; ",
    minutes: "{{count}} min",
    hours: "{{count}} h",
  },
  ja: {
    made: "定義から `npm run documents` で生成しています。古くなるとテストが失敗します。",
    back: "シミュレーション一覧",
    happens: "実行内容",
    cannot: "このテストの対象外",
    tactics: "戦術",
    needs: "前提",
    parameters: "指定するもの",
    optional: "省略可",
    choices: "{{choices}} のいずれか",
    nodes: "ノード",
    outside: "名前空間の外への影響",
    creates: "作成するもの",
    rights: "ボットに必要な Kubernetes の権限",
    azure: "ボットに追加で必要な Azure の権限",
    steps: "手順",
    "step-follow-log":
      "ポッド `{{pod}}` のログを `{{ends}}` まで読みます (最長 {{minutes}} 分)。{{headings}} の下に結果の行があるときだけ、実行されたとみなします",
    "step-create": "{{objects}} を作成します",
    "step-exec": "ポッド `{{pod}}` でコマンドを実行します",
    "step-import-image": "`{{source}}` を `{{repository}}:{{tag}}` としてインポートします",
    "step-sample-alerts": "Defender にサンプル アラート `{{bundle}}` の作成を依頼します",
    "step-wait-ready": "{{pods}} の準備ができるまで待ちます (最長 {{minutes}} 分)",
    expects: "Defender での想定結果",
    required: "必須",
    extra: "発生する場合あり",
    typically: "通常 {{time}}後",
    "finding-registry": "{{title}} (レジストリ)",
    "finding-running": "{{title}} (実行中のコンテナー)",
    recommendation: "推奨事項「{{title}}」で `{{object}}` が異常になる",
    depends: "前提: {{what}}",
    sensor: "Defender センサー",
    "helm-sensor": "Helm でインストールされたセンサー (アドオンは不可)",
    "audit-log": "クラスターの監査ログ (プラン)",
    "agentless-machines": "マシンのエージェントレス スキャン",
    "registry-access": "レジストリ アクセス",
    "policy-addon": "Azure Policy アドオン",
    "drift-rule": "アラートを発生させるドリフト ルール",
    linux: "Linux ノード",
    lives: "自動削除までの時間",
    waits: "Defender を待つ時間",
    "waits-setting": "`simulations.verifyMinutes` (75 分)",
    undo: "削除方法",
    none: "–",
    comma: "、",
    semicolon: "、",
    minutes: "{{count}} 分",
    hours: "{{count}} 時間",
  },
});

/** The overview of the simulations: a line for each, with the way to its page. */
export function scenarioOverview(
  scenarios: ReadonlyMap<string, ScenarioDefinition>,
  language: Language,
): string[] {
  const ending = language === "en" ? ".md" : ".ja.md";
  return [...scenarios].map(([name, { texts }]) =>
    [`## [${name}](scenarios/${name}${ending})`, texts[language].summary, texts[language].happens].join(
      "\n\n",
    ),
  );
}

/** The page of one simulation in Markdown: everything that its definition says. */
export function scenarioPage(name: string, definition: ScenarioDefinition, language: Language): string {
  const words = say(language);
  const { texts, tactics, creates, rights, minutes, verifyMinutes, outside } = definition;
  const { summary, happens, cannotTell } = texts[language];
  const waits = verifyMinutes === undefined ? words("waits-setting") : time(verifyMinutes, language);
  const facts: [string, string][] = [
    [words("happens"), happens],
    [words("cannot"), cannotTell],
    ...(outside ? [[words("outside"), outside[language]] as [string, string]] : []),
    [words("nodes"), definition.nodes[language]],
    [words("needs"), needed(definition, language)],
    [words("parameters"), parameters(definition, language)],
    [words("tactics"), tactics.join(words("comma"))],
    [words("lives"), time(minutes, language)],
    [words("waits"), waits],
    [words("undo"), definition.undo[language]],
  ];
  const lists: [string, string[]][] = [
    [
      words("creates"),
      creates.map(({ kind, name: object, why }) => `${kind} \`${object}\`: ${why[language]}`),
    ],
    [
      words("rights"),
      rights.map(
        ({ apiGroup, resource, verbs }) => `\`${apiGroup || "core"}/${resource}\`: ${verbs.join(", ")}`,
      ),
    ],
    [words("azure"), (definition.azureActions ?? []).map((action) => `\`${action}\``)],
    [words("steps"), forRun(definition.steps, exampleRun).map((step) => stepText(step, language))],
    [words("expects"), forRun(definition.expects, exampleRun).map((one) => expectationText(one, language))],
  ];
  return `${[
    `# ${name}`,
    words("made"),
    summary,
    ...facts.filter(([, value]) => value).map(([label, value]) => `**${label}:** ${value}`),
    ...lists
      .filter(([, items]) => items.length > 0)
      .map(([label, items]) => `**${label}:**\n\n${items.map((item) => `- ${item}`).join("\n")}`),
    `[${words("back")}](../scenarios${language === "en" ? ".md" : ".ja.md"})`,
  ].join("\n\n")}\n`;
}

function needed({ needs }: ScenarioDefinition, language: Language): string {
  const words = say(language);
  const listed = [
    needs.sensor ? words("sensor") : "",
    needs.linuxNodes ? words("linux") : "",
    needs.policyAddon ? words("policy-addon") : "",
    ...needs.extensions.map((extension) => `\`${extension}\``),
  ];
  return listed.filter(Boolean).join(words("comma")) || words("none");
}

function parameters({ parameters: asked = [] }: ScenarioDefinition, language: Language): string {
  const words = say(language);
  const said = asked.map(({ name, label, optional, choices }) => {
    const facts = [
      ...(choices ? [words("choices", { choices: choices.join(words("comma")) })] : []),
      ...(optional ? [words("optional")] : []),
    ];
    return `\`--${name}\` ${label[language]}${facts.length > 0 ? ` (${facts.join(words("comma"))})` : ""}`;
  });
  return said.join(words("semicolon"));
}

function stepText(step: ScenarioStep, language: Language): string {
  const words = say(language);
  if (step.kind === "follow-log") {
    const headings = step.headings.map((heading) => `\`${heading}\``).join(words("comma"));
    return words("step-follow-log", { ...step, headings, pod: step.pod, ends: step.ends });
  }
  if (step.kind === "wait-ready") {
    const pods = step.pods.map((pod) => `\`${pod}\``).join(words("comma"));
    return words("step-wait-ready", { pods, minutes: step.minutes });
  }
  if (step.kind === "create") {
    const objects = step.objects.map(({ kind, name }) => `${kind} \`${name}\``).join(words("comma"));
    return words("step-create", { objects });
  }
  if (step.kind === "exec") return words("step-exec", { pod: step.pod });
  return words(`step-${step.kind}`, { ...step });
}

function expectationText(one: Expectation, language: Language): string {
  const words = say(language);
  const facts = [
    words(one.required ? "required" : "extra"),
    words("typically", { time: time(one.typicalMinutes, language) }),
    ...(one.depends.length > 0
      ? [words("depends", { what: one.depends.map((what) => words(what)).join(words("comma")) })]
      : []),
  ];
  return `${expectedTitle(one, language)}: ${facts.join(words("semicolon"))}`;
}

function expectedTitle(one: Expectation, language: Language): string {
  const words = say(language);
  if (one.kind === "finding") return words(`finding-${one.where}`, { title: one.title[language] });
  if (one.kind === "recommendation") return words("recommendation", { title: one.title, object: one.object });
  return `${one.titles[0]}${one.types.map((type) => ` (\`${type}\`)`).join("")}`;
}

function time(minutes: number, language: Language): string {
  return minutes < 180
    ? say(language)("minutes", { count: minutes })
    : say(language)("hours", { count: Math.round(minutes / 60) });
}
