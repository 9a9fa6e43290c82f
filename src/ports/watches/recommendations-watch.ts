import type { RecommendationsWatch } from "../../domain/recommendations/watch/watch-state.ts";

/** Everything but the subscriptions, and the ids of all of them: one whose value is lost is a new baseline. */
export type RecommendationsHead = Omit<RecommendationsWatch, "seen">;

/** `newer`: a newer version of the bot wrote it; this one leaves it alone. */
export type LoadedRecommendations = {
  mark: string;
  texts: Record<string, string>;
  state?: RecommendationsWatch;
  newer?: true;
};

export type RecommendationsWatchPort = {
  load(): Promise<LoadedRecommendations>;
  /** All of it at once, or nothing where it is undefined; undefined where another process wrote meanwhile. */
  save(
    before: LoadedRecommendations,
    state: RecommendationsWatch | undefined,
  ): Promise<LoadedRecommendations | undefined>;
};
