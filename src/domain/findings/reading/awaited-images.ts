import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import { repositoryKey } from "../model/artifact-merge.ts";
import { type About, artifactOf } from "../model/artifact-record.ts";
import type { Artifact, ImagePlace, RegistryImage } from "../model/finding.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { RegistryTags } from "./registry-tags.ts";

/** A pushed image is scanned within hours [facts/defender.md, section 3]; after this time, no findings means none. */
const scannedWithinMilliseconds = 24 * 3_600_000;

/** Images pushed or pulled within this time are rescanned; findings of others vanish [facts/defender.md, section 3]. */
const rescannedMilliseconds = 30 * 24 * 3_600_000;

/** Images that have a tag of the last snapshot now, and that no finding was read of. */
export type Awaited = {
  /** Scanned long since, and without findings: the tag moved on to them. In ascending order of the key. */
  clean: Artifact[];
  /**
   * Artifact key → its repositories (`repositoryKey`) → tags that moved on to an image which is not scanned yet, or was
   * read in part only: what the tag means for its findings is known when that image has been read.
   */
  waiting: Map<string, Map<string, string[]>>;
};

/**
 * Defender has rows of images with findings only: whether a tag moved on to an image without any, or to one that was not
 * scanned yet, the time of its push tells.
 * @param known what of an image was read: "whole", "part" (also where that is unknown), or nothing
 * @param asOf ISO
 */
export async function awaitedImages(
  previous: Snapshot | undefined,
  registries: RegistryTags,
  known: (digest: string, place: ImagePlace) => "whole" | "part" | undefined,
  asOf: string,
): Promise<Awaited> {
  const clean = new Map<string, Artifact>();
  const waiting: Awaited["waiting"] = new Map();
  const breathe = breather();
  for (const record of previous?.records ?? []) {
    const pause = breathe(artifactWork);
    if (pause) await pause;
    const { places = [] } = JSON.parse(record.about) as About;
    for (const place of places) {
      for (const tag of place.tags ?? []) {
        const holders = registries.repository(place)?.holders(tag) ?? [];
        const own = holders.find(({ digest }) => digest === record.key);
        const ageOf = ({ pushed }: RegistryImage) => Date.parse(asOf) - Date.parse(pushed ?? "");
        if (own) {
          // Its own findings vanished: within the window they were withdrawn, outside of it the image is gone.
          const state = known(own.digest, place);
          const inWindow = state === undefined && ageOf(own) < rescannedMilliseconds;
          if (state !== "whole" && (record.packed.length === 0 || inWindow)) addClean(clean, own, place);
          continue;
        }
        const states = holders.map(({ digest }) => known(digest, place));
        if (holders.length === 0 || states.includes("whole")) continue;
        const scanned = holders.every((image) => !(ageOf(image) < scannedWithinMilliseconds));
        if (scanned && !states.includes("part")) for (const image of holders) addClean(clean, image, place);
        else addWaiting(waiting, record.key, place, tag);
      }
    }
  }
  return { clean: [...clean.values()].sort((a, b) => (a.key < b.key ? -1 : 1)), waiting };
}

function addClean(
  clean: Map<string, Artifact>,
  { digest, tags, pushed }: RegistryImage,
  at: ImagePlace,
): void {
  const place = { ...at, tags, pushed };
  const empty = { key: digest, about: "{}", scanned: 0, packed: new Uint8Array() };
  const artifact = clean.get(digest) ?? { ...artifactOf(empty), name: place.repository };
  const others = artifact.places.filter((one) => repositoryKey(one) !== repositoryKey(place));
  clean.set(digest, { ...artifact, places: [...others, place] });
}

function addWaiting(waiting: Awaited["waiting"], key: string, place: ImagePlace, tag: string): void {
  const places = waiting.get(key) ?? new Map<string, string[]>();
  const tags = places.get(repositoryKey(place)) ?? [];
  waiting.set(key, places.set(repositoryKey(place), [...tags, tag]));
}
