import { crc32, deflateRawSync } from "node:zlib";

const deflated = 8;
/** Names are UTF-8 [APPNOTE 4.4.4, bit 11]. */
const utf8Names = 0x0800;
/** 1 January 1980, the first day that the format knows: the same files make the same bytes. */
const firstDay = 0x0021;
const version = 20;

type Entry = { name: Buffer; packed: Buffer; size: number; sum: number; at: number };

/** A zip archive of a few small files, without directories [PKWARE APPNOTE 6.3, sections 4.3.7, 4.3.12 and 4.3.16]. */
export function zip(files: readonly { name: string; content: string }[]): Buffer {
  const parts: Buffer[] = [];
  const entries: Entry[] = [];
  let at = 0;
  for (const { name, content } of files) {
    const data = Buffer.from(content, "utf8");
    const entry = {
      name: Buffer.from(name, "utf8"),
      packed: deflateRawSync(data),
      size: data.length,
      sum: crc32(data),
      at,
    };
    const header = localHeader(entry);
    parts.push(header, entry.name, entry.packed);
    at += header.length + entry.name.length + entry.packed.length;
    entries.push(entry);
  }
  const directory = entries.flatMap((entry) => [directoryHeader(entry), entry.name]);
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  return Buffer.concat([...parts, ...directory, end(entries.length, size, at)]);
}

function localHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  writeShared(header, 4, entry);
  return header;
}

function directoryHeader(entry: Entry): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(version, 4);
  writeShared(header, 6, entry);
  header.writeUInt32LE(entry.at, 42);
  return header;
}

/** From "version needed to extract" to "file name length", the same in both headers. */
function writeShared(header: Buffer, from: number, { name, packed, size, sum }: Entry) {
  for (const [index, value] of [version, utf8Names, deflated, 0, firstDay].entries())
    header.writeUInt16LE(value, from + 2 * index);
  for (const [index, value] of [sum, packed.length, size].entries())
    header.writeUInt32LE(value, from + 10 + 4 * index);
  header.writeUInt16LE(name.length, from + 22);
}

function end(count: number, size: number, at: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(at, 16);
  return record;
}
