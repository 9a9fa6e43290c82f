import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { changeAlert, showAlert } from "../../src/alerts/change.ts";
import { readChanges, takeInChanges } from "../../src/alerts/changes.ts";
import { readAlert } from "../../src/alerts/read.ts";
import { takeIn } from "../../src/alerts/take-in.ts";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import {
  type Alert,
  type AlertAction,
  type AlertSeen,
  type AlertState,
  stateAfter,
} from "../../src/domain/alerts/alert.ts";
import alert from "../../src/notifiers/alert/index.ts";
import type { AlertsAsked } from "../../src/ports/azure.ts";
import { eventId } from "../../src/publish/publish.ts";
import { openStore } from "../../src/store/store.ts";
import { alertOf } from "../alerts.ts";
import { publishing } from "../publishing.ts";
import { quiet } from "../quiet.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
let connection: ReturnType<typeof redis.connect>;
beforeAll(() => {
  connection = redis.connect();
});
const channel = "C0CHANNEL01";
const subscription = { id: "s1", name: "prod-east", state: "Enabled" };
const start = Date.parse("2026-11-23T08:00:00.000Z");

type Step =
  | { kind: "press"; action: AlertAction; ignored: boolean }
  | { kind: "portal"; state: AlertState }
  | { kind: "poll" | "reconcile" | "rows" };

/** Azure, two bots and a channel: what Azure says, what its rows lag behind with, what the message shows. */
async function worldOf(gate: <T>(about: string, call: () => Promise<T>) => Promise<T>) {
  const store = openStore(connection, redis.prefix(), [
    { channel, topic: "alerts", scopes: [], origin: "file" },
  ]);
  let ticks = 0;
  const clock = { now: () => new Date(start + ticks++).toISOString() };
  const azure = { truth: "active" as AlertState, row: "active" as AlertState };
  const as = (state: AlertState, whole: boolean): Alert => alertOf("a1", { state, whole });
  const reading = <T>(value: T) => ({ value, asOf: clock.now(), subscriptions: 1, unread: [] });
  const metrics = { count() {}, gauge() {}, observe() {} };
  const publish = publishing({ notifiers: new Map([["alert", alert as NotifierDefinition]]), store, clock });
  const ports = {
    store: {
      ...store,
      alerts: gated(store.alerts, ["claim", "doubt", "mark", "press", "settle", "state", "sums"]),
    },
    publish: (...args: Parameters<typeof publish>) => gate("publish", () => publish(...args)),
    clock,
    metrics,
    log: quiet,
    azure: {
      subscriptions: async () => reading([subscription]),
      alertSums: () =>
        gate("sums", async () => reading(new Map([[subscription.id, { alerts: 1, sum: azure.row }]]))),
      alerts: ({ from }: AlertsAsked) =>
        gate(from, async () => {
          const [row, api] = [as(azure.row, false), as(azure.truth, true)];
          const one =
            from === "graph" ? { alert: row, row } : { alert: api, api, ...(from === "all" && { row }) };
          return { ...reading([one]), rows: new Map([[subscription.id, 1]]) };
        }),
      changeAlert: (_: string, action: AlertAction) =>
        gate("change", async () => {
          if (!ignored.next) azure.truth = stateAfter[action];
          ignored.next = false;
        }),
    },
    readings: { outdate: async () => {} },
    simulated: async () => new Map(),
  } as unknown as Ports & { simulated(): Promise<Map<string, never>> };
  const ignored = { next: false };
  function gated<T extends object>(port: T, names: (keyof T & string)[]): T {
    const calls = names.map((name) => {
      const call = port[name] as (...args: unknown[]) => Promise<unknown>;
      return [name, (...args: unknown[]) => gate(name, () => call(...args))];
    });
    return { ...port, ...Object.fromEntries(calls) };
  }
  /** Does what the pump does: what waits is posted, what changed is edited. */
  async function pump() {
    const { waiting, changed } = await store.outbox.state(channel);
    if (waiting.length > 0) {
      const message = {
        v: 1 as const,
        id: "m1",
        notifier: "alert",
        members: waiting,
        initial: 1,
        language: "en" as const,
        bundle: false,
      };
      const intent = {
        v: 1 as const,
        id: "m1",
        message: "m1",
        what: { kind: "head" as const },
        started: clock.now(),
        looked: 0,
        attempts: 1,
        form: 0 as const,
      };
      await store.outbox.claim(channel, message, intent, clock.now());
      world.shown = await stored();
      await store.outbox.complete(channel, intent, { message: { ...message, ts: "1.1" } });
    } else if (changed.length > 0) {
      world.shown = await stored();
      await store.outbox.updated(channel, changed, []);
    }
  }
  async function stored() {
    const id = eventId("alert", "a1");
    return ((await store.outbox.events([id])).get(id)?.event as AlertSeen | undefined)?.alert.state;
  }
  const world = {
    azure,
    shown: undefined as AlertState | undefined,
    pump,
    async poll() {
      const changes = await readChanges(ports);
      await takeInChanges(changes, ports);
    },
    async reconcile() {
      const remembered = await ports.store.alerts.state();
      const began = clock.now();
      const { value: alerts } = await ports.azure.alerts({ from: "api", subscriptions: [subscription] });
      await takeIn({ alerts, source: "api", began, subscriptions: [subscription] }, remembered, ports);
    },
    async press(action: AlertAction, isIgnored: boolean) {
      const began = clock.now();
      const read = await readAlert(ports, "");
      if (read.state === stateAfter[action]) {
        await showAlert(read, began, ports);
        return;
      }
      ignored.next = isIgnored;
      await changeAlert(read, { action, person: "U1" }, ports);
    },
  };
  await store.alerts.mark(new Map(), new Map(), [subscription.id]);
  return world;
}

const state = fc.constantFrom<AlertState>("active", "in-progress", "resolved", "dismissed");
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("press" as const),
    action: fc.constantFrom<AlertAction>("take", "resolve", "dismiss", "reopen"),
    ignored: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("portal" as const), state }),
  fc.constant({ kind: "poll" as const }),
  fc.constant({ kind: "reconcile" as const }),
  fc.constant({ kind: "rows" as const }),
);

describe("the message of an alert", () => {
  it("is right within two polls, however buttons, portal, polls, reconciliation and lagging rows interleave", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(step, { minLength: 1, maxLength: 8 }),
        fc.constantFrom("poll" as const, "reconcile" as const),
        async (scheduler, steps, last) => {
          let open = false;
          const world = await worldOf((about, call) =>
            open ? call() : scheduler.schedule(Promise.resolve(), about).then(call),
          );
          open = true;
          await world.poll();
          await world.pump();
          open = false;
          const take = async (one: Step) => {
            await scheduler.schedule(Promise.resolve(), one.kind);
            if (one.kind === "press") await world.press(one.action, one.ignored);
            else if (one.kind === "portal") world.azure.truth = one.state;
            else if (one.kind === "rows") world.azure.row = world.azure.truth;
            else await world[one.kind]();
            await world.pump();
          };
          await scheduler.waitFor(Promise.all(steps.map(take)));
          open = true;
          // Rows of Resource Graph may lag for ever where the authority itself is read.
          if (last === "poll") world.azure.row = world.azure.truth;
          for (let polls = 0; polls < 2; polls++) {
            await world[last]();
            await world.pump();
          }
          expect(world.shown).toBe(world.azure.truth);
        },
      ),
      { numRuns: 300 },
    );
  }, 360_000);
});
