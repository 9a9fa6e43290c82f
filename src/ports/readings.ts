import type { Alert } from "../domain/alerts/alert.ts";
import type { Compliance } from "../domain/compliance/compliance.ts";
import type { Coverage } from "../domain/coverage/coverage.ts";
import type { Read } from "../domain/reading/reading.ts";
import type { Assessments } from "../domain/recommendations/recommendation.ts";
import type { Located } from "../domain/scope/scope.ts";
import type { Targets } from "../domain/simulations/simulation.ts";

/** The kinds of reading that everyone shares, each done at most once at a time for the whole estate. */
export type SharedKinds = {
  alerts: Alert[];
  compliance: Compliance;
  coverage: Coverage;
  recommendations: Assessments;
  targets: Targets;
};
export type SharedKind = keyof SharedKinds;

/** A shared reading: always of the whole estate, whose subscriptions it names. `began`: ISO time of its first request. */
export type Shared<T> = Read<T> & { began: string; estate: Located["subscription"][] };

/**
 * `freshFor`: this person forces a new reading, which throws `UserError` where they did so just now. `since`: only a
 * reading that began at or after this time (ISO) will do.
 */
export type Wanted = { freshFor?: string; since?: string };

/** What was read of the estate a moment ago, by whichever process. */
export type Readings = {
  [Kind in SharedKind]: (wanted?: Wanted) => Promise<Shared<SharedKinds[Kind]>>;
} & {
  /** Something was changed through the bot: what began to be read before is not used any more. */
  outdate(kind: SharedKind): Promise<void>;
};

/** All of a stored reading but its rows. */
export type ReadingHead = Omit<Shared<unknown>, "value"> & { id: string; chunks: number };

export type ReadingFailure = {
  at: string;
  message: string;
  code: string;
  status: number;
  retryable: boolean;
};

export type SharedReadingsPort = {
  /** What is stored of a kind, unless it is outdated. */
  head(kind: SharedKind): Promise<ReadingHead | undefined>;
  /** The reading of a head; undefined where a part of it is gone or can't be read. */
  open<Kind extends SharedKind>(
    kind: Kind,
    head: ReadingHead,
  ): Promise<Shared<SharedKinds[Kind]> | undefined>;
  /** Stores a reading, unless a later one is there. */
  save<Kind extends SharedKind>(kind: Kind, reading: Shared<SharedKinds[Kind]>): Promise<ReadingHead>;
  /** What began to be read before this time is not used any more. */
  outdate(kind: SharedKind, at: string): Promise<void>;
  /** How the last reading failed, for those who waited for it. */
  failure(kind: SharedKind): Promise<ReadingFailure | undefined>;
  fail(kind: SharedKind, failure: ReadingFailure): Promise<void>;
};
