import { whereOf } from "../model/artifact-merge.ts";
import type { Artifact } from "../model/finding.ts";
import type { SnapshotHead } from "../model/snapshot.ts";

/** What the earlier of two snapshots could not know, because that part of the estate had never been read. */
export type FirstRead = {
  /** Each artifact of the earlier snapshot. */
  add(before: Artifact): void;
  /** True where it is unknown whether an artifact that is read now was there before. */
  is(now: Artifact): boolean;
};

/**
 * A subscription that could not be read, and of which nothing was known either; a model that could not be read whole,
 * and of which nothing was ever read whole. Where something was known, it was taken over, and what is met now is new.
 */
export function firstRead({ unread, models }: Pick<SnapshotHead, "unread" | "models">): FirstRead {
  const subscriptions = new Set(unread.map(({ id }) => id.toLowerCase()));
  const failed = new Set(models.flatMap(({ model, error }) => (error === undefined ? [] : model)));
  return {
    add(before) {
      for (const { subscription } of whereOf(before)) subscriptions.delete(subscription.id.toLowerCase());
      if (!before.partial) for (const model of before.models) failed.delete(model);
    },
    is(now) {
      if (now.models.some((model) => failed.has(model))) return true;
      const where = whereOf(now);
      return (
        where.length > 0 &&
        where.every(({ subscription }) => subscriptions.has(subscription.id.toLowerCase()))
      );
    },
  };
}
