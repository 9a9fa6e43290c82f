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
      "The drift rules first: Defender's default rule ignores drift, and a new rule takes up to 30 minutes to reach the sensors.",
    sensor: "The sensor on the nodes used: its pods in kube-system, their version and their log.",
    plan: "The plan and its extensions, and the workspace that alerts go to.",
    suppression: "Suppression rules, and automation that closes alerts.",
    agentless:
      "Agentless scanning for machines: exclusion tags, and ephemeral OS disks, which it does not see.",
    findings: "Registry access, and whether the first scan of the image has ended.",
    policy: "The policy's assignment and its parameters: namespaces that are left out, effects that are off.",
    "noted-before": "Noted by the check before the run:",
    status: "Coverage of {{cluster}}",
    alerts: "Alerts of {{cluster}}",
  },
  ja: {
    check: "確認すること:",
    drift:
      "まずドリフト ルール。既定のルールではドリフトは無視されます。新しいルールがセンサーに届くまで最大 30 分かかります。",
    sensor: "使用したノードのセンサー: kube-system のポッド、そのバージョンとログ。",
    plan: "プランと拡張機能、アラートの送信先のワークスペース。",
    suppression: "抑制ルールと、アラートを閉じる自動化。",
    agentless: "マシンのエージェントレス スキャン: 除外タグと、対象外のエフェメラル OS ディスク。",
    findings: "レジストリ アクセスと、イメージの最初のスキャンが終わっているか。",
    policy: "ポリシーの割り当てとパラメーター: 除外された名前空間、無効になっている効果。",
    "noted-before": "実行前の確認で分かっていたこと:",
    status: "{{cluster}} のカバレッジ",
    alerts: "{{cluster}} のアラート",
  },
});

type Kind = "alert" | "finding" | "recommendation";

/** Where something is missing: what to look at first, and the way there. */
export function adviceParts(
  run: Run,
  expects: readonly { kind?: Kind; required: boolean }[],
  language: Language,
): Part[] {
  const missing = run.verdicts.filter(({ required, verdict }) => required && verdict === "missing");
  if (run.state !== "reported" || missing.length === 0) return [];
  const words = say(language);
  const kinds = new Set(missing.map(({ index }) => expects[index]?.kind ?? "alert"));
  const looked = run.preflight?.checks ?? [];
  const noted = looked.filter(
    ({ state, name }) => state !== "ok" && name !== "drift-rule" && name !== "leftovers",
  );
  const drift =
    looked.some(({ name }) => name === "drift-rule") && missing.some(({ title }) => /drift/i.test(title.en));
  // A scenario of the agentless scan waits for longer than any alert of the sensor takes.
  const agentless = run.verifySeconds > 12 * 3600;
  const keys: Parameters<typeof words>[0][] = [
    ...(drift ? (["drift"] as const) : []),
    ...(kinds.has("alert")
      ? [agentless ? ("agentless" as const) : ("sensor" as const), "plan" as const, "suppression" as const]
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

/** The ways down where something is missing. */
function adviceActions({ cluster, subscription }: Run, language: Language): Action[] {
  const words = say(language);
  const name = cluster?.name ?? subscription.name;
  const scope = cluster ? `cluster:${cluster.name}` : `sub:${subscription.name}`;
  return [
    { label: words("status", { cluster: name }), line: commandLine(["status", scope]) },
    { label: words("alerts", { cluster: name }), line: commandLine(["alerts", scope], { since: "24h" }) },
  ];
}
