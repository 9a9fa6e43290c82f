import type { Mute } from "../domain/subscription.ts";

export type MutesPort = {
  /** Those in force at this time (ISO), of one channel or all. */
  list(now: string, channel?: string): Promise<Mute[]>;
  put(mute: Mute): Promise<void>;
  /** Ends one mute of the channel, or all that are in force; they are still to be summed up. */
  end(channel: string, by: { person: string; at: string }, id?: string): Promise<Mute[]>;
  /** Records events (id → sort) that were muted; an event counts once, however often it is recorded. */
  keepOut(id: string, events: ReadonlyMap<string, string>): Promise<void>;
  /** Sort → how many were muted. */
  counts(id: string): Promise<Record<string, number>>;
  /** Those whose time is over and that were not summed up yet. */
  ended(now: string): Promise<Mute[]>;
  /** Forgets a mute that was summed up. */
  settle(id: string): Promise<void>;
};
