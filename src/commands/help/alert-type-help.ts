import type { Ports } from "../../definitions/ports.ts";
import type { Alert } from "../../domain/alerts/alert.ts";
import type { KnownAlertType } from "../../domain/catalogue/alert-types/known-alert-type.ts";
import { features } from "../../domain/catalogue/features.ts";
import { attackUrl, findTechnique } from "../../domain/catalogue/threat-matrix.ts";
import { scenariosForAlert } from "../../domain/simulations/proofs/proofs.ts";
import type { Language } from "../../locales/language.ts";
import { sentences } from "../../locales/sentences.ts";
import { alertDetails } from "../../message/alerts/alert.ts";
import { tacticsText } from "../../message/alerts/tactics.ts";
import type { Inline, Message, Part, Sentence } from "../../message/message.ts";
import { severityWord } from "../../message/words.ts";
import { hereFacts, simulationParts } from "./here.ts";

const say = sentences({
  en: {
    severity: "Severity",
    "severity-varies": "Comes with the alert",
    tactics: "Tactics",
    matrix: "Threat matrix",
    attack: "MITRE ATT&CK",
    by: "Detected by",
    source: "Source",
    preview: " (preview)",
    mapped: "The threat matrix's techniques are matched by Breakwater; Defender doesn't name them.",
    uncatalogued:
      "Not in Breakwater's catalogue: shown as Defender reports it. Whether it can occur elsewhere is unknown.",
    reported: "Reported on",
  },
  ja: {
    severity: "重大度",
    "severity-varies": "アラートごとに異なります",
    tactics: "戦術",
    matrix: "脅威マトリックス",
    attack: "MITRE ATT&CK",
    by: "検出する機能",
    source: "出典",
    preview: " (プレビュー)",
    mapped: "脅威マトリックスの手法は Breakwater が対応付けたもので、Defender が示すものではありません。",
    uncatalogued:
      "Breakwater のカタログにないため、Defender の報告どおりに表示しています。ほかの場所で発生しうるかどうかは不明です。",
    reported: "報告された場所",
  },
});

/** What an alert type means, whether it can come here, and how to simulate it. */
export async function alertTypeHelp(
  known: KnownAlertType,
  ports: Ports,
  language: Language,
): Promise<Message> {
  const words = say(language);
  const { id, title, severity, tactics, techniques, feature, means, preview, source } = known;
  const here = await hereFacts({ feature, does: "detects" }, ports, language);
  const byFeature = features.find((one) => one.id === feature)?.name[language] ?? feature;
  const facts: [string, Sentence][] = [
    [words("severity"), severity === "unknown" ? words("severity-varies") : severityWord(severity, language)],
    ...(tactics.length > 0 ? [fact(words("tactics"), tacticsText(tactics, language))] : []),
    ...techniqueFacts(techniques, language),
    [words("by"), `${byFeature}${preview ? words("preview") : ""}`],
    ...here.facts,
    [words("source"), source],
  ];
  return {
    headline: id ? `${title} (${id})` : title,
    tone: severity,
    parts: [
      { sentence: means[language] },
      { facts },
      ...simulationParts(scenariosForAlert(known, ports.definitions.scenarios), ports, language),
      ...(techniques.length > 0 ? [{ note: words("mapped") }] : []),
      ...here.parts,
    ],
  };
}

const fact = (label: string, value: Sentence): [string, Sentence] => [label, value];

function techniqueFacts(ids: readonly string[], language: Language): [string, Sentence][] {
  const words = say(language);
  const known = ids.flatMap((id) => findTechnique(id) ?? []);
  if (known.length === 0) return [];
  const attack = [...new Set(known.flatMap((one) => one.attack))];
  const links = attack.flatMap((id, index): Inline[] => [
    ...(index > 0 ? [", "] : []),
    { link: id, url: attackUrl(id) },
  ]);
  return [
    [words("matrix"), known.map(({ id, name }) => `${name} (${id})`).join(", ")],
    ...(links.length > 0 ? [fact(words("attack"), links)] : []),
  ];
}

/** An alert type that the catalogue doesn't have, by what an alert of it says. */
export function reportedAlertHelp(alert: Alert, _ports: Ports, language: Language): Message {
  const words = say(language);
  const { type, title, severity, tactics, description, place } = alert;
  const where = place.cluster ?? place.registry ?? place.subscription.name;
  const parts: Part[] = [
    ...(description ? [{ quote: description }] : []),
    {
      facts: [
        [words("severity"), severityWord(severity, language)],
        ...(tactics.length > 0 ? [fact(words("tactics"), tacticsText(tactics, language))] : []),
        [words("reported"), where],
      ],
    },
    { actions: [alertDetails(alert, language)] },
    { note: words("uncatalogued") },
  ];
  return { headline: `${title} (${type})`, tone: severity, parts };
}
