import { describe, expect, it } from "vitest";
import { UpstreamError } from "../../src/errors.ts";
import { commandLine } from "../../src/message/line.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { benchOf, denyAlerts, last, linesOf, now, people, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const bench = (change: Parameters<typeof benchOf>[1] = {}) =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), change);
const denied = new UpstreamError("AuthorizationFailed", { system: "azure", status: 403, retryable: false });

describe("alerts", () => {
  it("says in its first line how many there are, of which state and severity", async () => {
    const message = last(await bench().say("alerts"));
    expect(message.headline).toBe("2 active alerts in the last 7 days: 1 High, 1 Medium");
    expect(textOf(message)).toContain("1 of them is a sample");
  });

  it("filters by scope, severity, state and time, and says what is older", async () => {
    const one = bench();
    one.alerts.push(
      alertOf("b1", { state: "resolved" }),
      alertOf("b2", { start: "2026-11-01T00:00:00Z", end: undefined }),
      alertOf("b3", { place: { subscription: { id: "s2", name: "開発" } } }),
    );
    const headline = async (line: string) => textOf(last(await one.say(line)).headline);
    expect(await headline("alerts --severity high")).toMatch(/^1 active alert /);
    expect(await headline("alerts --state resolved")).toMatch(/^1 resolved alert /);
    expect(await headline("alerts sub:開発")).toMatch(/^1 active alert /);
    expect(await headline("alerts --state all")).toMatch(/^4 alerts /);
    expect(await headline("alerts cluster:aks-demo --state resolved")).toBe(
      "No resolved alerts in the last 7 days · filters: cluster:aks-demo",
    );
    const older = last(await one.say("alerts"));
    expect(textOf(older)).toContain("1 older one is not shown");
    expect(linesOf(older)).toContain("alerts --state active --since 90d");
  });

  it("alerts that are muted in this channel carry 🔕, in the list and in their details", async () => {
    const one = bench();
    one.alerts[1] = alertOf("a2", { type: "K8S.NODE_Other", title: "Other" });
    const mute = { scopes: [], from: now, until: "2026-11-23T12:00:00.000Z", by: people.operator };
    const other = { ...mute, id: "m2", channel: "C0ANOTHER01", sort: "K8S.NODE_Other" };
    await one.ports.store.mutes.put(other);
    expect(textOf(last(await one.say("alerts")))).not.toContain("🔕");
    await one.ports.store.mutes.put({ ...mute, id: "m1", channel: "C0CHANNEL01", sort: "k8s.node_imds*" });
    const list = textOf(last(await one.say("alerts")));
    expect(list).toContain(`🔕 ${alertOf("a1").title}`);
    expect(list).not.toContain("🔕 Other");
    expect(list).toContain("🔕 Muted in this channel");
    const details = async (id: string) =>
      textOf(last(await one.say(commandLine(["alert", alertOf(id).resource]))));
    expect(await details("a1")).toContain("🔕 Muted in this channel until");
    expect(await details("a2")).not.toContain("🔕");
  });

  it("a subscription that fails is named, and the others are shown", async () => {
    const one = bench();
    denyAlerts(one);
    const text = textOf(last(await one.say("alerts")));
    expect(text).toMatch(/2 active alerts/);
    expect(text).toContain("1 of 2 couldn't be read: access denied (開発)");
  });

  it("over fifty subscriptions are read through Resource Graph, and the answer says so", async () => {
    const subscriptions = Array.from({ length: 51 }, (_, n) => ({
      id: `s${n}`,
      name: `sub-${n}`,
      state: "Enabled",
    }));
    const rows = [alertOf("a1", { whole: false })];
    const one = bench({
      azure: {
        subscriptions: async () => read(subscriptions),
        alerts: async ({ from }) => {
          if (from !== "graph") throw new Error("not asked one by one");
          return read(
            rows.map((row) => ({ alert: row, row })),
            { subscriptions: 51 },
          );
        },
      },
    });
    expect(textOf(last(await one.say("alerts")))).toMatch(
      /1 active alert.*Resource Graph.*51 subscriptions/s,
    );
  });

  it("the details say the region and the tags of the resource that it is about", async () => {
    const tags: [string, string][] = [
      ["team", "payments <!channel>"],
      ["critical", ""],
    ];
    const one = bench();
    one.alerts[0] = alertOf("a1", { region: "japaneast", tags });
    const text = textOf(last(await one.say(commandLine(["alert", alertOf("a1").resource]))));
    expect(text).toMatch(/Region ?japaneast/);
    expect(text).toMatch(/Tags ?team: payments <!channel>, critical/);
  });

  it("buttons lead to the details of the newest", async () => {
    const { say } = bench();
    const [line] = linesOf(last(await say("alerts", { source: "button" })));
    const shown = await say(line!, { source: "button" });
    expect(shown.map(({ kind }) => kind)).toEqual(["loading", "modal"]);
    const text = textOf(last(shown));
    for (const part of [
      "T1552",
      "Restrict access",
      "2026-11-23T07:50",
      "2026-11-23T07:55",
      "K8S.NODE_ImdsCall",
      "portal.azure.com",
    ]) {
      expect(text).toContain(part);
    }
  });
});

describe("the details of an alert", () => {
  const named = alertOf("n1", {
    tactics: ["CredentialAccess", "SomethingNew"],
    entities: [
      { kind: "K8s-pod", name: "web-1", facts: [["namespace", "shop"]] },
      { kind: "ip", name: "203.0.113.7", facts: [] },
      { kind: "quantum-device", name: "quantum-device", facts: [] },
    ],
  });
  const details = async (language: "en" | "ja") => {
    const one = bench();
    one.alerts.push(named);
    return textOf(
      last(await one.say(commandLine(["alert", named.resource]), { source: "button", language })),
    );
  };

  it("names tactics and entities in the reader's words, and what it does not know as Azure does", async () => {
    const english = await details("en");
    for (const words of [
      "Credential Access, SomethingNew",
      "pod web-1 · namespace: shop",
      "IP address 203.0.113.7",
    ])
      expect(english).toContain(words);
    const japanese = await details("ja");
    for (const words of ["資格情報アクセス、SomethingNew", "ポッド web-1", "IP アドレス 203.0.113.7"])
      expect(japanese).toContain(words);
    expect(english.match(/quantum-device/g)).toHaveLength(1);
  });
});

describe("triage", () => {
  const { resource } = alertOf("a1");

  it("changes the alert in Azure, remembers who, and updates its messages", async () => {
    const one = bench();
    const message = last(await one.say(`triage ${resource} take`, { source: "button" }));
    expect(textOf(message)).toMatch(/now In progress/);
    expect(one.changes).toEqual(["take a1"]);
    const actor = { person: people.operator, action: "take", at: now };
    expect(await one.ports.store.alerts.actor("a1")).toEqual(actor);
    expect(one.published).toEqual([
      { notifier: "alert", events: [{ alert: { ...alertOf("a1"), state: "in-progress" }, actor }] },
    ]);
  });

  it("knows who it is before Azure is asked, and forgets that where Azure refuses", async () => {
    const during: unknown[] = [];
    const one = bench({
      azure: {
        async changeAlert() {
          during.push((await one.ports.store.alerts.actor("a1"))?.person);
          throw denied;
        },
      },
    });
    const earlier = { person: people.grouped, action: "take", at: now } as const;
    await one.ports.store.alerts.setActor("a1", earlier);
    await one.say(`triage ${resource} resolve --sure`);
    expect(during).toEqual([people.operator]);
    expect(await one.ports.store.alerts.actor("a1")).toEqual(earlier);
  });

  it("names no one in the details of an alert that came into its state in another way", async () => {
    const one = bench();
    await one.ports.store.alerts.setActor("a1", { person: people.grouped, action: "resolve", at: now });
    const details = async () => textOf(last(await one.say(commandLine(["alert", resource]))));
    expect(await details()).not.toContain("Resolved by");
    one.alerts[0] = alertOf("a1", { state: "resolved" });
    expect(await details()).toContain("Resolved by");
  });

  it("an alert in that state already is not changed again, and the answer says by whom it was", async () => {
    const one = bench();
    one.alerts[0] = alertOf("a1", { state: "resolved" });
    const outside = textOf(last(await one.say(`triage ${resource} resolve --sure`)));
    expect(outside).toContain("Changed outside Slack");
    await one.ports.store.alerts.setActor("a1", { person: people.grouped, action: "resolve", at: now });
    expect(textOf(last(await one.say(`triage ${resource} resolve --sure`)))).toMatch(
      new RegExp(`is already Resolved.*Resolved by +${people.grouped}`, "s"),
    );
    expect(one.changes).toEqual([]);
  });

  it("shows what Azure says where the message says otherwise: a state that is there already", async () => {
    const one = bench();
    one.alerts[0] = alertOf("a1", { state: "active" });
    const answer = textOf(last(await one.say(`triage ${resource} reopen`)));
    expect(answer).toContain("is already Active");
    expect(one.published).toEqual([{ notifier: "alert", events: [{ alert: alertOf("a1") }] }]);
  });

  it("dismissing asks for a reason, keeps it, and the form's line carries it", async () => {
    const one = bench();
    const [, shown] = await one.say(`triage ${resource} dismiss`, { source: "button" });
    expect(shown?.kind).toBe("form");
    expect(one.changes).toEqual([]);
    const { line } = (shown as { form: { line: string } }).form;
    await one.say(`${line} --reason "A \\"planned\\" test — weekly"`, { source: "modal" });
    expect(one.changes).toEqual(["dismiss a1"]);
    expect((await one.ports.store.alerts.actor("a1"))?.reason).toBe('A "planned" test — weekly');
  });

  it("a person without the right changes nothing, reads who may, and it is audited", async () => {
    const one = bench();
    const shown = await one.say(`triage ${resource} resolve --sure`, {
      source: "button",
      person: people.member,
    });
    expect(textOf(last(shown))).toContain(people.operator);
    expect(one.changes).toEqual([]);
    const [entry] = await one.ports.store.audit.read("2026-01-01T00:00:00Z");
    expect(entry).toMatchObject({
      person: people.member,
      command: "triage",
      target: resource,
      outcome: "refused",
    });
  });

  it("a member of the operators' group may", async () => {
    const one = bench();
    await one.say(`triage ${resource} resolve --sure`, { person: people.grouped });
    expect(one.changes).toEqual(["resolve a1"]);
  });

  it("a change whose answer was lost is made where Azure shows it, by whoever asked for it", async () => {
    for (const made of [true, false]) {
      const lost = new UpstreamError("socket hang up", {
        system: "azure",
        code: "ECONNRESET",
        retryable: true,
      });
      const one = bench({
        azure: {
          async changeAlert() {
            if (made) one.alerts[0] = alertOf("a1", { state: "in-progress" });
            throw lost;
          },
        },
      });
      const text = textOf(last(await one.say(`triage ${resource} take`)));
      expect(text).toContain(made ? "is now In progress" : "Couldn't reach Azure");
      const actor = await one.ports.store.alerts.actor("a1");
      expect(actor?.action).toBe(made ? "take" : undefined);
    }
  });

  it.each([
    // [ARM, common error codes]
    [409, "Conflict", "Try again in a minute."],
    [412, "PreconditionFailed", "Try again in a minute."],
    [404, "ResourceNotFound", "It may have been deleted"],
    [404, "SubscriptionNotFound", "Run /defender doctor"],
    // [Entra docs, AADSTS7000222: the client secret has expired]
    [401, "invalid_client", "Azure doesn't accept Breakwater's credentials"],
    [409, "MissingSubscriptionRegistration", "Run /defender doctor"],
  ])("says what helps where Azure answers %i %s", async (status, code, hint) => {
    const refusal = new UpstreamError(code, { system: "azure", status, code, retryable: false });
    const one = bench({ azure: { changeAlert: () => Promise.reject(refusal) } });
    expect(textOf(last(await one.say(`triage ${resource} take`)))).toContain(hint);
  });

  it("where Azure refuses, nothing is remembered or published", async () => {
    const one = bench({ azure: { changeAlert: () => Promise.reject(denied) } });
    expect(textOf(last(await one.say(`triage ${resource} take`)))).toContain(
      "Breakwater is missing a permission",
    );
    expect(await one.ports.store.alerts.actor("a1")).toBeUndefined();
    expect(one.published).toEqual([]);
    expect((await one.ports.store.audit.read("2026-01-01T00:00:00Z"))[0]).toMatchObject({
      outcome: "failed",
    });
  });
});
