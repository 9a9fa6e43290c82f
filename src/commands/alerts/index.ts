import { z } from "zod";
import {
  alertStateFilter,
  duration,
  flag,
  freshTexts,
  scope,
  severity,
} from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { listAlerts } from "../../domain/alerts/alert-list.ts";
import { placedWithin } from "../../domain/scope/scoped-reading.ts";
import { commandLine, minutesWord } from "../../message/line.ts";
import { noMatchMessage } from "../../message/scope.ts";
import { findScope } from "../../readings/scope.ts";
import { alertsMessage } from "./alerts-message.ts";

const week = 7 * 86_400_000;

export default command({
  texts: {
    en: {
      summary: "The security alerts, newest first",
      detail: "Active alerts of the last seven days, unless the options say otherwise.",
    },
    ja: {
      summary: "セキュリティ アラート (新しい順)",
      detail: "指定がなければ、過去 7 日間のアクティブなアラートを表示します。",
    },
  },
  examples: ["alerts", "alerts --severity high --since 24h", "alerts sub:* --state all --since 30d"],
  arguments: z.object({
    scope: scope.optional(),
    severity: severity.optional(),
    since: duration.default(week),
    state: alertStateFilter.default("active"),
    fresh: flag,
  }),
  positional: ["scope"],
  argumentTexts: {
    scope: { en: "What to look at. Default: everything.", ja: "対象。省略するとすべて。" },
    severity: { en: "This severity or higher.", ja: "この重大度以上。" },
    since: { en: "How long ago the last activity was, at most.", ja: "最終アクティビティをさかのぼる期間。" },
    state: { en: "The state of the alert.", ja: "アラートの状態。" },
    fresh: freshTexts,
  },
  access: "anyone",
  effect: "none",
  async run({ scope, severity, since, state, fresh }, ports, { caller, language }) {
    const now = ports.clock.now();
    const [whole, mutes] = await Promise.all([
      ports.readings.alerts({ freshFor: fresh ? caller.person : undefined }),
      ports.store.mutes.list(now, caller.channel),
    ]);
    const read = placedWithin(whole, scope);
    const match = scope && read.value.length === 0 ? await findScope(ports, scope) : undefined;
    if (scope && match && match.kind !== "matched") {
      const minutes = since === week ? undefined : minutesWord(since);
      const options = { severity, state: state === "active" ? undefined : state, since: minutes };
      const again = (one: string) => commandLine(["alerts", one], options);
      return noMatchMessage(scope, match, { language, again });
    }
    const from = new Date(Date.parse(now) - since).toISOString();
    const list = listAlerts(read.value, { severity, state, since: from });
    return alertsMessage({ ...read, value: list }, { scope, severity, since, state, mutes }, language);
  },
});
