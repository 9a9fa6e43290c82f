/** What a check says. `fix`: what to run, set or do next. */
type Passed = { name: string; said: string; fix?: string };
type Problem = Passed & { fix: string };

/** A permission or connection that was tried. `ja`: the same in Japanese, for checks at an edge, which knows no language. */
export type Check =
  /** `approvals`: what was found lets people request changes that someone has to approve. */
  | (Passed & { state: "ok"; ja?: Passed; approvals?: true })
  | (Problem & { state: "failed" | "unknown"; ja?: Problem });
