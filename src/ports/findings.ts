import type { KnownCves } from "../domain/findings/model/cve-details.ts";
import type { FindingPage, FindingsRead, RegistryRead } from "../domain/findings/model/finding.ts";

/** The part of the Azure port that reads vulnerability findings. */
export type FindingsAzure = {
  /**
   * Every vulnerability finding in scope, in each model, page by page; `take` is called with one page at a time. Throws
   * where nothing could be read; what could not is said in the answer. `known`: what earlier readings said of CVEs.
   */
  findings(
    take: (page: FindingPage) => void,
    options?: { signal?: AbortSignal; known?: KnownCves },
  ): Promise<FindingsRead>;
  /**
   * As `findings`, but only images that Defender first evaluated after a time (ISO), with severe findings: a light
   * query for every poll. `known`: what is known of CVEs; left out where nobody asks how severe they are.
   */
  freshFindings(take: (page: FindingPage) => void, since: string, known?: KnownCves): Promise<FindingsRead>;
  /** Tags of the images of these repositories, from each registry's own API, by registry name. Never throws. */
  registryImages(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<Map<string, RegistryRead>>;
};
