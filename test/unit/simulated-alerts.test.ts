import { expect, it } from "vitest";
import { publishAlerts } from "../../src/alerts/publish.ts";
import type { AlertSeen, AlertState, CausedBy } from "../../src/domain/alerts/alert.ts";
import alert from "../../src/notifiers/alert/index.ts";
import simulatedAlert from "../../src/notifiers/simulated-alert.ts";
import type { Publish } from "../../src/ports/slack.ts";
import { alertOf } from "../alerts.ts";
import { textOf } from "../dispatch-parts.ts";

const run = { run: "r-1", scenario: "web-shell" };
const seen = (id: string, simulation?: CausedBy): AlertSeen => ({
  alert: alertOf(id, { severity: "medium", title: "Possible web shell" }),
  ...(simulation && { simulation }),
});
const certain = seen("certain", { ...run, thread: "C0CHANNEL01" });
const [real, likely, drill] = [seen("real"), seen("likely", { ...run, likely: true }), seen("drill", run)];

/** What was published, by notifier: ids of alerts, with `known` where only posted ones are updated. */
async function published(events: AlertSeen[], options: { known?: true } = {}) {
  const calls: string[] = [];
  const publish: Publish = async (name, given, about) => {
    const ids = (given as AlertSeen[]).map(({ alert: { id } }) => id);
    calls.push([name, ...(about?.known ? ["known"] : []), ...ids].join(" "));
    return { recorded: 0, updated: 1, muted: 0 };
  };
  return { updated: await publishAlerts(publish, events, { revision: 1, ...options }), calls };
}

it("alerts that a run certainly caused go to its thread, all others to the channels", async () => {
  const { calls, updated } = await published([real, certain, likely, drill]);
  expect(calls).toEqual(["alert real likely drill", "alert known certain", "simulated-alert certain"]);
  expect(updated).toBe(3);
});

it("a change is shown where the alert is posted: as a card or in the thread", async () => {
  expect((await published([certain], { known: true })).calls).toEqual([
    "alert known certain",
    "simulated-alert known certain",
  ]);
});

it("a reply names the run's message as the one that it belongs to", () => {
  expect(simulatedAlert.channel?.(certain)).toBe("C0CHANNEL01");
  expect(simulatedAlert.below?.(certain)).toEqual({ notifier: "simulation", key: "r-1" });
});

it.each(["en", "ja"] as const)(
  "says that no action is needed, or that it should be checked (%s)",
  (language) => {
    const now = "2026-11-23T08:00:00.000Z";
    const context = { language, now, posted: now };
    const words = {
      en: {
        certain: "No action needed (simulation web-shell",
        likely: "Check before you close it",
        mark: "SIMULATION?",
      },
      ja: { certain: "対応は不要です", likely: "閉じる前に確認してください", mark: "シミュレーション?" },
    }[language];
    expect(textOf(simulatedAlert.render(certain, context))).toContain(words.certain);
    const card = textOf(alert.render(likely, context));
    expect(card).toContain(words.likely);
    expect(card).toContain(words.mark);
    expect(textOf(alert.render(drill, context))).toContain(words.certain);
  },
);

it("the card of a closed alert has no next step", () => {
  const now = "2026-11-23T08:00:00.000Z";
  const card = (state: AlertState) =>
    textOf(alert.render({ alert: alertOf("a1", { state }) }, { language: "en", now, posted: now }));
  for (const state of ["active", "in-progress"] as const)
    expect(card(state)).toContain("Next step: Restrict");
  for (const state of ["resolved", "dismissed"] as const) expect(card(state)).not.toContain("Next step");
});
