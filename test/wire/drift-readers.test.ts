import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Resource } from "../../playground/estate/estate.ts";
import { readerDeclarations } from "../../src/azure/readers.ts";
import { driftsOf, joinedShapes, type ShapeReading } from "../../src/domain/reading/drift.ts";
import { shapeWatcher } from "../../src/publish/shape-watch.ts";
import { listOf, rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo, refill } from "../azure-stand-in.ts";

const now = new Date("2026-11-29T08:00:00Z");
const estate = demoEstate(now);
let azure: AzureStandIn;
beforeAll(async () => {
  azure = await azureStandIn({ estate });
});
beforeEach(() => refill(estate, demoEstate(now)));
afterAll(() => azure.stop());

/** What each reader reported of one reading of everything; the last one of each counts. */
async function readings(): Promise<Map<string, ShapeReading>> {
  const { azure: port, shapes } = portTo(azure.resourceManagerUrl);
  await rowsOf(port);
  for (const one of (await port.subscriptions()).value) await listOf(port, one);
  await port.assessments();
  await port.coverage();
  return new Map(shapes.map((shape) => [shape.reader, shape]));
}

const change = (all: Resource[], properties: object) => {
  for (const one of all) Object.assign(one.properties, structuredClone(properties));
  estate.revision++;
};

describe("the readers of alerts, recommendations, clusters and plans", () => {
  it("count every field that the documents declare, and place everything in today's answers", async () => {
    const read = await readings();
    for (const { reader, fields } of await readerDeclarations()) {
      const shape = read.get(reader);
      if (!shape) continue;
      expect([reader, shape.unplaced]).toEqual([reader, {}]);
      const absent = fields.filter(({ field }) => !shape.present[field]).map(({ field }) => field);
      // A recommendation's name and severity come from its metadata, which is no column of the row.
      expect([reader, absent]).toEqual([reader, []]);
    }
    expect([...read.keys()]).toEqual([
      ...["alerts", "alerts-api", "assessments", "clusters", "plans", "registries", "provisioning"],
    ]);
    expect(read.get("alerts-api")?.rows).toBe(60);
  });

  it("tell of states, severities and types that are unknown, with a shortened example", async () => {
    change(estate.alerts.slice(0, 4), { status: "Parked", severity: "Grave", alertType: "" });
    const read = await readings();
    for (const reader of ["alerts", "alerts-api"]) {
      const drifts = driftsOf(undefined, read.get(reader)!);
      expect(drifts.map(({ field, count, of }) => [field, count, of]).sort()).toEqual(
        ["alertType", "severity", "status"].map((field) => [field, 4, 60]),
      );
      expect(drifts[0]?.example).toMatch(/subscriptions\/[0-9a-f]{4}…/);
    }
  });

  it("tell of text that cannot be read, and of a field that vanished from all rows", async () => {
    const before = await readings();
    change(estate.alerts, { entities: "<entities/>", alertUri: undefined });
    const read = await readings();
    expect(driftsOf(before.get("alerts"), read.get("alerts")!)).toMatchObject([
      { field: "alertUri", kind: "vanished", count: 60 },
    ]);
    expect(
      driftsOf(before.get("alerts-api"), read.get("alerts-api")!).map(({ field, kind }) => [field, kind]),
    ).toEqual([
      ["entities", "unplaced"],
      ["alertUri", "vanished"],
    ]);
  });

  it("tell of assessments in a state that is not documented, and say nothing of a part of the estate", async () => {
    change(estate.assessments, { status: { code: "Degraded" } });
    const read = await readings();
    const drifts = driftsOf(undefined, read.get("assessments")!);
    expect(drifts).toMatchObject([{ field: "status", kind: "unplaced" }]);
    const { azure: port, shapes } = portTo(azure.resourceManagerUrl);
    await port.coverage({ kind: "cluster", pattern: "aks-demo" });
    expect(shapes).toEqual([]);
  });

  it("tell of plans without a tier and of clusters that say less", async () => {
    change(estate.clusters, { powerState: undefined, agentPoolProfiles: [] });
    change(
      estate.pricings.filter(({ name }) => name === "Containers"),
      { pricingTier: "Premium" },
    );
    const read = await readings();
    const { rows = 0 } = read.get("clusters") ?? {};
    expect(read.get("clusters")?.unplaced).toMatchObject({ power: { count: rows }, pools: { count: rows } });
    const plans = read.get("plans")!;
    expect(plans.unplaced.pricingTier?.count).toBe(plans.rows);
    // Few rows prove nothing by themselves: an estate of twenty and more is reported.
    expect(driftsOf(undefined, plans)).toEqual([]);
    const many = joinedShapes(
      "plans",
      Array.from({ length: 20 }, () => plans),
    );
    expect(driftsOf(undefined, many)).toMatchObject([{ field: "pricingTier", kind: "unplaced" }]);
  });
});

describe("the readers of registries and provisioning", () => {
  it("tell of a mode that is unknown, and of parameters that no assignment has any more", async () => {
    const before = await readings();
    change(estate.registries, { roleAssignmentMode: "SomethingNewer" });
    change(estate.policyAssignments, { parameters: undefined });
    const read = await readings();
    expect(read.get("registries")?.unplaced.roleAssignmentMode?.count).toBe(read.get("registries")?.rows);
    expect(read.get("provisioning")!.rows).toBeGreaterThan(0);
    expect(before.get("provisioning")?.present.parameters).toBeGreaterThan(0);
    expect(read.get("provisioning")?.present.parameters ?? 0).toBe(0);
  });
});

describe("the watch over readings", () => {
  it("compares one of each reader at a time, and survives a store that fails", async () => {
    let release: (value: undefined) => void = () => {};
    const asked: string[] = [];
    const failed: string[] = [];
    const once = {
      peek: (id: string) => {
        asked.push(id);
        return new Promise<undefined>((resolve) => {
          release = resolve;
        });
      },
      keep: async () => {
        throw new Error("no store");
      },
    };
    const trouble = { tell: async () => {}, resolved: async () => {} };
    const watch = shapeWatcher(
      { store: { once }, trouble } as unknown as Parameters<typeof shapeWatcher>[0],
      (reader) => failed.push(reader),
    );
    const shape: ShapeReading = { reader: "alerts", rows: 0, present: {}, unplaced: {} };
    watch(shape);
    watch(shape);
    expect(asked).toEqual(["shape:alerts"]);
    release(undefined);
    await expect.poll(() => failed).toEqual(["alerts"]);
    watch(shape);
    expect(asked).toHaveLength(2);
  });
});
