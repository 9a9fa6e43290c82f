import { describe, expect, it } from "vitest";
import { readWhole } from "../../src/domain/reading/reading.ts";
import { parseScope } from "../../src/domain/scope/scope.ts";
import { assessmentsWithin } from "../../src/domain/scope/scoped-reading.ts";
import { unreadOf } from "../coverage-readings.ts";
import { assessed, readingAt } from "../recommendation-readings.ts";

describe("the part of a reading that lies in a scope", () => {
  const group = { ...unreadOf("platform"), group: true as const };
  const read = readingAt(0, [assessed("Restrict the API server", "aks-1")], { unread: [group], ids: ["s1"] });

  it.each([
    ["sub:s*", ["platform"]],
    ["sub:s2", ["platform"]],
    ["sub:s1", []],
    ["cluster:aks-1", ["platform"]],
  ])("is whole where %s can't mean what a management group holds that wasn't read", (words, unread) => {
    const part = assessmentsWithin(read, parseScope(words));
    expect(part.unread.map(({ id }) => id)).toEqual(unread);
    expect(readWhole(part)).toBe(unread.length === 0);
  });
});
