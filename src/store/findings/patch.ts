import { type About, type ArtifactRecord, equalBytes } from "../../domain/findings/model/artifact-record.ts";
import {
  byteReader,
  byteWriter,
  packAscending,
  unpackAscending,
} from "../../domain/findings/model/varint.ts";
import { breather } from "../../text/yield-to-event-loop.ts";
import { readBytes, readKey, readText, writeBytes, writeKey, writeText } from "./pieces.ts";

/**
 * What one snapshot has that the one before had not, artifact by artifact: so a day in which one finding in a hundred
 * changed takes a fiftieth of a whole snapshot, however the changes are spread.
 */
const operations = { remove: 0, change: 1, insert: 2 } as const;
const parts = { findings: 1, about: 2, scanned: 4 } as const;

export async function patchOf(
  before: readonly ArtifactRecord[],
  after: readonly ArtifactRecord[],
): Promise<Uint8Array> {
  const writer = byteWriter(16 * 1024);
  const breathe = breather();
  let last = 0;
  const operation = (index: number, code: number) => {
    writer.number(index - last);
    writer.number(code);
    last = index;
  };
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, now] = [before[i], after[j]];
    if (old && (!now || old.key < now.key)) {
      operation(i++, operations.remove);
    } else if (now && (!old || now.key < old.key)) {
      operation(i, operations.insert);
      writeRecord(writer, now);
      j++;
    } else if (old && now) {
      const flags =
        (equalBytes(old.packed, now.packed) ? 0 : parts.findings) |
        (old.about === now.about ? 0 : parts.about) |
        (old.scanned === now.scanned ? 0 : parts.scanned);
      if (flags !== 0) {
        operation(i, operations.change);
        writer.number(flags);
        if (flags & parts.findings) writeFindings(writer, old.packed, now.packed);
        if (flags & parts.about) writeText(writer, aboutPatch(old.about, now.about));
        // Later as a rule: the sign is the lowest bit.
        const moved = now.scanned - old.scanned;
        if (flags & parts.scanned) writer.number(moved < 0 ? -moved * 2 + 1 : moved * 2);
      }
      i++;
      j++;
    }
    const pause = breathe(20 + (now?.packed.length ?? 0) / 4);
    if (pause) await pause;
  }
  return writer.done();
}

/** The records as they were before the patch, and those that it changed. */
export async function patched(
  before: readonly ArtifactRecord[],
  patch: Uint8Array,
): Promise<ArtifactRecord[]> {
  const reader = byteReader(patch);
  const after: ArtifactRecord[] = [];
  const breathe = breather();
  let [from, index] = [0, 0];
  while (reader.left() > 0) {
    index += reader.number();
    while (from < index) after.push(before[from++]!);
    const code = reader.number();
    if (code === operations.insert) after.push(readRecord(reader));
    else {
      const old = before[from++]!;
      if (code === operations.change) after.push(changed(old, reader));
    }
    const pause = breathe(100);
    if (pause) await pause;
  }
  while (from < before.length) after.push(before[from++]!);
  return after;
}

type Reader = ReturnType<typeof byteReader>;
type Writer = ReturnType<typeof byteWriter>;

function changed(old: ArtifactRecord, reader: Reader): ArtifactRecord {
  const flags = reader.number();
  const packed = flags & parts.findings ? readFindings(reader, old.packed) : old.packed;
  const about = flags & parts.about ? patchedAbout(old.about, readText(reader)) : old.about;
  const moved = flags & parts.scanned ? reader.number() : 0;
  const scanned = old.scanned + (moved % 2 === 1 ? -(moved - 1) / 2 : moved / 2);
  return { key: old.key, about, scanned, packed };
}

/** Places of what is gone within the old list, then what was added. */
function writeFindings(writer: Writer, old: Uint8Array, now: Uint8Array): void {
  const [before, after] = [unpackAscending(old), unpackAscending(now)];
  const gone: number[] = [];
  const added: number[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [a, b] = [before[i] ?? Number.POSITIVE_INFINITY, after[j] ?? Number.POSITIVE_INFINITY];
    if (a < b) gone.push(i);
    else if (b < a) added.push(b);
    if (a <= b) i++;
    if (b <= a) j++;
  }
  writeBytes(writer, packAscending(gone));
  writeBytes(writer, packAscending(added));
}

function readFindings(reader: Reader, old: Uint8Array): Uint8Array {
  const gone = new Set(unpackAscending(readBytes(reader)));
  const added = unpackAscending(readBytes(reader));
  const kept = unpackAscending(old).filter((_, index) => !gone.has(index));
  const all = new Uint32Array(kept.length + added.length);
  all.set(kept);
  all.set(added, kept.length);
  return packAscending(all.sort());
}

/** The fields that differ; null for one that is no longer there. */
function aboutPatch(old: string, now: string): string {
  const [before, after] = [JSON.parse(old), JSON.parse(now)] as [About, About];
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof About>;
  const different = [...fields].filter(
    (field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]),
  );
  return JSON.stringify(Object.fromEntries(different.map((field) => [field, after[field] ?? null])));
}

function patchedAbout(old: string, patch: string): string {
  const all = { ...JSON.parse(old), ...JSON.parse(patch) } as Record<keyof About, unknown>;
  // In the order in which `recordOf` writes them: equal artifacts have equal texts.
  const inOrder = aboutFields.flatMap((field) => (all[field] == null ? [] : [[field, all[field]]]));
  return JSON.stringify(Object.fromEntries(inOrder));
}

const aboutFields: (keyof About)[] = [
  "node",
  "name",
  "places",
  "uses",
  "at",
  "models",
  "exposed",
  "exempted",
  "disabled",
  "closed",
  "stale",
  "partial",
];

function writeRecord(writer: Writer, { key, about, scanned, packed }: ArtifactRecord): void {
  writeKey(writer, key);
  writeText(writer, about);
  writer.number(scanned);
  writeBytes(writer, packed);
}

function readRecord(reader: Reader): ArtifactRecord {
  const key = readKey(reader);
  const about = readText(reader);
  return { key, about, scanned: reader.number(), packed: readBytes(reader) };
}
