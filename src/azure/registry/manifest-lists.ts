import type { RegistryImage } from "../../domain/findings/model/finding.ts";

/** An image as the registry lists it; `parts`: digests of the images for each platform, where it is a manifest list. */
export type ListedImage = RegistryImage & { parts: string[] };

/**
 * A tag of an image for several platforms is on its manifest list, which Defender does not scan; findings are of the
 * images that the list names [facts/defender.md, section 3]. So these have its tags too.
 */
export function withTagsOfLists(listed: readonly ListedImage[]): RegistryImage[] {
  const inherited = new Map<string, string[]>();
  for (const { parts, tags } of listed) {
    for (const part of parts) inherited.set(part, [...(inherited.get(part) ?? []), ...tags]);
  }
  return listed.map(({ parts: _, ...image }) => {
    const more = inherited.get(image.digest);
    return more ? { ...image, tags: [...new Set([...image.tags, ...more])].sort() } : image;
  });
}
