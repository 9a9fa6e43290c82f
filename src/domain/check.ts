/** A permission or connection that was tried, in the reader's language. `fix`: what to run, set or do next. */
export type Check =
  /** `approvals`: what was found lets people request changes that someone has to approve. */
  | { name: string; said: string; fix?: string; state: "ok"; approvals?: true }
  | { name: string; said: string; fix: string; state: "failed" | "unknown" };

export function failed(name: string, said: string, fix: string): Check {
  return { name, state: "failed", said, fix };
}

/** The problems that were found, or one check that passed. */
export function problemsOf(name: string, problems: readonly (Check | undefined)[]): Check[] {
  const all = problems.filter((problem) => problem !== undefined);
  return all.length > 0 ? all : [{ name, state: "ok", said: "" }];
}
