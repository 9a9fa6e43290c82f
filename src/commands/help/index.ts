import { z } from "zod";
import { text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import type { Ports } from "../../definitions/ports.ts";
import { findAlertType, knownAlertTypes } from "../../domain/catalogue/alert-types/alert-types.ts";
import { findRecommendation } from "../../domain/catalogue/find-recommendation.ts";
import { knownRecommendations } from "../../domain/catalogue/recommendations.ts";
import { cvePattern } from "../../domain/findings/model/cve-details.ts";
import { UserError } from "../../errors.ts";
import { sentences } from "../../locales/sentences.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { languages } from "../../text/language.ts";
import { nearestName } from "../../text/likeness.ts";
import { alertTypeHelp, reportedAlertHelp } from "./alert-type-help.ts";
import { details, overview, shown } from "./command-help.ts";
import { recommendationHelp } from "./recommendation-help.ts";

const say = sentences({
  en: {
    none: "“{{word}}” is no command, alert type or recommendation that Breakwater knows.",
    meant:
      "“{{word}}” is no command, alert type or recommendation that Breakwater knows. Did you mean “{{candidate}}”?",
  },
  ja: {
    none: "「{{word}}」に該当するコマンド、アラートの種類、推奨事項はありません。",
    meant: "「{{word}}」に該当するコマンド、アラートの種類、推奨事項はありません。もしかして: {{candidate}}",
  },
});

export default command({
  texts: {
    en: {
      summary: "Commands with examples; what an alert type or a recommendation means",
      detail:
        "An alert type or a recommendation is named by its ID, key or title: what it means, whether it can occur here, and how to simulate it.",
    },
    ja: {
      summary: "使い方と例、アラートの種類や推奨事項の説明",
      detail:
        "アラートの種類や推奨事項は、ID、キー、タイトルのどれかで指定します。意味、この環境で発生しうるか、シミュレーションの方法を示します。",
    },
  },
  examples: ["help", "help alerts", "help K8S.NODE_ImdsCall", "help Privileged containers should be avoided"],
  arguments: z.object({ name: z.array(text("NAME", 300)).default([]) }),
  positional: ["name"],
  argumentTexts: {
    name: {
      en: "A command, an alert type or a recommendation.",
      ja: "コマンド、アラートの種類、または推奨事項。",
    },
  },
  access: "anyone",
  effect: "none",
  quick: ({ name }, { commands }) => {
    const word = name.join(" ");
    return commands.has(word.toLowerCase()) || !(catalogued(word) || mayBeReported(word));
  },
  async run({ name }, ports, { language }) {
    const word = name.join(" ").trim();
    const { commands } = ports.definitions;
    if (word === "") return overview(commands, language);
    const definition = commands.get(word.toLowerCase());
    if (definition) return details(word.toLowerCase(), definition, language);
    const alertType = findAlertType(word);
    if (alertType) return alertTypeHelp(alertType, ports, language);
    const recommendation = findRecommendation({ key: word, policy: word, title: word, category: "" });
    if (recommendation) return recommendationHelp({ known: recommendation }, ports, language);
    const reported = mayBeReported(word) ? await reportedHelp(word, ports, language) : undefined;
    if (reported) return reported;
    throw unknownName(word, ports);
  },
});

function catalogued(word: string): boolean {
  return (
    findAlertType(word) !== undefined ||
    findRecommendation({ key: word, policy: word, title: word, category: "" }) !== undefined
  );
}

/** True for what looks like an id, a key or a title: a slip in the name of a command reads nothing. */
function mayBeReported(word: string): boolean {
  return /[\s_.\d]/.test(word);
}

/** What the catalogue doesn't have is explained by its own words, where Defender reports it. */
async function reportedHelp(word: string, ports: Ports, language: "en" | "ja"): Promise<Message | undefined> {
  const same = (text: string) => text.toLowerCase() === word.toLowerCase();
  const alerts = await ports.readings.alerts();
  const alert = alerts.value.find(({ type, title }) => same(type) || same(title));
  if (alert) {
    ports.metrics.count("uncatalogued_total", { kind: "alert-type" });
    return reportedAlertHelp(alert, ports, language);
  }
  const { value } = await ports.readings.recommendations();
  const assessment = value.assessments.find(({ key, title }) => same(key) || same(title));
  if (!assessment) return undefined;
  ports.metrics.count("uncatalogued_total", { kind: "recommendation" });
  return recommendationHelp({ assessment }, ports, language);
}

function unknownName(word: string, { definitions }: Pick<Ports, "definitions">): UserError {
  const names = new Set([
    ...shown(definitions.commands).map(([name]) => name),
    ...knownAlertTypes.flatMap(({ id, title }) => (id ? [id, title] : [title])),
    ...knownRecommendations.map(({ name }) => name),
  ]);
  const candidate = nearestName(word, names);
  const [en, ja] = languages.map((language) =>
    say(language)(candidate ? "meant" : "none", { word, candidate: candidate ?? "" }),
  );
  const cve = word.toUpperCase();
  const example = cvePattern.test(cve)
    ? ["vulnerabilities", cve]
    : ["help", ...(candidate ? [candidate] : [])];
  return new UserError({ en: en!, ja: ja! }, commandLine(example));
}
