import type { FindingPage, FindingsRead, RegistryRead } from "./domain/findings/finding.ts";

/** The part of the Azure port that reads vulnerability findings. */
export type FindingsAzure = {
  /**
   * Every vulnerability finding in scope, in each model, page by page; `take` is called with one page at a time. Throws
   * where nothing could be read; what could not is said in the answer.
   */
  findings(take: (page: FindingPage) => void, options?: { signal?: AbortSignal }): Promise<FindingsRead>;
  /**
   * As `findings`, but only images that Defender first evaluated after a time (ISO), with severe findings: a light
   * query for every poll.
   */
  freshFindings(take: (page: FindingPage) => void, since: string): Promise<FindingsRead>;
  /** Tags of the images of these repositories, from each registry's own API, by registry name. Never throws. */
  registryImages(wanted: ReadonlyMap<string, ReadonlySet<string>>): Promise<Map<string, RegistryRead>>;
};
