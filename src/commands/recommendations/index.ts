import { z } from "zod";
import { flag, freshTexts, recommendationType, scope, severity } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { groupAssessmentsSteps } from "../../domain/recommendations/recommendation-summary.ts";
import { assessmentsWithin } from "../../domain/scope/scoped-reading.ts";
import { atLeast } from "../../domain/severity.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { findScope, subscriptionsWithin } from "../../readings/scope.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { inTurns } from "../../text/yield-to-event-loop.ts";
import { recommendationsMessage } from "./recommendations-message.ts";

const answered = rememberedFor<Promise<Message>>();
/** Files of a large estate take megabytes. */
const answeredWithFiles = rememberedFor<Promise<Message>>(2);

export default command({
  texts: {
    en: {
      summary: "Open recommendations by severity and type, the worst first",
      detail: "The buttons lead to the resources that a recommendation is about.",
    },
    ja: {
      summary: "未対応の推奨事項 (重大度と種類ごと、重要な順)",
      detail: "ボタンから、推奨事項の対象リソースを表示できます。",
    },
  },
  examples: [
    "recommendations",
    "recommendations --severity high",
    "recommendations sub:* --type data-plane --csv",
  ],
  arguments: z.object({
    scope: scope.optional(),
    type: recommendationType.optional(),
    severity: severity.optional(),
    csv: flag,
    fresh: flag,
  }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    type: { en: "Only this type.", ja: "この種類だけ。" },
    severity: { en: "This severity or higher.", ja: "この重大度以上。" },
    csv: {
      en: "Adds every affected resource as a CSV file.",
      ja: "対象リソースをすべて CSV ファイルで添付します。",
    },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  async run({ scope, type, severity, csv, fresh }, ports, { caller, language }) {
    const whole = await ports.readings.recommendations({ freshFor: fresh ? caller.person : undefined });
    const read = assessmentsWithin(whole, scope);
    const match = scope && read.value.length === 0 ? await findScope(ports, scope) : undefined;
    if (scope && match && match.kind !== "matched") {
      const again = (one: string) => commandLine(["recommendations", one], { type, severity, csv });
      return noMatchMessage(scope, match, { language, again });
    }
    const unassessed = await subscriptionsWithin(ports, read.unassessed, scope);
    const asked = { scope, type, severity, csv, assessed: read.value.length > 0 };
    const remembered = csv ? answeredWithFiles : answered;
    return remembered(whole, JSON.stringify([asked, unassessed, language]), async () => {
      const value = (await inTurns(groupAssessmentsSteps(read.value))).filter(
        (one) => (!type || one.type === type) && (!severity || atLeast(one.severity, severity)),
      );
      return recommendationsMessage({ ...read, unassessed, value }, asked, language);
    });
  },
});
