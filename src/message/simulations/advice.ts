import type { Run } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../line.ts";
import type { Action, Part, Sentence } from "../message.ts";
import { checkSentence } from "./checks.ts";

const say = sentences({
  en: {
    check: "What to check:",
    drift:
      "Drift rules first: Defender's default rule ignores drift, and a new rule needs up to 30 minutes to reach the sensors.",
    sensor:
      "The sensor on the nodes of this run: its pods (in kube-system, or in mdc if installed by Helm), their version and logs.",
    plan: "The Defender plan, its extensions, and the workspace that receives the alerts.",
    suppression: "Suppression rules, and automations that close alerts.",
    agentless:
      "Agentless scanning for machines: exclusion tags, and ephemeral OS disks, which aren't scanned.",
    findings: "Registry access, and whether the first scan of the image has finished.",
    policy: "The policy assignment and its parameters: excluded namespaces, disabled effects.",
    "noted-before": "Preflight had already reported:",
    status: "Coverage of {{cluster}}",
    alerts: "Alerts of {{cluster}}",
  },
  ja: {
    check: "確認すること:",
    drift:
      "まずドリフト ルール。既定のルールではドリフトは無視されます。新しいルールがセンサーに届くまで最大 30 分かかります。",
    sensor:
      "使用したノードのセンサー: ポッド (kube-system。Helm でインストールした場合は mdc)、そのバージョンとログ。",
    plan: "プランと拡張機能、アラートの送信先のワークスペース。",
    suppression: "抑制ルールと、アラートを閉じる自動化。",
    agentless: "マシンのエージェントレス スキャン: 除外タグと、対象外のエフェメラル OS ディスク。",
    findings: "レジストリ アクセスと、イメージの最初のスキャンが終わっているか。",
    policy: "ポリシーの割り当てとパラメーター: 除外された名前空間、無効になっている効果。",
    "noted-before": "実行前チェックでの指摘:",
    status: "{{cluster}} のカバレッジ",
    alerts: "{{cluster}} のアラート",
  },
});

type Kind = "alert" | "finding" | "recommendation";

/** What to check first when an expected result is missing, with buttons. */
export function adviceParts(
  run: Run,
  expects: readonly { kind?: Kind; required: boolean }[],
  language: Language,
): Part[] {
  const missing = run.verdicts.filter(({ required, verdict }) => required && verdict === "missing");
  if (run.state !== "reported" || missing.length === 0) return [];
  const words = say(language);
  const kinds = new Set(missing.map(({ index }) => expects[index]?.kind ?? "alert"));
  const checks = run.preflight?.checks ?? [];
  const noted = checks.filter(
    ({ state, name }) => state !== "ok" && !["drift-rule", "leftovers", "namespace"].includes(name),
  );
  const drift =
    checks.some(({ name }) => name === "drift-rule") && missing.some(({ title }) => /drift/i.test(title.en));
  // Only scenarios of the agentless scan wait longer than any sensor alert needs.
  const agentless = run.verifySeconds > 12 * 3600;
  // Sample alerts have no part in a cluster.
  const sensor = run.cluster ? ["sensor" as const] : [];
  const keys: Parameters<typeof words>[0][] = [
    ...(drift ? (["drift"] as const) : []),
    ...(kinds.has("alert")
      ? [...(agentless ? ["agentless" as const] : sensor), "plan" as const, "suppression" as const]
      : []),
    ...(kinds.has("finding") ? (["findings"] as const) : []),
    ...(kinds.has("recommendation") ? (["policy"] as const) : []),
  ];
  const list: Sentence[] = keys.map((key) => words(key));
  return [
    { sentence: [{ strong: words("check") }] },
    { list },
    ...(noted.length > 0
      ? [{ sentence: words("noted-before") }, { list: noted.map((check) => checkSentence(check, language)) }]
      : []),
    { actions: adviceActions(run, language) },
  ];
}

function adviceActions({ cluster, subscription }: Run, language: Language): Action[] {
  const words = say(language);
  const name = cluster?.name ?? subscription.name;
  const scope = cluster ? `cluster:${cluster.name}` : `sub:${subscription.name}`;
  return [
    { label: words("status", { cluster: name }), line: commandLine(["status", scope]) },
    { label: words("alerts", { cluster: name }), line: commandLine(["alerts", scope], { since: "24h" }) },
  ];
}
