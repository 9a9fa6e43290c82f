import type { ArtifactRecord } from "../../domain/findings/model/artifact-record.ts";
import { type Dictionary, dictionary as newDictionary } from "../../domain/findings/model/dictionary.ts";
import { openedSnapshot } from "../../domain/findings/model/opened-snapshot.ts";
import type { Snapshot } from "../../domain/findings/model/snapshot.ts";
import { unpackAscending } from "../../domain/findings/model/varint.ts";
import type { FindingsPort } from "../../ports/findings.ts";
import { breather } from "../../text/yield-to-event-loop.ts";
import { patched, patchOf } from "./patch.ts";
import {
  deflated,
  entryChunks,
  inflated,
  newerForm,
  readEntryChunk,
  readRecordChunk,
  recordChunks,
} from "./pieces.ts";
import type { SnapshotRef } from "./snapshot-ref.ts";
import type { FindingsState } from "./state.ts";

/** A snapshot is written whole again when its patches are this part of it, or when there are so many. */
const patchesPart = 0.5;
const mostPatches = 30;

const missing = "A piece of a snapshot is missing";

type Snapshots = Pick<FindingsPort, "current" | "previous" | "open" | "dictionary" | "write">;

/**
 * Snapshots as a base and patches upon it. The last two that were opened stay in memory, packed: an answer about them
 * takes one small read.
 */
export function snapshots(state: FindingsState): Snapshots {
  const chains = new Map<string, readonly ArtifactRecord[]>();
  let learned = new Set<string>();
  let entries = newDictionary();

  async function recordsOf(ref: SnapshotRef): Promise<readonly ArtifactRecord[]> {
    let done = ref.patches.length;
    while (done > 0 && !chains.has(chainOf(ref, done))) done--;
    let records = chains.get(chainOf(ref, done)) ?? (await wholeRecords(ref));
    for (const id of ref.patches.slice(done)) {
      const before = records;
      records = await readPiece(id, (piece) => patched(before, piece));
    }
    remember(chainOf(ref), records);
    return records;
  }

  async function wholeRecords({ base }: SnapshotRef): Promise<ArtifactRecord[]> {
    const records: ArtifactRecord[] = [];
    for (const id of base)
      await readPiece(id, (piece) => {
        for (const record of readRecordChunk(piece)) records.push(record);
      });
    return records;
  }

  function remember(chain: string, records: readonly ArtifactRecord[]): void {
    chains.delete(chain);
    chains.set(chain, records);
    for (const oldest of chains.keys()) if (chains.size > 2) chains.delete(oldest);
  }

  /** A piece that cannot be read is moved away, and then is missing like one that was lost. */
  async function readPiece<T>(id: string, read: (bytes: Uint8Array) => T | Promise<T>): Promise<T> {
    const piece = await state.piece(id);
    if (!piece) throw new Error(`${missing} (${id})`);
    try {
      return await read(await inflated(piece));
    } catch (error) {
      await state.unreadable(id, piece, String(error), newerForm(piece));
      throw new Error(`${missing} (${id})`, { cause: error });
    }
  }

  /** Numbers mean the same in both snapshots: one dictionary serves them. */
  async function learn(ref: SnapshotRef, into: Dictionary, known: Set<string>): Promise<void> {
    for (const id of ref.dictionary) {
      if (known.has(id)) continue;
      await readPiece(id, (piece) => readEntryChunk(piece, into));
      known.add(id);
      await breather()(Number.POSITIVE_INFINITY);
    }
  }

  async function opened(slot: string): Promise<Snapshot | undefined> {
    const { current, previous } = await state.read();
    const ref = [current, previous].find((one) => one?.head.slot === slot);
    if (!ref) return undefined;
    // Entries that no snapshot has any more leave memory when snapshots were written whole again.
    const named = new Set([...(current?.dictionary ?? []), ...(previous?.dictionary ?? [])]);
    if ([...learned].some((id) => !named.has(id))) {
      entries = newDictionary();
      learned = new Set();
    }
    for (const one of [current, previous]) {
      if (one === ref) await learn(ref, entries, learned);
      // What is missing of the other one must not make this one unreadable.
      else if (one) await unlessMissing(() => learn(one, entries, learned));
    }
    return openedSnapshot(ref.head, entries, await recordsOf(ref));
  }

  return {
    current: async () => (await state.read()).current?.head,
    previous: async () => (await state.read()).previous?.head,

    async open(slot) {
      // Another process may have made a new one visible and swept the old one away, just now: looked at again.
      return (await unlessMissing(() => opened(slot))) ?? (await unlessMissing(() => opened(slot)));
    },

    async dictionary(day) {
      const { current, previous } = await state.read();
      // A scan begins: it needs the snapshot that it is compared with, and room.
      for (const chain of chains.keys()) if (!current || chain !== chainOf(current)) chains.delete(chain);
      const next = Math.max(current?.next ?? 0, previous?.next ?? 0);
      const fresh = newDictionary([], next, day);
      const known = new Set<string>();
      // What is missing gets new numbers.
      for (const ref of [current, previous]) if (ref) await unlessMissing(() => learn(ref, fresh, known));
      return fresh;
    },

    async write(base, { head, records, dictionary }) {
      await state.sweep();
      const before = await state.read();
      const { current } = before;
      if (current?.head.slot !== base) return false;
      const added: string[] = [];
      const put = async (bytes: Uint8Array): Promise<number> => {
        const piece = await deflated(bytes);
        added.push(await state.put(piece));
        return piece.length;
      };
      const next = dictionary.next();
      const whole = { v: 1, head, next, patches: [], patchBytes: 0 } as const;
      let ref: SnapshotRef | undefined;
      const old = current && (await unlessMissing(() => recordsOf(current)));
      if (current && old && current.patches.length < mostPatches) {
        const bytes = await put(await patchOf(old, records));
        const patchBytes = current.patchBytes + bytes;
        if (patchBytes <= current.baseBytes * patchesPart) {
          const patches = [...current.patches, added[0]!];
          for (const chunk of entryChunks(dictionary.entries(current.next))) await put(chunk);
          ref = {
            ...current,
            head,
            next,
            patches,
            patchBytes,
            dictionary: [...current.dictionary, ...added.slice(1)],
          };
        } else added.length = 0;
      }
      if (!ref) {
        let baseBytes = 0;
        for await (const chunk of recordChunks(records)) baseBytes += await put(chunk);
        const pieces = added.slice();
        for (const chunk of entryChunks(await usedEntries(records, dictionary))) await put(chunk);
        ref = { ...whole, patches: [], base: pieces, baseBytes, dictionary: added.slice(pieces.length) };
      }
      if (!(await state.commit(before, ref, added))) return false;
      // What was just written need not be read again.
      remember(chainOf(ref), records);
      entries = dictionary;
      learned = new Set([...(current?.dictionary ?? []), ...ref.dictionary]);
      await state.sweep();
      return true;
    },
  };
}

/** Undefined where a piece is not there: swept away, or lost with a Redis that evicts keys. */
async function unlessMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith(missing)) return undefined;
    throw error;
  }
}

/** Names the records that a base and some of the patches upon it make. */
function chainOf({ base, patches }: SnapshotRef, many = patches.length): string {
  return [...base, "+", ...patches.slice(0, many)].join(" ");
}

async function usedEntries(
  records: readonly ArtifactRecord[],
  dictionary: Dictionary,
): Promise<ReturnType<Dictionary["entries"]>> {
  const used = new Set<number>();
  const breathe = breather();
  for (const { packed } of records) {
    const ids = unpackAscending(packed);
    for (const id of ids) used.add(id);
    const pause = breathe(ids.length);
    if (pause) await pause;
  }
  return [...dictionary.entries()].filter(([id]) => used.has(id));
}
