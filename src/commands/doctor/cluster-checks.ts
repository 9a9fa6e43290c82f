import { type Check, failed } from "../../domain/check.ts";
import { formatList, formatSome } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import type { ClusterState, ClusterStates } from "./look-at-clusters.ts";

const say = sentences({
  en: {
    all: "Clusters for simulations",
    cluster: "Cluster {{name}}",
    none: "no cluster in scope matches simulations.clusters: {{patterns}}",
    "none-fix": "breakwater.yaml → simulations: { clusters: [NAME] }",
    unread: "list of clusters incomplete because these couldn't be read: {{names}}",
    "unread-fix": "See the Azure checks above.",
    more_one: "{{count}} more cluster not checked",
    more_other: "{{count}} more clusters not checked",
    "more-fix":
      "Only {{most}} clusters are checked at a time. Each simulation checks its own cluster before it runs.",
    direct: "reached directly, all permissions; can write to the simulation namespace only",
    "run-command":
      "reached through AKS run-command, all permissions; can write to the simulation namespace only",
    sensor: "sensor ready on {{ready}} of {{linux}} Linux nodes ({{how}})",
    "no-sensor": "no sensor",
    "sensor-unknown": "sensor: unknown (its pods can't be listed)",
    "add-on": "add-on",
    helm: "Helm",
    missing: "missing in Azure: {{names}}",
    refused: "refused in the cluster: {{names}}",
    open: "Breakwater can write to any namespace: the admission policy is not in force (a dry run in kube-system was accepted)",
    "open-fix": "{{line}} (on a cluster with local accounts, see docs/simulation-rights.md, section 2)",
    "confined-unknown":
      "unknown whether the admission policy is in force: the dry run was refused for another reason: {{said}}",
    "confined-unknown-fix":
      "Fix that reason, then run /defender doctor again. See docs/simulation-rights.md, section 2.",
    "failed-fix":
      "Make sure the cluster is running and its API server can be reached from here (network, private DNS, HTTPS_PROXY). See docs/simulation-rights.md, section 3.",
  },
  ja: {
    all: "シミュレーション対象のクラスター",
    cluster: "クラスター {{name}}",
    none: "simulations.clusters に一致するクラスターがスコープ内にありません: {{patterns}}",
    "none-fix": "breakwater.yaml → simulations: { clusters: [NAME] }",
    unread: "次のものを読み取れなかったため、すべてのクラスターを確認できていません: {{names}}",
    "unread-fix": "上の Azure の確認結果を見てください。",
    more_other: "ほか {{count}} 個のクラスターは確認していません",
    "more-fix":
      "一度に確認するのは {{most}} 個までです。各シミュレーションは、実行前に対象のクラスターを確認します。",
    direct: "直接接続、権限はすべて有効、書き込みはシミュレーション用の名前空間のみ",
    "run-command":
      "AKS の run-command 経由で接続、権限はすべて有効、書き込みはシミュレーション用の名前空間のみ",
    sensor: "Linux ノード {{linux}} 台中 {{ready}} 台でセンサーが準備完了 ({{how}})",
    "no-sensor": "センサーなし",
    "sensor-unknown": "センサーは不明 (ポッドを一覧できません)",
    "add-on": "アドオン",
    helm: "Helm",
    missing: "Azure で不足しているアクション: {{names}}",
    refused: "クラスターで拒否された権限: {{names}}",
    open: "すべての名前空間に書き込める状態です。アドミッション ポリシーが有効ではありません (kube-system でのドライ ランが受け付けられました)",
    "open-fix": "{{line}} (ローカル アカウントを使うクラスターは docs/simulation-rights.md の 2 を参照)",
    "confined-unknown":
      "アドミッション ポリシーが有効かどうか不明です。ドライ ランが別の理由で拒否されました: {{said}}",
    "confined-unknown-fix":
      "その原因を解消してから、/defender doctor をもう一度実行してください。docs/simulation-rights.md の 2 を参照してください。",
    "failed-fix":
      "クラスターが起動していて、ここから API サーバーに到達できる必要があります (ネットワーク、プライベート DNS、HTTPS_PROXY)。docs/simulation-rights.md の 3 を参照してください。",
  },
});

const mostNamed = 8;

/** One check for each cluster on which simulations may run; none where none may. */
export function clusterChecks(seen: ClusterStates, language: Language): Check[] {
  if (!seen) return [];
  const words = say(language);
  const name = words("all");
  const named = (all: readonly string[]) => formatSome(all, mostNamed, language);
  const unknown = (said: string, fix: string): Check => ({ name, state: "unknown", said, fix });
  const unread =
    seen.unread.length > 0
      ? [unknown(words("unread", { names: named(seen.unread) }), words("unread-fix"))]
      : [];
  if (seen.states.length === 0) {
    if (unread.length > 0) return unread;
    const patterns = named(seen.patterns);
    return [failed(name, words("none", { patterns }), words("none-fix"))];
  }
  const checks = [...seen.states.map((state) => clusterCheck(state, language)), ...unread];
  if (seen.more === 0) return checks;
  const most = seen.states.length;
  return [...checks, unknown(words("more", { count: seen.more }), words("more-fix", { most }))];
}

function clusterCheck(state: ClusterState, language: Language): Check {
  const { cluster, missing, refused, failed: failure, how, confined } = state;
  const { azure = "", cluster: inCluster = "" } = state.grants ?? {};
  const words = say(language);
  const name = words("cluster", { name: cluster.name });
  const named = (all: readonly string[]) => formatSome(all, mostNamed, language);
  if (failure) return failed(name, failure, words("failed-fix"));
  if (missing.length > 0) return failed(name, words("missing", { names: named(missing) }), azure);
  if (refused.length > 0) {
    const names = named(refused.map(({ right }) => right));
    return failed(name, words("refused", { names }), inCluster);
  }
  if (confined?.state === "open") return failed(name, words("open"), words("open-fix", { line: inCluster }));
  if (confined?.state === "unknown")
    return {
      name,
      state: "unknown",
      said: words("confined-unknown", { said: confined.said }),
      fix: words("confined-unknown-fix"),
    };
  const said = formatList([words(how ?? "direct"), sensorText(state.sensor, language)], language);
  return { name, state: "ok", said };
}

/** What runs there, also where the profile of the cluster says "off": the chart's sensor does not show in it. */
function sensorText(sensor: ClusterState["sensor"], language: Language): string {
  const words = say(language);
  if (!sensor) return words("sensor-unknown");
  const { ready, linux, installed } = sensor;
  if (installed.length === 0) return words("no-sensor");
  const how = installed.map((one) => words(one === "helm" ? "helm" : "add-on"));
  return words("sensor", { ready, linux, how: how.join(", ") });
}
