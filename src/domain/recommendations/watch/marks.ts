import { createHash } from "node:crypto";
import type { Located } from "../../scope/scope.ts";
import type { Assessment } from "../recommendation.ts";
import { isWholeCluster } from "../recommendation-generations.ts";

/** The mark of a cluster that one generation of a data plane recommendation assesses as a whole. */
export const wholeCluster = "*";

/** A short mark for the resource of an assessment, whatever the letter case of its id. */
export function markOf(one: Pick<Assessment, "type" | "resource">): string {
  return one.type === "data-plane" && isWholeCluster(one) ? wholeCluster : resourceMark(one.resource);
}

/** Each is asked for several times in a reading. */
const known = new WeakMap<Assessment["resource"], string>();

export function resourceMark(resource: Assessment["resource"]): string {
  const mark =
    known.get(resource) ??
    createHash("sha256").update(resource.id.toLowerCase()).digest("base64url").slice(0, 10);
  known.set(resource, mark);
  return mark;
}

/** What names a place within its subscription. */
export function placeKey({ resourceGroup = "", cluster = "", registry = "" }: Partial<Located>): string {
  return `${resourceGroup}/${cluster}/${registry}`.toLowerCase();
}
