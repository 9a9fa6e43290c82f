import type { CheckName, FailureKind, RunState, Verdict } from "../../domain/simulations/simulation.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";

const states = sentences({
  en: {
    requested: "Awaiting approval",
    approved: "Approved",
    checked: "Checked",
    running: "Running",
    verifying: "Waiting for Defender",
    "cleaning-up": "Cleaning up",
    reported: "Done",
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
    reported: "完了",
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
    unknown: "Unknown",
    "not-expected": "Can't be detected here",
  },
  ja: {
    waiting: "待機中",
    detected: "検出",
    late: "遅れて検出",
    missing: "未検出",
    unknown: "不明",
    "not-expected": "この環境では検出対象外",
  },
});

const checks = sentences({
  en: {
    allowed: "simulations aren't allowed on it (simulations.clusters)",
    tags: "a tag blocks simulations",
    power: "the cluster is stopped",
    plan: "the Defender for Containers plan is off",
    sensor: "no sensor",
    "helm-sensor": "sensor installed as add-on",
    suppression: "a suppression rule",
    rights: "missing Kubernetes permissions",
    "azure-rights": "missing Azure permissions",
    reachable: "can't reach the API server",
    admission: "admission denies an object",
    nodes: "no ready Linux node",
    "drift-rule": "drift rules can't be read",
    "policy-addon": "the Azure Policy add-on is off",
    "agentless-machines": "agentless scanning for machines is off",
    "registry-access": "registry access is off",
    leftovers: "objects of an earlier run are left",
    namespace: "the simulation namespace can't be deleted afterwards: permission to list is missing",
  },
  ja: {
    allowed: "シミュレーションが許可されていません (simulations.clusters)",
    tags: "タグでシミュレーションが禁止されています",
    power: "クラスターが停止しています",
    plan: "Defender for Containers プランが無効",
    sensor: "センサーなし",
    "helm-sensor": "センサーがアドオンとしてインストールされている",
    suppression: "抑制ルール",
    rights: "ボットの Kubernetes の権限が不足",
    "azure-rights": "ボットの Azure の権限が不足",
    reachable: "API サーバーに接続できません",
    admission: "アドミッションがオブジェクトを拒否",
    nodes: "Ready 状態の Linux ノードがありません",
    "drift-rule": "ドリフト ルールは読み取れません",
    "policy-addon": "Azure Policy アドオンが無効",
    "agentless-machines": "マシンのエージェントレス スキャンが無効",
    "registry-access": "レジストリ アクセスが無効",
    leftovers: "以前の実行のオブジェクトが残っています",
    namespace: "一覧を取得する権限がないため、シミュレーション用の名前空間を後で削除できません",
  },
});

const subjects = sentences({
  en: {
    allowed: "Allowed clusters",
    tags: "Tags",
    power: "Power",
    plan: "Plan",
    sensor: "Sensor on the nodes",
    "helm-sensor": "Sensor installed by Helm",
    suppression: "Suppression rules",
    rights: "Kubernetes permissions",
    "azure-rights": "Azure permissions",
    reachable: "API server",
    admission: "Admission",
    nodes: "Nodes",
    "drift-rule": "Drift rules",
    "policy-addon": "Azure Policy add-on",
    "agentless-machines": "Agentless scanning for machines",
    "registry-access": "Registry access",
    leftovers: "Leftover objects",
    namespace: "Simulation namespace",
  },
  ja: {
    allowed: "許可されたクラスター",
    tags: "タグ",
    power: "電源",
    plan: "プラン",
    sensor: "ノード上のセンサー",
    "helm-sensor": "Helm によるセンサー",
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
    leftovers: "残っているオブジェクト",
    namespace: "シミュレーション用の名前空間",
  },
});

const failures = sentences({
  en: {
    checks: "preflight checks failed",
    scenario: "this version doesn't include the scenario",
    denied: "the cluster denied an object",
    pod: "a pod couldn't start",
    exec: "a command in the pod failed",
    "not-happened": "the log doesn't prove that the attack ran, so Defender wasn't judged",
    timeout: "a step timed out",
    unreachable: "Azure or the cluster didn't respond",
    "refused-by-far-side": "Azure or the cluster refused the request",
    approval: "the requester or approver no longer has permission, or Slack couldn't confirm it",
  },
  ja: {
    checks: "実行前チェックに合格しませんでした",
    scenario: "このバージョンにはこのシナリオがありません",
    denied: "クラスターがオブジェクトを拒否しました",
    pod: "ポッドを起動できませんでした",
    exec: "ポッド内のコマンドが失敗しました",
    "not-happened": "攻撃が実行されたことをログで確認できないため、Defender の判定はしていません",
    timeout: "手順がタイムアウトしました",
    unreachable: "Azure またはクラスターが応答しませんでした",
    "refused-by-far-side": "Azure またはクラスターに拒否されました",
    approval: "申請者または承認者の権限がなくなったか、Slack で確認できませんでした",
  },
});

/** `Awaiting approval` · `承認待ち`. */
export const runStateWord = (state: RunState, language: Language): string => states(language)(state);
/** `Detected` · `検出`. */
export const verdictWord = (verdict: Verdict, language: Language): string => verdicts(language)(verdict);
/** Why something can't be detected, or is blocked: part of a sentence. */
export const checkWhy = (name: CheckName, language: Language): string => checks(language)(name);
/** The name of a check. */
export const checkSubject = (name: CheckName, language: Language): string => subjects(language)(name);
/** Why a run failed: part of a sentence. */
export const failureWhy = (what: FailureKind, language: Language): string => failures(language)(what);
