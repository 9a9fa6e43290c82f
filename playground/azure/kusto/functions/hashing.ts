import { long } from "../arithmetic.ts";
import { isNumber, text } from "../values.ts";
import type { ScalarFunctions } from "./index.ts";

const [p1, p2, p3, p4, p5]: [bigint, bigint, bigint, bigint, bigint] = [
  11400714785074694791n,
  14029467366897019727n,
  1609587929392839161n,
  9650029242287828579n,
  2870177450012600261n,
];
const low = (value: bigint) => BigInt.asUintN(64, value);
const turn = (value: bigint, bits: bigint) => low((value << bits) | (value >> (64n - bits)));
const round = (sum: bigint, input: bigint) => low(turn(low(sum + input * p2), 31n) * p1);

/** xxHash64 with seed 0, the algorithm that Kusto's documentation names for `hash()`. */
export function xxHash64(bytes: Buffer): bigint {
  let at = 0;
  let sum = p5;
  if (bytes.length >= 32) {
    const lanes = [low(p1 + p2), p2, 0n, low(-p1)] as [bigint, bigint, bigint, bigint];
    for (; at + 32 <= bytes.length; at += 32)
      for (let lane = 0; lane < 4; lane++)
        lanes[lane] = round(lanes[lane]!, bytes.readBigUInt64LE(at + lane * 8));
    sum = low(turn(lanes[0], 1n) + turn(lanes[1], 7n) + turn(lanes[2], 12n) + turn(lanes[3], 18n));
    for (const lane of lanes) sum = low((sum ^ round(0n, lane)) * p1 + p4);
  }
  sum = low(sum + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8)
    sum = low(turn(sum ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * p1 + p4);
  if (at + 4 <= bytes.length) {
    sum = low(turn(sum ^ low(BigInt(bytes.readUInt32LE(at)) * p1), 23n) * p2 + p3);
    at += 4;
  }
  for (; at < bytes.length; at++) sum = low(turn(sum ^ low(BigInt(bytes[at]!) * p5), 11n) * p1);
  sum = low((sum ^ (sum >> 33n)) * p2);
  sum = low((sum ^ (sum >> 29n)) * p3);
  return sum ^ (sum >> 32n);
}

export const hashing: ScalarFunctions = {
  hash: ([value, modulus]) => {
    const signed = BigInt.asIntN(64, xxHash64(Buffer.from(text(value))));
    if (!isNumber(modulus)) return long(signed);
    const size = BigInt(modulus);
    return long(((signed % size) + size) % size);
  },
};
