import { nearestName } from "../../../text/likeness.ts";
import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import type { About } from "../model/artifact-record.ts";
import type { Snapshot } from "../model/snapshot.ts";

/** The repository or node pool that was probably meant; the tag and the digest of what was asked for are not compared. */
export async function nearestImage(
  { records }: Pick<Snapshot, "records">,
  image: string,
): Promise<string | undefined> {
  const names = new Set<string>();
  const breathe = breather();
  for (const { about } of records) {
    const { name, places = [] } = JSON.parse(about) as About;
    if (name) names.add(name);
    for (const { registry, repository } of places) names.add(repository).add(`${registry}/${repository}`);
    const pause = breathe(artifactWork);
    if (pause) await pause;
  }
  const repository = image
    .trim()
    .split("@", 1)[0]!
    .replace(/:[^/:]*$/, "");
  return repository === "" ? undefined : nearestName(repository, names);
}
