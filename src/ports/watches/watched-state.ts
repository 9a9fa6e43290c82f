/** What a watch knew at its last reading. `newer`: a newer version of the bot wrote it; this one leaves it alone. */
export type Loaded<State> = { mark: string; texts: Record<string, string>; state?: State; newer?: true };

export type WatchedStatePort<State> = {
  load(): Promise<Loaded<State>>;
  /**
   * All of it at once, or nothing where it is undefined; undefined where another process wrote meanwhile, else what `load`
   * would answer now.
   */
  save(before: Loaded<State>, state: State | undefined): Promise<Loaded<State> | undefined>;
};
