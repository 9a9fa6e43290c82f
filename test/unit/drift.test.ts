import { describe, expect, it } from "vitest";
import type { Ports } from "../../src/definitions/ports.ts";
import { driftsOf, joinedShapes, shapeCounter, shortenedExample } from "../../src/domain/reading/drift.ts";
import { watchShape } from "../../src/publish/shape-watch.ts";

/** A reading of so many rows, all of which have a field, unless it says otherwise. */
function reading(rows: number, without: string[] = [], unplaced: Record<string, number> = {}) {
  const counter = shapeCounter("findings");
  for (let row = 0; row < rows; row++) {
    counter.row();
    for (const field of ["severity", "package"]) if (!without.includes(field)) counter.has(field);
  }
  for (const [field, count] of Object.entries(unplaced))
    for (let index = 0; index < count; index++) counter.unplaced(field, `row ${index}`);
  return counter.reading();
}

function watcher() {
  const kept = new Map<string, unknown>();
  const reported: string[] = [];
  const ports = {
    store: {
      once: {
        peek: async (id: string) => structuredClone(kept.get(id)),
        keep: async (id: string, value: unknown) => void kept.set(id, value),
      },
    },
    trouble: {
      tell: async ({ what, detail }: { what: string; detail: string }) =>
        void reported.push(`${what} ${detail}`),
      resolved: async (what: string) => void reported.push(`over ${what}`),
    },
  } as unknown as Pick<Ports, "store" | "trouble">;
  return { reported, watch: (shape: ReturnType<typeof reading>) => watchShape(shape, ports) };
}

describe("the drift alarm", () => {
  it("is silent about a share of 5%, and tells of a larger one with an example", async () => {
    const { reported, watch } = watcher();
    await watch(reading(100, [], { category: 5 }));
    expect(reported).toEqual([]);
    await watch(reading(100, [], { category: 6 }));
    expect(reported).toEqual(["drift:findings:unplaced:category 6 / 100 · row 0"]);
    await watch(reading(100));
    expect(reported[1]).toBe("over drift:findings:unplaced:category");
  });

  it("misses a field that every row lacks until it is back, and takes few rows for no proof", async () => {
    const { reported, watch } = watcher();
    await watch(reading(100));
    await watch(reading(10, ["severity"]));
    expect(reported).toEqual([]);
    for (let scan = 0; scan < 3; scan++) await watch(reading(100, ["severity"]));
    expect(new Set(reported)).toEqual(new Set(["drift:findings:vanished:severity 0 / 100 (100)"]));
    await watch(reading(100));
    expect(reported.at(-1)).toBe("over drift:findings:vanished:severity");
  });

  it("counts the pages of one reading together", () => {
    const joined = joinedShapes("findings", [reading(15, ["severity"], { category: 1 }), reading(15)]);
    expect(joined).toMatchObject({ rows: 30, present: { severity: 15, package: 30 } });
    expect(driftsOf(undefined, joined)).toEqual([]);
    const many = joinedShapes("findings", [reading(15, [], { category: 15 }), reading(15)]);
    expect(driftsOf(undefined, many)).toMatchObject([{ field: "category", count: 15, of: 30 }]);
  });

  it("shortens identifiers in its example", () => {
    const id = "/subscriptions/7d5c1a52-3f0e-4b53-9a6e-0c1f2d3e4a5b/x/sha256:abcdef0123456789abcdef";
    expect(shortenedExample(id)).toBe("/subscriptions/7d5c…/x/sha256:abcdef…");
    expect(shortenedExample("x".repeat(10_000)).length).toBeLessThanOrEqual(240);
  });
});
