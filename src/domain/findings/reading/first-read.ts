import { leftUnread } from "../../reading/reading.ts";
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
  /** Subscriptions of which something was known. */
  const met = new Set<string>();
  let isUnread: ReturnType<typeof leftUnread> | undefined;
  const failed = new Set(models.flatMap(({ model, error }) => (error === undefined ? [] : model)));
  return {
    add(before) {
      for (const { subscription } of whereOf(before)) met.add(subscription.id.toLowerCase());
      if (!before.partial) for (const model of before.models) failed.delete(model);
    },
    is(now) {
      if (now.models.some((model) => failed.has(model))) return true;
      isUnread ??= leftUnread(unread, met);
      const left = isUnread;
      const ids = whereOf(now).map(({ subscription }) => subscription.id.toLowerCase());
      return ids.length > 0 && ids.every((id) => !met.has(id) && left(id));
    },
  };
}
