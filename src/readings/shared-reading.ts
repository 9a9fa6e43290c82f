import { setTimeout as wait } from "node:timers/promises";
import { UpstreamError } from "../errors.ts";
import type { Clock, Log, Metrics } from "../ports/process.ts";
import type { Shared, SharedKind, SharedKinds } from "../ports/readings.ts";
import type { Lease, LeasePort, Store } from "../ports/store.ts";

export type SharedDeps = {
  store: Pick<Store, "readings">;
  leases: LeasePort;
  clock: Clock;
  log: Log;
  metrics: Metrics;
};

/** How long a reading is used: as it is, and, while it is read again, until the new one is there. */
export type Age = { freshSeconds: number; usableSeconds: number };

/** A process that was killed keeps others from reading for so long. */
const leaseSeconds = 10;
/** Whoever asked is answered first: that takes the same thread as packing what is stored. */
const storedAfterMs = 300;
/** Whoever waits for another process looks this often, each at its own pace. */
const lookMs = { least: 60, most: 400 };
const waitedMostMs = 300_000;
/** A reading that no one asked for in this time leaves the memory of the process. */
const heldMs = 120_000;

type Kinds<Kind extends SharedKind> = Shared<SharedKinds[Kind]>;
export type SharedReading<Kind extends SharedKind> = {
  /** A reading of any age that is still used, or a new one. */
  usual(): Promise<Kinds<Kind>>;
  /** What is stored, if it began to be read at or after a time (ISO). */
  since(after: string): Promise<Kinds<Kind> | undefined>;
  /** A reading that began at or after a time (ISO): another one that does is waited for, and else it is done now. */
  from(after: string): Promise<Kinds<Kind>>;
};

/**
 * One kind of reading, done at most once at a time by all processes together: one holds the lease and reads, the others
 * wait for what it stores. Without Redis each process reads for itself.
 */
export function sharedReading<Kind extends SharedKind>(
  kind: Kind,
  read: () => Promise<Omit<Kinds<Kind>, "began">>,
  { freshSeconds, usableSeconds }: Age,
  deps: SharedDeps,
): SharedReading<Kind> {
  const { clock, log, metrics } = deps;
  const { readings } = deps.store;
  let held: { id: string; reading: Kinds<Kind> } | undefined;
  let forget: NodeJS.Timeout | undefined;
  let opening: { id: string; reading: Promise<Kinds<Kind> | undefined> } | undefined;
  let flight: { after: string; reading: Promise<Kinds<Kind>> } | undefined;
  let storing: Promise<void> | undefined;
  const secondsAgo = (seconds: number) => new Date(Date.parse(clock.now()) - seconds * 1000).toISOString();

  const hold = (id: string, reading: Kinds<Kind>) => {
    held = { id, reading };
    clearTimeout(forget);
    forget = setTimeout(() => {
      held = undefined;
    }, heldMs).unref();
    return reading;
  };

  async function since(after: string): Promise<Kinds<Kind> | undefined> {
    await storing;
    const head = await readings.head(kind);
    if (!head || head.began < after) return undefined;
    if (held?.id === head.id) return hold(held.id, held.reading);
    if (opening?.id !== head.id) opening = { id: head.id, reading: readings.open(kind, head) };
    const mine = opening;
    try {
      const opened = await mine.reading;
      return opened && hold(head.id, opened);
    } finally {
      if (opening === mine) opening = undefined;
    }
  }

  async function readNow(lease: Lease): Promise<Kinds<Kind>> {
    const renewing = setInterval(() => void lease.renew().catch(() => false), (leaseSeconds * 1000) / 3);
    const end = () => {
      clearInterval(renewing);
      return lease.release().catch(() => undefined);
    };
    try {
      const reading = await timed();
      storing = store(reading).finally(end);
      return reading;
    } catch (error) {
      if (error instanceof UpstreamError) {
        const { message, code, status, retryable } = error;
        const failure = { at: clock.now(), message: message.slice(0, 500), code, status, retryable };
        await readings.fail(kind, failure).catch(() => undefined);
      }
      await end();
      throw error;
    }
  }

  /** Never fails: others then read for themselves. */
  async function store(reading: Kinds<Kind>): Promise<void> {
    await wait(storedAfterMs);
    const head = await readings.save(kind, reading).catch((error: unknown) => {
      log.warn({ kind, err: error }, "a reading could not be stored for the others");
    });
    if (head) hold(head.id, reading);
  }

  async function timed(): Promise<Kinds<Kind>> {
    const [started, began] = [performance.now(), clock.now()];
    const reading = await read();
    metrics.count("readings_total", { kind });
    metrics.observe("reading_seconds", (performance.now() - started) / 1000, { kind });
    return { ...reading, began } as Kinds<Kind>;
  }

  async function readOrWait(after: string): Promise<Kinds<Kind>> {
    const began = clock.now();
    const end = performance.now() + waitedMostMs;
    for (let waited = false; performance.now() < end; waited = true) {
      let lease: Lease | undefined;
      try {
        if (waited) await refuseWhere(began);
        lease = await deps.leases.acquire(`reading:${kind}`, leaseSeconds);
        const usable = await since(after);
        if (usable) {
          await lease?.release();
          return usable;
        }
      } catch (error) {
        if (!(error instanceof UpstreamError && error.system === "redis")) throw error;
        log.warn({ kind, err: error }, "a reading is not shared: Redis doesn't answer");
        return timed();
      }
      if (lease) return readNow(lease);
      await wait(lookMs.least + Math.random() * (lookMs.most - lookMs.least));
    }
    const message = `another process has been reading ${kind} for ${waitedMostMs / 60_000} minutes`;
    throw new UpstreamError(message, { system: "azure", code: "ReadingTimeout", retryable: true });
  }

  /** The process that was waited for failed: so it would here. */
  async function refuseWhere(began: string): Promise<void> {
    const failure = await readings.failure(kind);
    if (failure && failure.at >= began)
      throw new UpstreamError(failure.message, { system: "azure", ...failure });
  }

  async function from(after: string): Promise<Kinds<Kind>> {
    // One that began before is of no use, and is not doubled either.
    while (flight && flight.after < after) await flight.reading.catch(() => undefined);
    if (flight) return flight.reading;
    const mine = { after: clock.now() > after ? clock.now() : after, reading: readOrWait(after) };
    flight = mine;
    return mine.reading.finally(() => {
      if (flight === mine) flight = undefined;
    });
  }

  return {
    since,
    from,
    async usual() {
      const fresh = secondsAgo(freshSeconds);
      const usable = await since(secondsAgo(usableSeconds)).catch((error: unknown) => {
        log.warn({ kind, err: error }, "what was read before could not be looked up");
        return undefined;
      });
      if (!usable) return from(fresh);
      if (usable.began < fresh)
        void from(fresh).catch((error: unknown) => log.warn({ kind, err: error }, "a reading failed"));
      return usable;
    },
  };
}
