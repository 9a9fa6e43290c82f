/** What a check says. `fix`: the exact line or setting that repairs it. */
export type Said = { name: string; said: string; fix?: string };

/** One right or connection that was tried. `ja`: the same in Japanese, of what is tried at an edge, which knows no reader. */
export type Check = Said & { state: "ok" | "failed" | "unknown"; ja?: Said };
