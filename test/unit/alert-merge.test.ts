import { describe, expect, it } from "vitest";
import type { RenderContext } from "../../src/definitions/notifier.ts";
import { mergeAlert } from "../../src/domain/alerts/alert-merge.ts";
import alertNotifier from "../../src/notifiers/alert/index.ts";
import { alertOf } from "../alerts.ts";

describe("merging what the sources say of an alert", () => {
  const api = alertOf("a", {
    state: "resolved",
    compromisedEntity: "",
    correlationKey: undefined,
    entityCount: 3,
  });
  const row = alertOf("a", {
    ...{ whole: false, state: "active", description: "", entityCount: 9, compromisedEntity: "aks-shop" },
    ...{ correlationKey: "incident-1", techniques: [], portal: undefined, severity: "unknown" },
    place: { subscription: { id: "s1", name: "prod-east" }, registry: "acrshop" },
  });

  it("takes each field from the alerts API where it has one, else from the row, else from the resource", () => {
    expect(mergeAlert("a", { api, row, resource: { region: "japaneast" } })).toEqual({
      ...api,
      compromisedEntity: "aks-shop",
      correlationKey: "incident-1",
      region: "japaneast",
      place: { ...api.place, registry: "acrshop" },
    });
    expect(
      mergeAlert("a", { api, row: { ...row, region: "westeurope" }, resource: { region: "x" } }).region,
    ).toBe("westeurope");
  });

  it("is the row alone without the details, and says that it isn't whole", () => {
    expect(mergeAlert("a", { row })).toEqual({ ...row, whole: false });
  });

  it("keeps the id by which the alert is remembered", () => {
    expect(mergeAlert("known", { api, row }).id).toBe("known");
  });
});

it("what Azure leaves out, or a word never seen, is called neither raised, lowered nor changed by someone", () => {
  // [alerts 2022-01-01: AlertProperties.severity and .status are optional, and extensible enums]
  const [known, unknown] = [{}, { severity: "unknown", state: "unknown" } as const].map((about) => ({
    alert: alertOf("a1", about),
  }));
  const changed = (before = known, after = unknown) =>
    alertNotifier.changed!(before!, after!, { language: "en" } as RenderContext);
  expect(changed()).toMatchObject({
    headline: expect.stringMatching(
      /^State is now Unknown \(was Active\)\. Severity is now Unknown \(was Medium\)/,
    ),
    parts: [],
  });
  expect(changed(unknown, known)).toMatchObject({
    headline: expect.stringMatching(/Severity is now Medium \(was Unknown\)/),
    parts: [],
  });
});
