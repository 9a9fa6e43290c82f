import type { Unread } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import type { Severity } from "../../severity.ts";
import type { RecommendationType, Unassessed } from "../recommendation.ts";

/** One recommendation, however it was called or keyed since it was seen first. */
export type SeenRecommendation = {
  /** Of the latest reading that had it. */
  key: string;
  title: string;
  type: RecommendationType;
  /** What it is recognised by: what groups its assessments first, then keys, policy and names. */
  signs: string[];
  /** What it was called before, where the latest reading calls it otherwise. */
  before?: string;
};

/** How a resource stopped to be affected. */
export const endings = ["fixed", "exempt", "withdrawn", "deleted"] as const;
export type Ending = (typeof endings)[number];

/** What changed in one place: resources that became affected, and those that are no longer. */
export type Turns = Partial<Record<"added" | Ending, number>>;

/** One recommendation in one place: its affected resources, by short marks; `missing`: those of which the latest reading said nothing. */
export type SeenPlace = { place: number; open: string[]; missing?: string[]; turns?: Turns };

/** One recommendation in one subscription; `was`: its severity before the latest reading, where that is another. */
export type SeenRow = { severity: Severity; was?: Severity; places: SeenPlace[] };

export type SeenSubscription = {
  name: string;
  /** ISO time of the latest reading that had it. */
  asOf: string;
  /** Of the reading before, which that one was compared with; none where it was the first. */
  since?: string;
  /** Nothing assesses it, or that is unknown: only scanners answer. */
  unassessed?: true;
  places: Omit<Located, "subscription">[];
  /** By the id of the recommendation. */
  rows: Record<string, SeenRow>;
};

/** What the watch of recommendations knows after a reading, and what that reading changed. */
export type RecommendationsWatch = {
  revision: number;
  /** ISO time of the digest. */
  slot: string;
  /** Of the latest reading, and of the one before. */
  asOf: string;
  since?: string;
  /** The digest was not published yet. */
  pending: boolean;
  subscriptions: number;
  unread: Unread[];
  unassessed: Unassessed[];
  /** The id of the next recommendation that is new. */
  next: number;
  recommendations: Record<string, SeenRecommendation>;
  /** By subscription id. */
  seen: Record<string, SeenSubscription>;
};
