/**
 * The three classes of error, chosen by who must act. Anything else that is thrown is a bug.
 */

/** Shown to the person as it is. `texts` holds the sentence in both languages; `example` is a command line that works. */
export class UserError extends Error {
  readonly texts: { en: string; ja: string };
  readonly example: string | undefined;

  constructor(texts: { en: string; ja: string }, example?: string) {
    super(texts.en);
    this.name = "UserError";
    this.texts = texts;
    this.example = example;
  }
}

export type UpstreamSystem = "azure" | "slack" | "redis" | "kubernetes";

/** A system that we depend on refused or failed. `retryable`: the same call may succeed later. */
export class UpstreamError extends Error {
  readonly system: UpstreamSystem;
  /** HTTP status, or 0 where no answer came. */
  readonly status: number;
  /** The system's own word: `AuthorizationFailed`, `ratelimited`, `ECONNRESET`. */
  readonly code: string;
  readonly retryable: boolean;
  /** Seconds that the system asked us to wait, where it said so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    about: {
      system: UpstreamSystem;
      status?: number;
      code?: string;
      retryable: boolean;
      retryAfter?: number;
      cause?: unknown;
    },
  ) {
    super(message, { cause: about.cause });
    this.name = "UpstreamError";
    this.system = about.system;
    this.status = about.status ?? 0;
    this.code = about.code ?? "";
    this.retryable = about.retryable;
    this.retryAfter = about.retryAfter;
  }
}

/** True where nothing says whether a call did what it was asked: its answer was lost. A rate limit refuses before anything is done. */
export function isAnswerLost(error: unknown): boolean {
  return error instanceof UpstreamError && error.retryable && error.status !== 429;
}

export type ConfigProblem = { where: string; line?: number; problem: string; allowed?: string };

/** Settings that cannot be used: every problem at once, each with its place and what is allowed. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(
      problems
        .map(({ where, line, problem, allowed }) =>
          [`${where}${line === undefined ? "" : `:${line}`}: ${problem}`, allowed && `allowed: ${allowed}`]
            .filter(Boolean)
            .join("; "),
        )
        .join("\n"),
    );
    this.name = "ConfigError";
    this.problems = problems;
  }
}
