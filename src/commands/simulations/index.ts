import { z } from "zod";
import { duration, flag, text } from "../../definitions/arguments.ts";
import { command } from "../../definitions/command.ts";
import { globMatches } from "../../domain/scope/scope.ts";
import { UserError } from "../../errors.ts";
import { sentences } from "../../locales/sentences.ts";
import { eventOf } from "../../simulations/announce.ts";
import { languages } from "../../text/language.ts";
import { nearest } from "../../text/likeness.ts";
import { historyMessage } from "./history-message.ts";
import { runDetails } from "./run-details.ts";

const say = sentences({
  en: { unknown: "Run “{{run}}” not found. Runs are kept for 400 days or as retention.simulations says." },
  ja: {
    unknown:
      "実行「{{run}}」が見つかりません。実行の記録は 400 日間 (retention.simulations の設定があればその日数) 保存されます。",
  },
});
const quarter = 90 * 86_400_000;

export default command({
  texts: {
    en: {
      summary: "Lists past simulations with detection rate and time to detect",
      detail: "With a run ID, shows its full report, log and timeline.",
    },
    ja: {
      summary: "過去のシミュレーションの検出率と検出までの時間を一覧表示します",
      detail: "実行 ID を指定すると、レポート全体、ログ、タイムラインを表示します。",
    },
  },
  examples: [
    "simulations",
    "simulations --scenario web-shell --since 30d",
    "simulations --csv",
    "simulations <run>",
  ],
  arguments: z.object({
    run: text("RUN", 40).optional(),
    scenario: text("SCENARIO", 60).optional(),
    cluster: text("CLUSTER", 100).optional(),
    since: duration.default(quarter),
    csv: flag,
  }),
  positional: ["run"],
  argumentTexts: {
    run: { en: "Run ID. Omit it to list past runs.", ja: "実行 ID。省略すると履歴を表示します。" },
    scenario: { en: "Only this scenario.", ja: "このシナリオだけ。" },
    cluster: { en: "Only this cluster, or a glob.", ja: "このクラスターだけ (ワイルドカード可)。" },
    since: { en: "How far back.", ja: "さかのぼる期間。" },
    csv: { en: "Attaches every run as a CSV file.", ja: "すべての実行を CSV ファイルで添付します。" },
  },
  access: "anyone",
  effect: "none",
  quick: true,
  async run({ run: id, scenario, cluster, since, csv }, ports, { language }) {
    const { store, clock } = ports;
    const now = clock.now();
    if (id === undefined) {
      const from = new Date(Date.parse(now) - since).toISOString();
      const runs = await store.runs.list({ scenario: scenario?.toLowerCase(), since: from });
      const wanted = runs.filter((run) => !cluster || globMatches(cluster, run.cluster?.name ?? ""));
      return historyMessage(wanted, {
        since,
        csv,
        now,
        language,
        filters: [scenario, cluster].filter((one) => one !== undefined),
        ...(scenario && wanted.length === 0 && { near: nearScenario(scenario, ports.definitions.scenarios) }),
      });
    }
    const run = await store.runs.get(id);
    const event = run && (await eventOf(run, ports));
    if (event) return runDetails(event, language);
    const [en, ja] = languages.map((one) => say(one)("unknown", { run: id }));
    throw new UserError({ en: en!, ja: ja! }, "simulations");
  },
});

/** The scenario that was probably meant by a name that none has. */
function nearScenario(word: string, scenarios: ReadonlyMap<string, unknown>): string | undefined {
  return scenarios.has(word.toLowerCase()) ? undefined : nearest(word, scenarios.keys());
}
