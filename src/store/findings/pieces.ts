import { promisify } from "node:util";
import { deflateRaw, inflateRaw } from "node:zlib";
import type { ArtifactRecord } from "../../domain/findings/model/artifact-record.ts";
import type { Dictionary } from "../../domain/findings/model/dictionary.ts";
import type { Vulnerability } from "../../domain/findings/model/finding.ts";
import { severitySources } from "../../domain/findings/model/finding.ts";
import {
  type ByteReader,
  type ByteWriter,
  byteReader,
  byteWriter,
} from "../../domain/findings/model/varint.ts";
import { severities } from "../../domain/severity.ts";
import { breather } from "../../text/yield-to-event-loop.ts";

/**
 * Forms of what is stored of snapshots. A piece is a byte with the version of its form, and the rest deflated.
 */
const version = 1;
const deflating = promisify(deflateRaw);
const inflating = promisify(inflateRaw);

/** Bytes before they are deflated: small enough to be made and read without keeping the process from others. */
const chunkBytes = 96 * 1024;
const entriesInChunk = 400;

export async function deflated(bytes: Uint8Array): Promise<Buffer> {
  return Buffer.concat([Buffer.from([version]), await deflating(bytes)]);
}

/** @throws Error where it is no piece, or of a form that this version does not know */
export async function inflated(piece: Buffer): Promise<Uint8Array> {
  if (piece[0] !== version) throw new Error(`form ${piece[0]}; this version reads ${version}`);
  return inflating(piece.subarray(1));
}

/** The form of a piece that a newer version of the bot wrote. */
export function newerForm(piece: Buffer): number | undefined {
  const form = piece[0] ?? 0;
  // Forms are counted from 1: a text that was put in its place begins with a letter, a quote or a brace.
  return form > version && form < 32 ? form : undefined;
}

/** Records as chunks, in their order. */
export async function* recordChunks(records: Iterable<ArtifactRecord>): AsyncGenerator<Uint8Array> {
  let some: ArtifactRecord[] = [];
  let bytes = 0;
  for (const record of records) {
    some.push(record);
    bytes += 48 + record.about.length + record.packed.length;
    if (bytes < chunkBytes) continue;
    yield recordChunk(some);
    [some, bytes] = [[], 0];
    await breather()(Number.POSITIVE_INFINITY);
  }
  if (some.length > 0) yield recordChunk(some);
}

/** Texts stand together, and so do findings: each deflates better beside its like. */
function recordChunk(records: readonly ArtifactRecord[]): Uint8Array {
  const writer = byteWriter(chunkBytes * 1.2);
  writer.number(records.length);
  for (const { key } of records) writeKey(writer, key);
  for (const { about } of records) writeText(writer, about);
  for (const { scanned } of records) writer.number(scanned);
  for (const { packed } of records) writeBytes(writer, packed);
  return writer.done();
}

export function readRecordChunk(chunk: Uint8Array): ArtifactRecord[] {
  const reader = byteReader(chunk);
  const count = reader.number();
  const each = <T>(read: () => T) => Array.from({ length: count }, read);
  const keys = each(() => readKey(reader));
  const abouts = each(() => readText(reader));
  const scanned = each(() => reader.number());
  const packed = each(() => readBytes(reader));
  return keys.map((key, index) => ({
    key,
    about: abouts[index]!,
    scanned: scanned[index]!,
    packed: packed[index]!,
  }));
}

export function writeText(writer: ByteWriter, text: string): void {
  writeBytes(writer, Buffer.from(text));
}

export function readText(reader: ByteReader): string {
  return Buffer.from(readBytes(reader)).toString();
}

export function writeBytes(writer: ByteWriter, bytes: Uint8Array): void {
  writer.number(bytes.length);
  writer.bytes(bytes);
}

/** A copy: a part of a chunk would keep the whole of it in memory. */
export function readBytes(reader: ByteReader): Uint8Array {
  return reader.bytes(reader.number()).slice();
}

/** A digest has 32 bytes; as text it would have twice as many that cannot be deflated. */
export function writeKey(writer: ByteWriter, key: string): void {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(key) ?? [];
  writer.number(hex ? 1 : 0);
  if (hex) writer.bytes(Buffer.from(hex, "hex"));
  else writeText(writer, key);
}

export function readKey(reader: ByteReader): string {
  if (reader.number() === 0) return readText(reader);
  return `sha256:${Buffer.from(reader.bytes(32)).toString("hex")}`;
}

/** What came with later versions is at the end, because rows of earlier ones have none. */
type Row = [
  ...[number, string, string, string, number, number, string | 0, 0 | 1, string | 0],
  seen?: string | 0,
  from?: number,
  epss?: number,
  cvss?: number,
];
/** Of a score that is not known. */
const noScore = -1;
const fixes = ["available", "none", "unknown"] as const;

/** Entries of the dictionary as chunks. */
export function* entryChunks(entries: Iterable<[number, Vulnerability]>): Generator<Uint8Array> {
  let rows: Row[] = [];
  for (const [id, one] of entries) {
    const severity = severities.indexOf(one.severity);
    const fix = fixes.indexOf(one.fix);
    const exploit = one.exploit ? 1 : 0;
    rows.push([
      id,
      one.id,
      one.package,
      one.version,
      severity,
      fix,
      one.fixed ?? 0,
      exploit,
      one.published ?? 0,
      one.seen ?? 0,
      one.from ? severitySources.indexOf(one.from) : noScore,
      one.epss ?? noScore,
      one.cvss ?? noScore,
    ]);
    if (rows.length < entriesInChunk) continue;
    yield Buffer.from(JSON.stringify(rows));
    rows = [];
  }
  if (rows.length > 0) yield Buffer.from(JSON.stringify(rows));
}

export function readEntryChunk(chunk: Uint8Array, dictionary: Dictionary): void {
  const rows = JSON.parse(Buffer.from(chunk).toString()) as Row[];
  for (const row of rows) {
    const [number, id, name, installed, severity, fix, fixed, exploit, published, seen] = row;
    const [from = noScore, epss = noScore, cvss = noScore] = [row[10], row[11], row[12]];
    const source = severitySources[from];
    dictionary.know(number, {
      id,
      package: name,
      version: installed,
      severity: severities[severity] ?? "unknown",
      ...(source && { from: source }),
      fix: fixes[fix] ?? "unknown",
      ...(fixed !== 0 && { fixed }),
      exploit: exploit === 1,
      ...(epss >= 0 && { epss }),
      ...(cvss >= 0 && { cvss }),
      ...(published !== 0 && { published }),
      ...(seen && { seen }),
    });
  }
}
