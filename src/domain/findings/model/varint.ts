/** Numbers of varying length: seven bits a byte, the lowest first; numbers below 2^48. */
export type ByteWriter = { number(value: number): void; bytes(some: Uint8Array): void; done(): Uint8Array };
export type ByteReader = { number(): number; bytes(length: number): Uint8Array; left(): number };

export function byteWriter(size = 256): ByteWriter {
  let buffer = new Uint8Array(size);
  let length = 0;
  const reserve = (more: number) => {
    if (length + more <= buffer.length) return;
    const grown = new Uint8Array(Math.max(buffer.length * 2, length + more));
    grown.set(buffer);
    buffer = grown;
  };
  return {
    number(value) {
      reserve(8);
      let rest = value;
      while (rest >= 128) {
        buffer[length++] = (rest % 128) | 128;
        rest = Math.floor(rest / 128);
      }
      buffer[length++] = rest;
    },
    bytes(some) {
      reserve(some.length);
      buffer.set(some, length);
      length += some.length;
    },
    done: () => buffer.slice(0, length),
  };
}

/** @throws Error where the bytes end too early */
export function byteReader(buffer: Uint8Array): ByteReader {
  let at = 0;
  return {
    number() {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        if (at >= buffer.length) throw new Error("A packed record ends too early.");
        const byte = buffer[at++]!;
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    },
    bytes(length) {
      if (at + length > buffer.length) throw new Error("A packed record ends too early.");
      at += length;
      return buffer.subarray(at - length, at);
    },
    left: () => buffer.length - at,
  };
}

/** Ascending numbers, each once, as their differences. */
export function packAscending(numbers: ArrayLike<number>): Uint8Array {
  const writer = byteWriter(numbers.length * 2 + 8);
  let before = -1;
  for (let index = 0; index < numbers.length; index++) {
    writer.number(numbers[index]! - before - 1);
    before = numbers[index]!;
  }
  return writer.done();
}

/** How many numbers were packed: each ends with a byte below 128. */
export function packedCount(packed: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < packed.length; at++) if (packed[at]! < 128) count++;
  return count;
}

export function unpackAscending(packed: Uint8Array): Uint32Array {
  const numbers = new Uint32Array(packedCount(packed));
  let value = -1;
  let index = 0;
  let part = 0;
  let factor = 1;
  for (let at = 0; at < packed.length; at++) {
    const byte = packed[at]!;
    part += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    value += part + 1;
    numbers[index++] = value;
    part = 0;
    factor = 1;
  }
  return numbers;
}

/**
 * Which of the wanted numbers are among the packed ones; the numbers themselves are not unpacked.
 * @param wanted 1 at each wanted number
 */
export function packedAmong(packed: Uint8Array, wanted: Uint8Array): number[] {
  const matches: number[] = [];
  let value = -1;
  let part = 0;
  let factor = 1;
  for (let at = 0; at < packed.length; at++) {
    const byte = packed[at]!;
    part += (byte & 127) * factor;
    factor *= 128;
    if (byte >= 128) continue;
    value += part + 1;
    if (wanted[value] === 1) matches.push(value);
    part = 0;
    factor = 1;
  }
  return matches;
}
