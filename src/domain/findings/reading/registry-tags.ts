import { repositoryKey } from "../model/artifact-merge.ts";
import type { ImagePlace, RegistryImage, RegistryRead } from "../model/finding.ts";

/** What registries said of their images. */
export type RegistryTags = {
  /** Undefined where the repository was not read. */
  repository(place: Pick<ImagePlace, "registry" | "repository">): RepositoryTags | undefined;
};

export type RepositoryTags = {
  image(digest: string): RegistryImage | undefined;
  /** The images that have a tag now: several where it is on a manifest list. */
  holders(tag: string): RegistryImage[];
};

export function registryTags(reads: ReadonlyMap<string, RegistryRead>): RegistryTags {
  const repositories = new Map<string, RepositoryTags>();
  for (const [registry, { repositories: some }] of reads) {
    for (const [repository, images] of some) {
      const byDigest = new Map(images.map((image) => [image.digest.trim().toLowerCase(), image]));
      const byTag = new Map<string, RegistryImage[]>();
      for (const [digest, image] of byDigest) {
        for (const tag of image.tags) byTag.set(tag, [...(byTag.get(tag) ?? []), { ...image, digest }]);
      }
      repositories.set(repositoryKey({ registry, repository }), {
        image: (digest) => byDigest.get(digest),
        holders: (tag) => byTag.get(tag) ?? [],
      });
    }
  }
  return { repository: (place) => repositories.get(repositoryKey(place)) };
}

/** The place with its tags and its time as the registry has them; without tags where the registry was not read. */
export function tagged(place: ImagePlace, digest: string, registries: RegistryTags): ImagePlace {
  const { tags: _, ...untagged } = place;
  const repository = registries.repository(place);
  if (!repository) return untagged;
  const image = repository.image(digest);
  const pushed = image?.pushed ?? place.pushed;
  return { ...untagged, tags: image?.tags ?? [], ...(pushed && { pushed }) };
}
