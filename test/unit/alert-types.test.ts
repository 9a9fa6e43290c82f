import { describe, expect, it } from "vitest";
import { repetitionKey } from "../../src/domain/alerts/alert.ts";
import { route } from "../../src/domain/routing.ts";
import { bundleMessage } from "../../src/notifiers/alert/bundle-message.ts";
import { alertOf } from "../alerts.ts";

const spellings = ["K8S.NODE_ImdsCall", "k8s.node_imdscall", "K8S.Node_IMDSCall"];

describe("alert types that differ in letter case alone", () => {
  it("are one type to a mute", () => {
    const mute = { id: "m", channel: "C1", scopes: [], from: "a", until: "z", by: "U1", sort: spellings[1]! };
    const events = spellings.map((type) => ({ id: type, sort: [type] }));
    const subscription = { channel: "C1", topic: "alerts", scopes: [], origin: "file" } as const;
    const routed = route("alerts", events, [{ ...subscription, scopes: [] }], [mute]);
    expect(routed.deliveries.size).toBe(0);
    expect(routed.muted.get("m")?.size).toBe(3);
  });
  it("are a repetition of each other", () => {
    expect(new Set(spellings.map((type) => repetitionKey(alertOf("a", { type })))).size).toBe(1);
  });
  it("are counted as one type in a message of many alerts", () => {
    const events = spellings.map((type, index) => ({ alert: alertOf(`a${index}`, { type }) }));
    const { parts } = bundleMessage(events, { language: "en", burst: true } as never);
    expect(JSON.stringify(parts)).toContain("alert types: 1");
    const table = parts.flatMap((part) => ("table" in part ? [part.table] : []))[0];
    expect(table?.rows.map(([, count]) => count)).toEqual([{ number: 3 }]);
  });
});

describe("an alert that came again", () => {
  const context = { language: "en", posted: "2026-11-23T08:00:00.000Z", now: "", burst: false } as const;
  const [closed, open] = [alertOf("a1", { state: "resolved" }), alertOf("a2", { severity: "high" })];

  it("keeps its message from looking done while one of them is open", () => {
    const both = bundleMessage([{ alert: closed }, { alert: open }], context);
    expect(both).toMatchObject({ tone: "high", headline: expect.stringMatching(/^2 times · High/) });
    expect(JSON.stringify(both.parts)).toContain("Resolved or dismissed: 1 of 2");
    const done = bundleMessage([{ alert: closed }, { alert: { ...open, state: "dismissed" } }], context);
    expect(done).toMatchObject({ tone: "good", headline: expect.stringMatching(/^2 times · Resolved/) });
  });
});
