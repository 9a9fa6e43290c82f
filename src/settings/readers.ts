import type { Scope } from "../domain/scope/scope.ts";

/** What settings are checked with and other rooms know; handed in, so that this room depends on none of them. */
export type Readers = {
  /** What is wrong with a cron line, or undefined. */
  cron(line: string): string | undefined;
  /** What is wrong with a `REDIS_URL`, or undefined. */
  redisUrl(url: string): string | undefined;
  scope(text: string): Scope | undefined;
};
