import type { CheckName, FailureKind, RunState, Verdict } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

const states = sentences({
  en: {
    requested: "Waits for approval",
    approved: "Approved",
    checked: "Checked",
    running: "Running",
    verifying: "Waits for Defender",
    "cleaning-up": "Cleaning up",
    reported: "Reported",
    refused: "Refused",
    expired: "Expired",
    failed: "Failed",
    cancelled: "Cancelled",
  },
  ja: {
    requested: "承認待ち",
    approved: "承認済み",
    checked: "確認済み",
    running: "実行中",
    verifying: "Defender の検出待ち",
    "cleaning-up": "クリーンアップ中",
    reported: "報告済み",
    refused: "却下",
    expired: "期限切れ",
    failed: "失敗",
    cancelled: "中止",
  },
});

const verdicts = sentences({
  en: {
    waiting: "Waiting",
    detected: "Detected",
    late: "Late",
    missing: "Missing",
    "not-expected": "Not expected here",
  },
  ja: {
    waiting: "待機中",
    detected: "検出",
    late: "遅れて検出",
    missing: "未検出",
    "not-expected": "ここでは対象外",
  },
});

const checks = sentences({
  en: {
    allowed: "simulations are not allowed there (simulations.clusters)",
    tags: "a tag forbids simulations",
    power: "the cluster is stopped",
    plan: "the plan Defender for Containers is off",
    sensor: "no sensor",
    suppression: "a suppression rule",
    rights: "Kubernetes rights of the bot",
    "azure-rights": "Azure rights of the bot",
    reachable: "the API server cannot be reached",
    admission: "admission refuses an object",
    nodes: "no ready Linux node",
    "drift-rule": "drift rules cannot be read",
    "policy-addon": "the Azure Policy add-on is off",
    "agentless-machines": "agentless scanning for machines is off",
    "registry-access": "registry access is off",
    leftovers: "earlier objects are still there",
  },
  ja: {
    allowed: "シミュレーションが許可されていません (simulations.clusters)",
    tags: "タグでシミュレーションが禁止されています",
    power: "クラスターが停止しています",
    plan: "Defender for Containers プランが無効",
    sensor: "センサーなし",
    suppression: "抑制ルール",
    rights: "ボットの Kubernetes の権限が不足",
    "azure-rights": "ボットの Azure の権限が不足",
    reachable: "API サーバーに接続できません",
    admission: "アドミッションがオブジェクトを拒否",
    nodes: "準備のできた Linux ノードがありません",
    "drift-rule": "ドリフト ルールは読み取れません",
    "policy-addon": "Azure Policy アドオンが無効",
    "agentless-machines": "マシンのエージェントレス スキャンが無効",
    "registry-access": "レジストリ アクセスが無効",
    leftovers: "以前のオブジェクトが残っています",
  },
});

const subjects = sentences({
  en: {
    allowed: "Allowed clusters",
    tags: "Tags",
    power: "Power",
    plan: "Plan",
    sensor: "Sensor on the nodes",
    suppression: "Suppression rules",
    rights: "Kubernetes rights",
    "azure-rights": "Azure rights",
    reachable: "API server",
    admission: "Admission",
    nodes: "Nodes",
    "drift-rule": "Drift rules",
    "policy-addon": "Azure Policy add-on",
    "agentless-machines": "Agentless scanning for machines",
    "registry-access": "Registry access",
    leftovers: "Earlier objects",
  },
  ja: {
    allowed: "許可されたクラスター",
    tags: "タグ",
    power: "電源",
    plan: "プラン",
    sensor: "ノード上のセンサー",
    suppression: "抑制ルール",
    rights: "Kubernetes の権限",
    "azure-rights": "Azure の権限",
    reachable: "API サーバー",
    admission: "アドミッション",
    nodes: "ノード",
    "drift-rule": "ドリフト ルール",
    "policy-addon": "Azure Policy アドオン",
    "agentless-machines": "マシンのエージェントレス スキャン",
    "registry-access": "レジストリ アクセス",
    leftovers: "以前のオブジェクト",
  },
});

const failures = sentences({
  en: {
    checks: "the check before the run found what forbids it",
    scenario: "this version no longer has the scenario",
    denied: "the cluster refused an object",
    pod: "a pod could not run",
    exec: "a command in the pod failed",
    "not-happened": "the log does not prove that the attack happened, so nothing is said of Defender",
    timeout: "a step took longer than it may",
    unreachable: "Azure or the cluster did not answer",
    "refused-by-far-side": "Azure or the cluster refused",
    approval: "the requester or the approver no longer has the permission",
  },
  ja: {
    checks: "実行前の確認で実行できないことが分かりました",
    scenario: "このバージョンにはシナリオがありません",
    denied: "クラスターがオブジェクトを拒否しました",
    pod: "ポッドを実行できませんでした",
    exec: "ポッド内のコマンドが失敗しました",
    "not-happened": "攻撃が実行されたことをログで確認できないため、Defender の判定はしていません",
    timeout: "手順が制限時間内に終わりませんでした",
    unreachable: "Azure またはクラスターが応答しませんでした",
    "refused-by-far-side": "Azure またはクラスターに拒否されました",
    approval: "申請した方または承認した方の権限がなくなりました",
  },
});

/** `Waits for approval` · `承認待ち`. */
export const runStateWord = (state: RunState, language: Language): string => states(language)(state);
/** `Detected` · `検出`. */
export const verdictWord = (verdict: Verdict, language: Language): string => verdicts(language)(verdict);
/** Why something is not expected, or forbidden: a part of a sentence. */
export const checkWhy = (name: CheckName, language: Language): string => checks(language)(name);
/** What was looked at. */
export const checkSubject = (name: CheckName, language: Language): string => subjects(language)(name);
/** Why a run did not reach its end: a part of a sentence. */
export const failureWhy = (what: FailureKind, language: Language): string => failures(language)(what);
