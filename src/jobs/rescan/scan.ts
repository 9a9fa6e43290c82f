import type { Ports } from "../../definitions/ports.ts";
import type { About } from "../../domain/findings/model/artifact-record.ts";
import { cvesInUse } from "../../domain/findings/model/cve-details.ts";
import type { FindingPage } from "../../domain/findings/model/finding.ts";
import type { Snapshot } from "../../domain/findings/model/snapshot.ts";
import { settle } from "../../domain/findings/reading/settle.ts";
import { acceptedAfterScans } from "../../domain/findings/reading/settle-models.ts";
import { isShrunk } from "../../domain/findings/reading/shrunk.ts";
import { type SnapshotBuilder, snapshotBuilder } from "../../domain/findings/reading/snapshot-builder.ts";
import { watchShape } from "../../publish/shape-watch.ts";
import { artifactWork, breather } from "../../text/yield-to-event-loop.ts";

/**
 * Reads every finding, and makes of it the current snapshot; or holds it back, where the estate shrank too much to be
 * true. "superseded": another process was quicker.
 */
export async function scan(slot: string, ports: Ports): Promise<"written" | "held" | "superseded"> {
  const { azure, store, log, metrics } = ports;
  const started = performance.now();
  const { head, previous, dictionary, built, read } = await readAll(slot, ports);
  // Facts about CVEs are kept whatever becomes of the snapshot.
  if (read.cves) await store.findings.keepCves(read.cves, cvesInUse(dictionary.entries()));
  for (const shape of read.shapes ?? []) await watchShape(shape, ports);
  const registries = await azure.registryImages(await repositories(built, previous));
  const settled = await settle({ slot, read, built, previous, registries, dictionary });
  metrics.observe("scan_seconds", (performance.now() - started) / 1000);
  if (isShrunk(previous?.head, settled.head)) {
    const scans = ((await store.findings.held())?.scans ?? 0) + 1;
    if (scans < acceptedAfterScans) {
      const now = settled.head.findings;
      log.warn({ slot, before: head?.findings, now, scans }, "far fewer findings than before: held back");
      const silent = settled.head.models.filter((one) => one.silent).map(({ model }) => model);
      const before = head?.findings ?? 0;
      await store.findings.hold({ slot, asOf: read.asOf, silent, before, now, scans });
      return "held";
    }
    settled.head.accepted = true;
  }
  const written = await store.findings.write(head?.slot, { ...settled, dictionary });
  if (!written) return "superseded";
  for (const [severity, count] of Object.entries(settled.head.open)) {
    metrics.gauge("findings_open", count, { severity });
  }
  metrics.gauge("findings_stale_artifacts", settled.head.stale);
  return "written";
}

/** What Azure has, and what is stored, at the same time: pages that come before the dictionary wait for it. */
async function readAll(slot: string, ports: Ports) {
  const early: FindingPage[] = [];
  let take: (page: FindingPage) => void = (page) => early.push(page);
  const stored = readStored(slot, ports).then((one) => {
    const built = snapshotBuilder(one.dictionary);
    for (const page of early.splice(0)) built.take(page);
    take = built.take;
    return { ...one, built };
  });
  const known = stored.then(({ known }) => known);
  const stop = new AbortController();
  known.catch(() => stop.abort());
  const reading = ports.azure.findings((page) => take(page), { known, signal: stop.signal });
  const [all, read] = await Promise.all([stored, reading]);
  return { ...all, read };
}

async function readStored(slot: string, { store, log }: Ports) {
  const head = await store.findings.current();
  const previous = head && (await store.findings.open(head.slot));
  // Pieces of it are lost, with a Redis that evicts keys: better a new baseline than none ever again.
  if (head && !previous) log.error({ slot: head.slot }, "the last snapshot cannot be read; starting over");
  // What a baseline has may have been there for years.
  const dictionary = await store.findings.dictionary(previous && slot.slice(0, 10));
  return { head, previous, dictionary, known: await store.findings.cves() };
}

/** Those of the last snapshot too: of a repository without findings, only its tags tell what became of them. */
async function repositories(
  built: SnapshotBuilder,
  previous: Snapshot | undefined,
): Promise<Map<string, Set<string>>> {
  const wanted = built.repositories();
  const breathe = breather();
  for (const { about } of previous?.records ?? []) {
    const { places = [] } = JSON.parse(about) as About;
    for (const { registry, repository } of places) {
      wanted.set(registry, (wanted.get(registry) ?? new Set()).add(repository));
    }
    const pause = breathe(artifactWork);
    if (pause) await pause;
  }
  return wanted;
}
