import type { State } from "./state.ts";

/**
 * Trouble on the way, injected at run time. `ratelimited`, `status`, `error`, `reset` and `garbage` come instead of the
 * effect; `lostAnswer` and `truncate` come after it; `slow` delays the answer.
 */
export type Fault = {
  kind: "ratelimited" | "status" | "error" | "slow" | "reset" | "lostAnswer" | "truncate" | "garbage";
  /** Web API method, "response_url", or "upload" (`reset` and `status`); without it every method but "upload". */
  method?: string;
  channel?: string;
  /** Strikes only each so many-th of these calls. */
  every?: number;
  /** How often; without it until cleared. */
  times?: number;
  /** Seconds, for `ratelimited`; default 1. */
  retryAfter?: number;
  /** For `status`; default 500. */
  status?: number;
  /** For `error`; default "internal_error". */
  error?: string;
  /** For `slow`; default 1,000 real ms. */
  ms?: number;
};

export type ActiveFault = Fault & { hits: number; met: number };

export type Faults = {
  /** Answers the active fault: `hits` counts how often it struck. */
  add(fault: Fault): ActiveFault;
  clear(): void;
};

export function faultsOf(state: State): Faults {
  return {
    add(fault) {
      const active: ActiveFault = { ...fault, hits: 0, met: 0 };
      state.faults.push(active);
      return active;
    },
    clear() {
      state.faults.length = 0;
    },
  };
}

/** The first fault that meets this call, counted. */
export function strike(state: State, method: string, channel: unknown): Fault | undefined {
  for (const fault of state.faults as ActiveFault[]) {
    // An upload goes to another host: only what is meant for it meets it.
    if (method === "upload" ? fault.method !== method : (fault.method ?? method) !== method) continue;
    if (fault.channel !== undefined && fault.channel !== channel) continue;
    fault.met += 1;
    if (fault.every !== undefined && fault.met % fault.every !== 0) continue;
    if (fault.times !== undefined && fault.hits >= fault.times) continue;
    fault.hits += 1;
    return fault;
  }
  return undefined;
}
