import { z } from "zod";
import { flag, freshTexts, scope } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { summariseCoverage } from "../../domain/coverage/coverage-summary.ts";
import { coverageWithin } from "../../domain/scoped-reading.ts";
import { commandLine } from "../../message/line.ts";
import type { Message } from "../../message/message.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { findScope } from "../../readings/scope.ts";
import { rememberedFor } from "../../text/remembered.ts";
import { coverageMessage } from "./coverage-message.ts";

const answered = rememberedFor<Message>();

export default command({
  texts: {
    en: {
      summary: "Enablement and coverage",
      detail:
        "The plan, its extensions, each cluster's sensor and policy add-on, provisioning, and every gap with how to close it.",
    },
    ja: {
      summary: "有効化とカバレッジの状態",
      detail:
        "プラン、拡張機能、クラスターごとのセンサーと Azure Policy アドオン、プロビジョニングを確認し、不足ごとに対処方法を示します。",
    },
  },
  examples: ["status", "status sub:*", "status --csv", "status --fresh"],
  arguments: z.object({ scope: scope.optional(), csv: flag, fresh: flag }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at; none is everything.", ja: "対象。省略するとすべて。" },
    csv: {
      en: "Adds every cluster and gap as a CSV file.",
      ja: "すべてのクラスターと不足を CSV ファイルで添付します。",
    },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  async run({ scope, csv, fresh }, ports, { caller, language }) {
    const whole = await ports.readings.coverage({ freshFor: fresh ? caller.person : undefined });
    const read = coverageWithin(whole, scope);
    const empty = Object.values(read.value).every((part) => part.length === 0);
    const match = scope && empty ? await findScope(ports, scope) : undefined;
    if (scope && match && match.kind !== "matched")
      return noMatchMessage(scope, match, {
        language,
        again: (one) => commandLine(["status", one], { csv }),
      });
    const asked = { language, csv, ...(scope && { scope }) };
    return answered(whole, JSON.stringify(asked), () =>
      coverageMessage(read, summariseCoverage(read.value), asked),
    );
  },
});
