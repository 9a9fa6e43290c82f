import type { Log } from "../ports/process.ts";

/** Since when Redis could not be written, and why; `ended`: when it could again. ISO times. */
export type Unwritable = { since: string; detail: string; ended?: string };

/** So many writes in a row must fail: a server that is started again is no trouble. */
const failuresBeforeTelling = 3;

/**
 * Tries a write every few seconds. Reports past Redis, once, that it fails, and once that it works again: the outbox, by
 * which everything else is reported, is in Redis itself.
 */
export function writeWatch(ports: {
  write: () => Promise<unknown>;
  tell: (about: Unwritable) => Promise<void>;
  log: Log;
  now: () => string;
  everyMs: number;
}): { start(): void; stop(): void } {
  const { write, tell, log, now, everyMs } = ports;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let failures = 0;
  let since: string | undefined;
  let reported: Unwritable | undefined;
  const look = async () => {
    const error = await write().then(
      () => undefined,
      (failure: unknown) => failure ?? "unknown",
    );
    if (error === undefined) {
      failures = 0;
      since = undefined;
      if (reported) await tell({ ...reported, ended: now() });
      reported = undefined;
      return;
    }
    failures++;
    since ??= now();
    if (reported || failures < failuresBeforeTelling) return;
    const about = { since, detail: saidBy(error) };
    log.error({ err: error, since }, "Redis cannot be written");
    await tell(about);
    reported = about;
  };
  const again = () => {
    timer = setTimeout(() => {
      look()
        .catch((error: unknown) => log.warn({ err: error }, "the admin could not be reported about Redis"))
        .finally(() => !stopped && again());
    }, everyMs);
    timer.unref();
  };
  return {
    start: again,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** What Redis itself said, where that is known. */
function saidBy(error: unknown): string {
  const { cause, message } = error as Partial<Error>;
  return (cause instanceof Error ? cause.message : message) ?? String(error);
}
