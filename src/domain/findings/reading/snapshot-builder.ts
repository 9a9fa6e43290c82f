import { mergeSeen } from "../model/artifact-merge.ts";
import type { Dictionary } from "../model/dictionary.ts";
import {
  type Artifact,
  type FindingModel,
  type FindingPage,
  findingModels,
  type IndividualKind,
  type SeenArtifact,
} from "../model/finding.ts";
import { kindsOf } from "./silent-kinds.ts";

/** Takes the pages of one reading, in any order, any number of times; holds a number for each row, never the row. */
export type SnapshotBuilder = {
  take(page: FindingPage): void;
  /** Which models reported an artifact; undefined where none did. */
  models(key: string): readonly FindingModel[] | undefined;
  /** Kinds of things in the individual model that were reported. */
  kinds(): ReadonlySet<IndividualKind>;
  /** True where some of an artifact's findings could not be read. */
  partly(key: string): boolean;
  /** Repositories by registry: whose tags are to be asked for. Names as they were met first. */
  repositories(): Map<string, Set<string>>;
  /**
   * What was read, in ascending order of the key.
   * @param last true where this is the last call: what was handed over leaves memory, except which models reported it
   */
  artifacts(last?: boolean): Iterable<Artifact>;
};

type Slot = {
  seen: SeenArtifact;
  /** Those that reported it, as bits in the order of `findingModels`. */
  models: number;
  groups: Uint32Array;
  used: number;
  partly?: boolean;
  exempted?: Set<number>;
  disabled?: Set<number>;
};

export function snapshotBuilder(dictionary: Dictionary): SnapshotBuilder {
  const slots = new Map<string, Slot>();
  const byRef = new Map<number, Slot>();
  const groups = new Map<number, Uint32Array>();
  const kinds = new Set<IndividualKind>();

  return {
    take({ model, artifacts, groups: more, pairs, closed, partly = [] }) {
      const bit = 1 << findingModels.indexOf(model);
      for (const { ref, artifact } of artifacts) {
        const slot = slotOf(slots, { ...artifact, key: artifact.key.trim().toLowerCase() });
        slot.models |= bit;
        for (const kind of kindsOf({ ...artifact, models: [model] })) kinds.add(kind);
        byRef.set(ref, slot);
      }
      for (const { ref, vulnerabilities } of more) {
        groups.set(
          ref,
          Uint32Array.from(vulnerabilities, (one) => dictionary.id(one)),
        );
      }
      for (let index = 0; index + 1 < pairs.length; index += 2) {
        const slot = byRef.get(pairs[index]!);
        if (!slot) continue;
        slot.models |= bit;
        addGroup(slot, pairs[index + 1]!);
      }
      for (const { ref, row, why } of closed) {
        const slot = byRef.get(ref);
        if (!slot) continue;
        slot[why] ??= new Set();
        slot[why].add(row);
      }
      for (const ref of partly) {
        const slot = byRef.get(ref);
        if (slot) slot.partly = true;
      }
    },

    models(key) {
      const slot = slots.get(key);
      return slot && modelsOf(slot);
    },
    kinds: () => kinds,
    partly: (key) => slots.get(key)?.partly === true,

    repositories() {
      const wanted = new Map<string, Set<string>>();
      for (const { seen } of slots.values()) {
        for (const { registry, repository } of seen.places) {
          const some = wanted.get(registry) ?? new Set();
          wanted.set(registry, some.add(repository));
        }
      }
      return wanted;
    },

    *artifacts(last = false) {
      for (const key of [...slots.keys()].sort()) {
        const slot = slots.get(key)!;
        const { seen, exempted, disabled } = slot;
        const closed = [...new Set([...(exempted ?? []), ...(disabled ?? [])])].sort((a, b) => a - b);
        yield {
          ...seen,
          models: modelsOf(slot),
          exempted: exempted?.size ?? 0,
          disabled: disabled?.size ?? 0,
          ...(closed.length > 0 && { closed }),
          findings: findingsOf(slot, groups, dictionary),
        };
        if (last) Object.assign(slot, handedOver);
      }
    },
  };
}

/** What is left of an artifact that was handed over. */
const handedOver: Pick<Slot, "seen" | "groups" | "used"> = {
  seen: { key: "", kind: "image", name: "", places: [], uses: [] },
  groups: new Uint32Array(),
  used: 0,
};

function slotOf(slots: Map<string, Slot>, seen: SeenArtifact): Slot {
  const existing = slots.get(seen.key);
  if (existing) {
    existing.seen = mergeSeen(existing.seen, seen);
    return existing;
  }
  const slot = {
    seen: mergeSeen(seen, seen),
    models: 0,
    groups: new Uint32Array(8),
    used: 0,
  };
  slots.set(seen.key, slot);
  return slot;
}

function modelsOf({ models }: Slot): FindingModel[] {
  return findingModels.filter((_, index) => models & (1 << index));
}

function addGroup(slot: Slot, group: number): void {
  if (slot.used === slot.groups.length) {
    // A page that comes again and again must not make the list grow.
    const distinct = distinctOf(slot);
    const room = new Uint32Array(Math.max(slot.groups.length, distinct.length * 2));
    room.set(distinct);
    slot.groups = room;
    slot.used = distinct.length;
  }
  slot.groups[slot.used++] = group;
}

function distinctOf({ groups, used }: Pick<Slot, "groups" | "used">): Uint32Array {
  return ascending(groups.slice(0, used));
}

/** Sorts in place; each number once. */
export function ascending(numbers: Uint32Array): Uint32Array {
  numbers.sort();
  let kept = 0;
  for (let index = 0; index < numbers.length; index++) {
    if (index === 0 || numbers[index] !== numbers[index - 1]) numbers[kept++] = numbers[index]!;
  }
  return numbers.slice(0, kept);
}

function findingsOf(
  packed: Pick<Slot, "groups" | "used">,
  groups: ReadonlyMap<number, Uint32Array>,
  dictionary: Dictionary,
): Uint32Array {
  const distinct = distinctOf(packed);
  let count = 0;
  for (const group of distinct) count += groups.get(group)?.length ?? 0;
  const all = new Uint32Array(count);
  let at = 0;
  for (const group of distinct) {
    const part = groups.get(group);
    if (!part) continue;
    all.set(part, at);
    at += part.length;
  }
  return oneOfEachIdentity(ascending(all), dictionary);
}

/**
 * Several entries of one identity become the one entry for all of them: models, packages of one name and rows that
 * came twice tell the same finding differently.
 * @param ids ascending, each once
 */
export function oneOfEachIdentity(ids: Uint32Array, dictionary: Dictionary): Uint32Array {
  // A loop, because a million findings come through here.
  const identities = new Uint32Array(ids.length);
  for (let index = 0; index < ids.length; index++) identities[index] = dictionary.identity(ids[index]!)!;
  identities.sort();
  let twice = false;
  for (let index = 1; index < ids.length && !twice; index++)
    twice = identities[index] === identities[index - 1];
  if (!twice) return ids;
  const groups = Map.groupBy(ids, (id) => dictionary.identity(id)!);
  return Uint32Array.from(groups.values(), (some) => dictionary.merged(some)).sort();
}
