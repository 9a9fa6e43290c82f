import { type MatrixTactic, matrixTactics } from "../../domain/catalogue/threat-matrix.ts";
import type { Scope } from "../../domain/scope/scope.ts";
import type { Proof, TechniqueProofs } from "../../domain/simulations/proofs/attack-proofs.ts";
import { navigatorLayer } from "../../domain/simulations/proofs/navigator-layer.ts";
import { formatItems } from "../../locales/format.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { tacticsText } from "../../message/alerts/tactics.ts";
import type { Cell, Message, Part } from "../../message/message.ts";
import { withFilters } from "../../message/scope.ts";

const say = sentences({
  en: {
    headline:
      "Detection proven for {{proven}} of {{all}} techniques of the Kubernetes threat matrix, on {{on}} of {{of}} clusters",
    caption: "Threat matrix for Kubernetes: last proof of detection",
    tactic: "Tactic",
    technique: "Technique",
    attack: "MITRE ATT&CK",
    proven: "Proven on",
    missed: "Missed on",
    simulate: "Simulated by",
    by: "{{tactic}}: {{proven}} of {{all}}",
    tactics: "Proven by tactic",
    one: "{{cluster}} ({{day}})",
    more: "{{names}} +{{count}}",
    note: "A technique is proven by an alert that a simulation provoked in that cluster; the newest run counts. Which alert is about which technique is matched by Breakwater. Techniques without a simulation can't be proven here.",
    none: "–",
    start: "Simulate an attack",
    runs: "Show simulations",
    file_one: "Proofs ({{count}} row)",
    file_other: "Proofs ({{count}} rows)",
    layer: "ATT&CK Navigator layer",
    "layer-name": "Breakwater: proven detection",
    "layer-description":
      "Share of clusters where a simulation proved that Microsoft Defender for Containers detects the technique.",
    "layer-proven": "Proven",
    "layer-missed": "Missed",
    "layer-never": "Never tried by a simulation",
  },
  ja: {
    headline:
      "Kubernetes の脅威マトリックスの {{all}} 手法のうち {{proven}} 手法で検出を実証済み (クラスター {{of}} 個中 {{on}} 個)",
    caption: "Kubernetes の脅威マトリックス: 最後に検出を実証した日",
    tactic: "戦術",
    technique: "手法",
    attack: "MITRE ATT&CK",
    proven: "実証済み",
    missed: "検出されず",
    simulate: "シミュレーション",
    by: "{{tactic}}: {{all}} 件中 {{proven}} 件",
    tactics: "戦術ごとの実証数",
    one: "{{cluster}} ({{day}})",
    more: "{{names}} ほか {{count}} 件",
    note: "シミュレーションによってそのクラスターで発生したアラートをもって、手法の検出を実証済みとします (最新の実行が対象)。アラートと手法の対応付けは Breakwater によるものです。シミュレーションのない手法は、ここでは実証できません。",
    none: "–",
    start: "攻撃をシミュレート",
    runs: "シミュレーションを表示",
    file_other: "実証の記録 ({{count}} 行)",
    layer: "ATT&CK Navigator のレイヤー",
    "layer-name": "Breakwater: 検出の実証",
    "layer-description":
      "Microsoft Defender for Containers による検出をシミュレーションで実証したクラスターの割合。",
    "layer-proven": "実証済み",
    "layer-missed": "検出されず",
    "layer-never": "シミュレーション未実施",
  },
});

type Words = ReturnType<typeof say>;
const namesShown = 3;

export type AskedAttack = { clusters: number; at: string; scope?: Scope };

/** The techniques of the threat matrix with the last proof of detection for each cluster. */
export function attackMessage(
  all: readonly TechniqueProofs[],
  { clusters, at, scope }: AskedAttack,
  language: Language,
): Message {
  const words = say(language);
  const proven = all.filter(isProven);
  const on = new Set(
    all.flatMap(({ proofs }) => provenOn(proofs).map(({ clusterId }) => clusterId.toLowerCase())),
  );
  const of = Math.max(clusters, on.size);
  const headline = words("headline", { proven: proven.length, all: all.length, on: on.size, of });
  const missed = all.some(({ proofs }) => proofs.some(({ state }) => state === "missed"));
  return {
    headline: withFilters(headline, { scope }, language),
    tone: missed || on.size < of ? "warning" : "neutral",
    parts: [
      {
        facts: [
          [
            words("tactics"),
            formatItems(
              matrixTactics.map((tactic) => tacticLine(tactic, all, words)),
              language,
            ),
          ],
        ],
      },
      tableOf(all, words),
      {
        actions: [
          { label: words("start"), line: "simulate" },
          { label: words("runs"), line: "simulations" },
        ],
      },
      { note: words("note") },
      fileOf(all, at, words),
      {
        document: {
          name: `attack-layer-${stamp(at)}.json`,
          title: words("layer"),
          json: navigatorLayer(all, clusters, layerWords(words)),
        },
      },
    ],
  };
}

const isProven = ({ proofs }: TechniqueProofs) => provenOn(proofs).length > 0;
const provenOn = (proofs: readonly Proof[]) => proofs.filter(({ state }) => state === "proven");
const stamp = (at: string) => at.slice(0, 16).replace(/[:T]/g, "-");

function tacticLine(tactic: MatrixTactic, all: readonly TechniqueProofs[], words: Words): string {
  const mine = all.filter(({ technique }) => technique.tactics.includes(tactic));
  const about = { proven: mine.filter(isProven).length, all: mine.length };
  return words("by", { tactic: tacticsText([tactic], words.language), ...about });
}

/** One row for each technique, under the first of its tactics. */
function tableOf(all: readonly TechniqueProofs[], words: Words): Part {
  const order = ({ technique }: TechniqueProofs) => matrixTactics.indexOf(technique.tactics[0]!);
  const rows = all
    .toSorted((a, b) => order(a) - order(b))
    .map(({ technique, scenarios, proofs }): Cell[] => [
      tacticsText(technique.tactics, words.language),
      `${technique.name} (${technique.id})`,
      technique.attack.join(", ") || words("none"),
      names(proofs, "proven", words),
      names(proofs, "missed", words),
      scenarios.join(", ") || words("none"),
    ]);
  const columns = (["tactic", "technique", "attack", "proven", "missed", "simulate"] as const).map((key) => ({
    label: words(key),
  }));
  return { table: { caption: words("caption"), columns, rows, pageSize: 10 } };
}

/** `aks-demo (2026-11-25), aks-prod (2026-11-20) +2`. */
function names(proofs: readonly Proof[], state: Proof["state"], words: Words): string {
  const mine = proofs.filter((one) => one.state === state);
  const shown = mine
    .slice(0, namesShown)
    .map(({ cluster, at }) => words("one", { cluster, day: at.slice(0, 10) }));
  const text = formatItems(shown, words.language);
  const count = mine.length - shown.length;
  return (count > 0 ? words("more", { names: text, count }) : text) || words("none");
}

const header = "tactics,id,technique,attack,state,cluster,clusterId,subscription,at,alert,scenario,run".split(
  ",",
);

/** Each technique on each cluster where a run tried; those that none tried have one row. */
function fileOf(all: readonly TechniqueProofs[], at: string, words: Words): Part {
  const rows = all.flatMap(({ technique: { tactics, id, name, attack }, proofs }) => {
    const about = [tactics.join(" "), id, name, attack.join(" ")];
    if (proofs.length === 0) return [[...about, "never", "", "", "", "", "", "", ""]];
    return proofs.map((one) => [
      ...about,
      ...[one.state, one.cluster, one.clusterId, one.subscription],
      ...[one.at, one.alert, one.scenario, one.run],
    ]);
  });
  const title = words("file", { count: rows.length });
  return { file: { name: `attack-${stamp(at)}.csv`, title, csv: [header, ...rows] } };
}

function layerWords(words: Words) {
  return {
    name: words("layer-name"),
    description: words("layer-description"),
    proven: words("layer-proven"),
    missed: words("layer-missed"),
    never: words("layer-never"),
  };
}
