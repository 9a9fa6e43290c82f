import { createHash } from "node:crypto";

/** True where this finding of this line (a tag, a workload, a node pool) was fixed within the memory. */
export type FixedMemory = { has(line: string, vulnerability: string): boolean };

const width = 6;

/**
 * Six bytes for one fixed finding: among a million of them, one in 280 million questions gets a wrong yes.
 * @param line @param vulnerability see `vulnerabilityKey`
 */
export function fixedHash(line: string, vulnerability: string): number {
  return createHash("sha1").update(`${line}\n${vulnerability}`).digest().readUIntBE(0, width);
}

/** Sorted, each once. */
export function packFixed(hashes: Iterable<number>): Uint8Array {
  const sorted = Float64Array.from(new Set(hashes)).sort();
  const packed = Buffer.alloc(sorted.length * width);
  for (const [index, hash] of sorted.entries()) packed.writeUIntBE(hash, index * width, width);
  return packed;
}

/** Asks several packed lists. */
export function fixedMemory(lists: readonly Uint8Array[]): FixedMemory {
  const buffers = lists.map((list) => Buffer.from(list.buffer, list.byteOffset, list.byteLength));
  return {
    has(line, vulnerability) {
      if (buffers.length === 0) return false;
      const hash = fixedHash(line, vulnerability);
      return buffers.some((buffer) => among(buffer, hash));
    },
  };
}

function among(buffer: Buffer, hash: number): boolean {
  let low = 0;
  let high = Math.floor(buffer.length / width) - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = buffer.readUIntBE(middle * width, width);
    if (value === hash) return true;
    if (value < hash) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}
