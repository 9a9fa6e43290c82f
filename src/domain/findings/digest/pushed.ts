import type { Severity } from "../../severity.ts";
import type { DetailsRead, ImagePlace, Vulnerability } from "../model/finding.ts";

/** A newly pushed image with severe findings that can be fixed: posted between two digests, each image once. */
export type PushedImage = {
  v: 1;
  /** `sha256:…`. */
  digest: string;
  place: ImagePlace;
  /** The severity that the channels asked for, and worse. */
  least: Severity;
  /** Fixable findings of this severity and worse, the worst first; at most 10. */
  worst: Vulnerability[];
  /** How many there are. */
  count: number;
  /** ISO time at which the bot saw it. */
  seen: string;
  /** How details of CVEs were read, where the rows named CVEs only. */
  details?: DetailsRead;
};

/** How a person calls an image: by its tag, rather one that says a version, else by the beginning of its digest. */
export function imageName(
  { repository, tags }: Pick<ImagePlace, "repository" | "tags">,
  digest: string,
): string {
  const tag = tags?.find((one) => one !== "latest") ?? tags?.[0];
  return tag ? `${repository}:${tag}` : `${repository}@${shortDigest(digest)}`;
}

/** `sha256:a1b2c3d4e5…` → `a1b2c3`: enough to tell two builds apart by eye. */
export function shortDigest(digest: string): string {
  return digest.replace(/^sha256:/i, "").slice(0, 6);
}
