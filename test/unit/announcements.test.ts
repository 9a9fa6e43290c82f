import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { NotifierDefinition } from "../../src/definitions/notifier.ts";
import { enter } from "../../src/domain/simulations/transitions.ts";
import simulation from "../../src/notifiers/simulation.ts";
import { eventId } from "../../src/publish/publish.ts";
import { announce } from "../../src/simulations/announce.ts";
import { openStore } from "../../src/store/store.ts";
import { definitions } from "../dispatch-parts.ts";
import { publishing } from "../publishing.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf, time } from "../runs.ts";

const redis = redisForThisFile();
let connection: ReturnType<typeof redis.connect>;
beforeAll(() => {
  connection = redis.connect();
});

type Announced = { run: { id: string; channel: string; state: string; revision: number; at: object } };

function bench() {
  const store = openStore(connection, redis.prefix(), []);
  const publish = publishing({
    notifiers: new Map([["simulation", simulation as NotifierDefinition]]),
    store,
    clock: { now: () => time(0) },
  });
  const shown = async (run: string) => {
    const id = eventId("simulation", run);
    const stored = (await store.outbox.events([id])).get(id);
    return stored?.event as Announced | undefined;
  };
  return { store, publish, shown };
}

describe("announcements of one thing", () => {
  it("of two at the same moment the later change is shown, whichever is announced last", async () => {
    const { store, publish, shown } = bench();
    const run = runOf();
    await store.runs.add(run);
    const ports = {
      store,
      publish,
      settings: { simulations: { images: { registry: "r", tag: "t" } } },
      definitions,
    };
    await announce(run, ports as never);
    const approved = await store.runs.change(run.id, (one) => enter(one, "approved", time(1)));
    const cancelled = await store.runs.change(run.id, (one) => enter(one, "cancelled", time(1)));
    await announce(cancelled!.run, ports as never);
    await announce(approved!.run, ports as never);
    expect((await shown(run.id))?.run.state).toBe("cancelled");
  });

  it("a message ends with the highest revision in any order and at any overlap, and every change of it is put down", async () => {
    const reported = (revision: number): Announced => ({
      run: { id: "r-1", channel: "C1", state: `state ${revision}`, revision, at: {} },
    });
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 2, maxLength: 8 }),
        async (scheduler, revisions) => {
          const { store, publish, shown } = bench();
          await publish("simulation", [reported(0)], { revision: 0 });
          const [row] = (await store.outbox.state("C1")).waiting;
          const message = { v: 1 as const, id: "m", notifier: "simulation", members: [row!], initial: 1 };
          const intent = { v: 1 as const, id: "m", message: "m", what: { kind: "head" as const } };
          const posting = { ...intent, started: time(0), looked: 0, attempts: 1, form: 0 as const };
          const placed = { ...message, language: "en" as const, bundle: false };
          await store.outbox.claim("C1", placed, posting, time(0));
          await store.outbox.complete("C1", posting, { message: { ...placed, ts: "1.1" } });
          let visible = await shown("r-1");
          const edit = async () => {
            const { changed } = await store.outbox.state("C1");
            if (changed.length === 0) return;
            visible = await shown("r-1");
            await store.outbox.updated("C1", changed, []);
          };
          let editing = Promise.resolve();
          const each = revisions.map(async (revision) => {
            await scheduler.schedule(Promise.resolve(), `${revision}`);
            await publish("simulation", [reported(revision)], { revision });
            // One pump at a time, as its lease has it.
            editing = editing.then(edit);
            await editing;
          });
          await scheduler.waitFor(Promise.all(each));
          await edit();
          expect(visible).toEqual(reported(Math.max(...revisions)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("without a revision a notification that is updated in place is no notification", async () => {
    const { publish } = bench();
    const reported = { run: { id: "r-1", channel: "C1", state: "requested", revision: 0, at: {} } };
    await expect(publish("simulation", [reported])).rejects.toThrow(/a revision has to say/);
  });
});
