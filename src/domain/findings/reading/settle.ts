import { artifactWork, breather } from "../../../text/yield-to-event-loop.ts";
import { repositoryKey } from "../model/artifact-merge.ts";
import { type ArtifactRecord, recordOf, sharing } from "../model/artifact-record.ts";
import type { Dictionary } from "../model/dictionary.ts";
import {
  type Artifact,
  type FindingsRead,
  individualKinds,
  type ModelReading,
  type RegistryRead,
} from "../model/finding.ts";
import { inKeyOrder } from "../model/key-order.ts";
import type { Snapshot, SnapshotHead } from "../model/snapshot.ts";
import { type Awaited, awaitedImages } from "./awaited-images.ts";
import { absentUnread, carriedOver, type Trouble, troubleOf, united } from "./carry-over.ts";
import { registryTags, tagged } from "./registry-tags.ts";
import { type SettledModels, settleModels } from "./settle-models.ts";
import { quietKinds } from "./silent-kinds.ts";
import type { SnapshotBuilder } from "./snapshot-builder.ts";

export type Settled = { head: SnapshotHead; records: ArtifactRecord[] };

/**
 * What was read, together with what could not be read: that is taken over from the last snapshot, marked `stale`, and is
 * neither new nor fixed. Tags come from the registries.
 */
export async function settle(reading: {
  slot: string;
  read: FindingsRead;
  built: SnapshotBuilder;
  previous?: Snapshot;
  registries: ReadonlyMap<string, RegistryRead>;
  dictionary: Dictionary;
}): Promise<Settled> {
  const { slot, read, built, previous, dictionary } = reading;
  const places = troubleOf(read, previous?.head);
  const models = await settledModels(read, built, previous, places.unread);
  const trouble = { ...places, models };
  const registries = registryTags(reading.registries);
  const partial = partialOf(built, previous, models.failed);
  // What runs, and nodes, are not in a registry.
  const isUnknown =
    models.failed.size > 0 || [...models.silent].some((one) => !/^individual-(running|nodes)$/.test(one));
  const awaited = await awaitedImages(
    previous,
    registries,
    (digest, place) => {
      if (built.models(digest)) return partial(digest) ? "part" : "whole";
      return isUnknown || trouble.unread(place) ? "part" : undefined;
    },
    read.asOf,
  );
  const head = emptyHead(slot, read, models.readings);
  const untagged = new Set<string>();
  const records: ArtifactRecord[] = [];
  let reported = 0;
  let earlier = 0;
  const breathe = breather();
  const asOf = previous?.head.asOf ?? read.asOf;
  for await (const [before, now] of inKeyOrder(previous?.artifacts() ?? [], alsoClean(built, awaited))) {
    reported += now?.findings.length ?? 0;
    const kept = keptOf(before, now && asRead(now));
    if (kept) {
      for (const { registry, tags } of kept.places) if (!tags) untagged.add(registry);
      addTo(head, kept, dictionary);
      const old = previous?.records ?? [];
      while (earlier < old.length && old[earlier]!.key < kept.key) earlier++;
      records.push(sharing(recordOf(kept), old[earlier]));
    }
    const pause = breathe(artifactWork + 2 * (now?.findings.length ?? 0) + (kept?.findings.length ?? 0));
    if (pause) await pause;
  }
  const absent = trouble.absent();
  head.unread = [...read.unread, ...absentUnread(absent)];
  head.told = reported;
  head.untagged = [...untagged].sort();
  const why = [...reading.registries.values()].flatMap(({ unread }) => unread ?? []);
  if (why.length > 0) head.untaggedWhy = why;
  if (absent.length > 0) head.absent = absent;
  return { head, records };

  function asRead(artifact: Artifact): Artifact {
    const places = artifact.places.map((place) => tagged(place, artifact.key, registries));
    return { ...artifact, places, ...(partial(artifact.key) && { partial: true }) };
  }

  function keptOf(before: Artifact | undefined, now: Artifact | undefined): Artifact | undefined {
    if (!before) return now;
    const waiting = awaited.waiting.get(before.key);
    if (now && (now.models.length > 0 || before.models.length === 0)) {
      return withWaitingTags(united(now, before, trouble, asOf, dictionary, built.partly(now.key)), waiting);
    }
    // Without a row now: not read, waiting for what its tag moved on to, there without findings, or gone.
    return carriedOver(before, trouble, asOf) ?? now ?? (waiting && onlyWaiting(before, waiting, asOf));
  }
}

/** How each model answered, and each kind of thing in the individual one where it says anything at all. */
async function settledModels(
  { models: now }: FindingsRead,
  built: SnapshotBuilder,
  previous: Snapshot | undefined,
  unread: Trouble["unread"],
): Promise<SettledModels> {
  const before = previous?.head.models ?? [];
  const isKind = ({ model }: ModelReading) => individualKinds.some((kind) => kind === model);
  const [individual] = now.filter(({ model, rows, error }) => model === "individual" && rows > 0 && !error);
  const quiet =
    individual && previous
      ? await quietKinds(built, { records: previous.records, models: before }, unread)
      : { before: [], now: [] };
  const models = before.filter((one) => !isKind(one));
  const settled = settleModels([...now, ...quiet.now], [...models, ...quiet.before]);
  return { ...settled, readings: settled.readings.filter((one) => !isKind(one) || one.silent) };
}

/** New ones that a failed model reported, or a row that could not be read: some of their findings may be missing. */
function partialOf(
  built: SnapshotBuilder,
  previous: Snapshot | undefined,
  failed: ReadonlySet<string>,
): (key: string) => boolean {
  // A text within JSON has its quotes escaped: only the field itself looks like this.
  const whole = previous?.records.filter(({ about }) => !about.includes('"partial":true')) ?? [];
  const known = new Set(whole.map(({ key }) => key));
  return (key) =>
    !known.has(key) && (built.partly(key) || (built.models(key) ?? []).some((model) => failed.has(model)));
}

function* alsoClean(built: SnapshotBuilder, { clean }: Awaited): Iterable<Artifact> {
  let next = 0;
  for (const artifact of built.artifacts(true)) {
    while (next < clean.length && clean[next]!.key < artifact.key) yield clean[next++]!;
    yield artifact;
  }
  yield* clean.slice(next);
}

type Waiting = ReadonlyMap<string, readonly string[]>;

function withWaitingTags(artifact: Artifact, waiting: Waiting | undefined): Artifact {
  if (!waiting) return artifact;
  const places = artifact.places.map((place) => ({
    ...place,
    tags: [...new Set([...(place.tags ?? []), ...(waiting.get(repositoryKey(place)) ?? [])])],
  }));
  return { ...artifact, places };
}

function onlyWaiting(before: Artifact, waiting: Waiting, asOf: string): Artifact {
  const places = before.places.flatMap((place) => {
    const tags = waiting.get(repositoryKey(place));
    return tags ? [{ ...place, tags: [...tags] }] : [];
  });
  return { ...before, places, uses: [], stale: before.stale ?? asOf };
}

function emptyHead(slot: string, read: FindingsRead, models: SnapshotHead["models"]): SnapshotHead {
  return {
    v: 1,
    slot,
    asOf: read.asOf,
    subscriptions: read.subscriptions,
    unread: [],
    models,
    untagged: [],
    artifacts: 0,
    findings: 0,
    exempted: 0,
    disabled: 0,
    open: {},
    stale: 0,
    ...(read.details && { details: read.details }),
  };
}

function addTo(head: SnapshotHead, artifact: Artifact, dictionary: Dictionary): void {
  head.artifacts++;
  head.findings += artifact.findings.length;
  head.exempted += artifact.exempted;
  head.disabled += artifact.disabled;
  if (artifact.stale) head.stale++;
  if (artifact.partial) head.partial = (head.partial ?? 0) + 1;
  for (const id of artifact.findings) {
    const severity = dictionary.vulnerability(id)?.severity ?? "unknown";
    head.open[severity] = (head.open[severity] ?? 0) + 1;
  }
}
