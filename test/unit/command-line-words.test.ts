import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDuration } from "../../src/definitions/arguments.ts";
import { editDistance, nearest } from "../../src/text/likeness.ts";

describe("lengths of time", () => {
  it.each([
    ["90m", 5_400_000],
    ["1.5h", 5_400_000],
    ["7d", 604_800_000],
    ["2w", 1_209_600_000],
    ["4時間", 14_400_000],
    ["1d 2h", 93_600_000],
    ["0h", undefined],
    ["401d", undefined],
    ["999999w", undefined],
    ["5", undefined],
    ["-5m", undefined],
  ])("%s", (words, expected) => expect(readDuration(words)).toBe(expected));
});

describe("likeness", () => {
  it.each([
    ["abc", "abc", 0],
    ["stauts", "status", 1],
    ["ab", "ba", 1],
    ["kitten", "sitting", 3],
    ["", "abc", 3],
  ])("%s and %s are %i apart", (a, b, distance) => expect(editDistance(a, b)).toBe(distance));

  it("is symmetric, and zero only for equals", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
      }),
    );
  });

  it("suggests nothing for what is like nothing", () => {
    expect(nearest("vulnerabilities", ["help", "mute"])).toBeUndefined();
  });
});
