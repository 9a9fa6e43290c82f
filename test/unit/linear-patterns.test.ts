import { describe, expect, it } from "vitest";
import { faultOf, patternsOf } from "../../scripts/linear-patterns.ts";
import { redact } from "../../src/domain/simulations/redact.ts";

describe("the check of regular expressions", () => {
  it("finds every pattern of a program, and those that are built while it runs", () => {
    const program = 'const a = /x+$/gu;\nconst b = new RegExp(a.source);\n"/no/".split(/,/);\nRegExp("y");';
    expect(patternsOf("a.ts", program)).toEqual([
      { source: "x+$", flags: "gu", line: 1 },
      { built: true, line: 2 },
      { source: ",", flags: "", line: 3 },
      { built: true, line: 4 },
    ]);
  });

  it.each([
    ["\\s+--confirmed[ =]\\S+\\s*$", ""],
    ["^-+|-+$", "gu"],
    ["<@[A-Z0-9]+(?:\\|[^>]*)?>", ""],
    ["[A-Za-z0-9+/_=-]*e[yw][A-Za-z0-9][A-Za-z0-9+/_=.-]{2,}", "g"],
    ["^(a+)+$", ""],
  ])("refuses what takes more than linear time: /%s/%s", async (source, flags) => {
    expect(await faultOf({ source, flags })).toMatch(/polynomial|exponential/);
  });

  it("passes what is linear", async () => {
    expect(await faultOf({ source: "<@([A-Z0-9]+)(?:\\|[^<>]*)?>", flags: "g" })).toBeUndefined();
  });
});

describe("lines of a log without spaces", () => {
  // Two patterns began anew at each letter: 250 such lines took 14 s.
  const hostile = ["TP", "e", "token", "ey.", "Ab1"].map((piece) => piece.repeat(500_000));

  it("are redacted in linear time: half a million repetitions of what once took quadratic time", () => {
    for (const line of hostile) expect(redact(line).length).toBeLessThanOrEqual(line.length);
  });

  it.each([
    ["a.b.eyJhbGciOi.x.y z", "a.b.[redacted] z"],
    ["say eyJhbGciOi", "say [redacted]"],
    ["my_db_password=hunter22 x", "my_db_password=[redacted] x"],
    ['"access_token":"abcd1234"', '"access_token":"[redacted]"'],
    ["Authorization: Bearer abcd1234", "Authorization: Bearer [redacted]"],
    ["hey there", "hey there"],
  ])("lose the same secrets as ever: %s", (line, shown) => expect(redact(line)).toBe(shown));
});
