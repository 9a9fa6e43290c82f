import { leftUnread, type Unread } from "../../reading/reading.ts";
import type { Located } from "../../scope/scope.ts";
import { mergePlaces, mergeSeen, mergeUses } from "../model/artifact-merge.ts";
import type { Dictionary } from "../model/dictionary.ts";
import type { Artifact, FindingsRead, ModelReading } from "../model/finding.ts";
import type { SnapshotHead } from "../model/snapshot.ts";
import { acceptedAfterScans, type SettledModels } from "./settle-models.ts";
import { kindsOf } from "./silent-kinds.ts";

/** What could not be read. */
export type Trouble = {
  models: SettledModels;
  /** True for a place in a subscription that could not be read, or is no longer listed. */
  unread(place: Located): boolean;
  /** Subscriptions of which `unread` was asked, that are no longer listed. */
  absent(): NonNullable<SnapshotHead["absent"]>;
};

export function troubleOf(
  { unread, listed }: Pick<FindingsRead, "unread" | "listed">,
  before: SnapshotHead | undefined,
): Omit<Trouble, "models"> {
  const isUnread = leftUnread(unread, listed ?? []);
  const there = listed && new Set(listed.map((id) => id.toLowerCase()));
  const scansOf = new Map(before?.absent?.map(({ id, scans }) => [id, scans]));
  const absent = new Map<string, { id: string; name: string; scans: number }>();
  return {
    unread({ subscription }) {
      const id = subscription.id.toLowerCase();
      if (isUnread(id)) return true;
      if (!there || there.has(id)) return false;
      const scans = (scansOf.get(id) ?? 0) + 1;
      if (scans >= acceptedAfterScans) return false;
      absent.set(id, { id, name: subscription.name, scans });
      return true;
    },
    absent: () => [...absent.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Subscriptions that are no longer listed, among what was not read. */
export function absentUnread(absent: NonNullable<SnapshotHead["absent"]>): Unread[] {
  return absent.map(({ id, name }) => ({
    id,
    name,
    why: "gone",
    detail: "It is no longer listed by Azure.",
  }));
}

/**
 * An artifact that was read now and is in the last snapshot. Where a model that reported it failed or is silent, or a
 * place of it could not be read, nothing that was reported of it may be missing.
 * @param asOf of the last snapshot
 * @param partly true where a row of it could not be read
 */
export function united(
  now: Artifact,
  before: Artifact,
  trouble: Trouble,
  asOf: string,
  dictionary: Dictionary,
  partly = false,
): Artifact {
  const { failed, silent } = trouble.models;
  const inTrouble =
    partly ||
    reportedBy(before).some((model) => failed.has(model) || silent.has(model)) ||
    now.models.some((model) => failed.has(model));
  if (!inTrouble) {
    if (![...before.places, ...before.uses].some(trouble.unread)) return now;
    const places = mergePlaces(
      now.places,
      missing(now.places, before.places.filter(trouble.unread), placeName),
    );
    const uses = mergeUses(now.uses, before.uses.filter(trouble.unread));
    // What only the unread place reported of it is not missing.
    const findings = withFindingsOf(now.findings, before.findings, dictionary);
    const more = findings.length > now.findings.length;
    return {
      ...now,
      places,
      uses,
      ...(more && { findings, ...(!before.partial && { stale: before.stale ?? asOf }) }),
    };
  }
  const { places } = now;
  return {
    ...now,
    ...mergeSeen(now, before),
    places: [...places, ...missing(places, before.places, placeName)],
    models: [...new Set([...before.models, ...now.models])],
    exempted: Math.max(now.exempted, before.exempted),
    disabled: Math.max(now.disabled, before.disabled),
    findings: withFindingsOf(now.findings, before.findings, dictionary),
    ...(!before.partial && { stale: before.stale ?? asOf }),
  };
}

/** An artifact of the last snapshot that was not read now: what of it could not be read; undefined where it is gone. */
export function carriedOver(before: Artifact, trouble: Trouble, asOf: string): Artifact | undefined {
  const { failed, silent } = trouble.models;
  const stale = before.partial ? undefined : (before.stale ?? asOf);
  if (reportedBy(before).some((model) => failed.has(model) || silent.has(model))) {
    return { ...before, ...(stale && { stale }) };
  }
  const places = before.places.filter(trouble.unread);
  const uses = before.uses.filter(trouble.unread);
  const pool = before.at !== undefined && trouble.unread(before.at);
  if (places.length + uses.length === 0 && !pool) return undefined;
  return { ...before, places, uses, ...(stale && { stale }) };
}

function reportedBy(artifact: Artifact): ModelReading["model"][] {
  return [...artifact.models, ...kindsOf(artifact)];
}

function placeName({ registry, repository }: Artifact["places"][number]): string {
  return `${registry}|${repository}`.toLowerCase();
}

function missing<T>(there: readonly T[], others: readonly T[], nameOf: (one: T) => string): T[] {
  const names = new Set(there.map(nameOf));
  return others.filter((one) => !names.has(nameOf(one)));
}

/** What was read now says how severe a finding is; what was not read again stays as it was. */
function withFindingsOf(now: Uint32Array, before: Uint32Array, dictionary: Dictionary): Uint32Array {
  const identities = new Set(Array.from(now, (id) => dictionary.identity(id)));
  const others = before.filter((id) => !identities.has(dictionary.identity(id)));
  return Uint32Array.from([...now, ...others]).sort();
}
