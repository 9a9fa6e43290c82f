import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isContainerAlert, readAlert, readAlertRow } from "../../src/azure/alerts/read-alert.ts";
import { readCluster, readProvisioning, readRegistry } from "../../src/azure/coverage/read-coverage.ts";
import { readOverlapping, readPlan } from "../../src/azure/coverage/read-plan.ts";
import { readRows } from "../../src/azure/graph/graph.ts";
import { readPermission } from "../../src/azure/permissions/required-actions.ts";
import { readAssessment, readMetadata } from "../../src/azure/recommendations/read-assessment.ts";
import { readSubscription } from "../../src/azure/subscriptions.ts";
import { type Alert, alertStates } from "../../src/domain/alerts/alert.ts";
import { otherPlans } from "../../src/domain/coverage/coverage.ts";
import { recommendationTypes } from "../../src/domain/recommendations/recommendation.ts";
import { readSeverity, severities } from "../../src/domain/severity.ts";

const nasty = fc.constantFrom<unknown>(
  null,
  "",
  "<!channel> <@U1> & ‮",
  "[SAMPLE ALERT]",
  "\ud800",
  "x".repeat(100_000),
  "<".repeat(50_000),
  "{",
  '{"a":[1,{"b":null}]}',
  "0001-01-01T00:00:00Z",
  "2020-02-22T00:00:00.1234567Z",
  "99999-13-45T99:99:99Z",
  "javascript:alert(1)",
  "/subscriptions/a/resourceGroups/MC_rg_aks_eu/providers/Microsoft.Compute/virtualMachineScaleSets/aks-p-1-vmss",
  "/subscriptions/a/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/aks",
  [],
  {},
  [null, 1, { $ref: "1" }],
  { $ref: "1" },
  -1,
  Number.MAX_VALUE,
  true,
);
const value = fc.oneof(nasty, fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown>);
/** Records in which any of the known names may hold anything, in any letter case. */
const recordOf = (names: string[]) =>
  fc
    .record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
    .chain((made) =>
      fc
        .boolean()
        .map((upper) =>
          Object.fromEntries(
            Object.entries(made).map(([key, one]) => [
              upper ? key[0]!.toUpperCase() + key.slice(1) : key,
              one,
            ]),
          ),
        ),
    );
const entity = recordOf([
  "$id",
  "type",
  "name",
  "namespace",
  "controller",
  "cluster",
  "image",
  "resourceId",
  "location",
]);
const alertProperties = recordOf([
  ...[
    "alertType",
    "systemAlertId",
    "alertDisplayName",
    "description",
    "severity",
    "status",
    "intent",
    "alertUri",
  ],
  ...[
    "startTimeUtc",
    "endTimeUtc",
    "timeGeneratedUtc",
    "compromisedEntity",
    "resourceIdentifiers",
    "remediationSteps",
  ],
  ...[
    "techniques",
    "subTechniques",
    "extendedProperties",
    "correlationKey",
    "entities",
    "productComponentName",
  ],
]);
const alert = fc.record(
  {
    id: value,
    name: value,
    properties: fc.oneof(
      value,
      alertProperties,
      fc
        .tuple(alertProperties, fc.array(fc.oneof(entity, value)))
        .map(([made, entities]) => ({ ...made, entities })),
    ),
  },
  { requiredKeys: [] },
);
const names = new Map([["a", "A"]]);
const saying = (said: string) => ({ source: "test", said, at: "2026-01-01T00:00:00.000Z" });
const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

function expectAlert(read: Alert | undefined, given: unknown) {
  if (read === undefined) return expect(Object.keys(given as object)).toEqual([]);
  expect(read.id).not.toBe("");
  expect(read.type).not.toBe("");
  expect(read.title).not.toBe("");
  expect(severities).toContain(read.severity);
  expect(alertStates).toContain(read.state);
  expect(read.title.length).toBeLessThanOrEqual(500);
  expect(read.description.length).toBeLessThanOrEqual(10_000);
  expect(read.entities.length).toBeLessThanOrEqual(50);
  for (const time of [read.start, read.end, read.generated])
    expect(time ?? "1970-01-01T00:00:00.000Z").toMatch(iso);
  if (read.portal !== undefined) expect(new URL(read.portal).protocol).toBe("https:");
  for (const one of read.entities) expect([typeof one.kind, typeof one.name]).toEqual(["string", "string"]);
  // Every value has to survive Redis.
  expect(JSON.parse(JSON.stringify(read))).toEqual(JSON.parse(JSON.stringify(structuredClone(read))));
  expect(JSON.stringify(read).length).toBeLessThan(1_000_000);
}

describe("hostile and missing values", () => {
  it("take an object that hides its text for no severity", () => {
    expect(readSeverity({ toString: null })).toBe("unknown");
  });

  it("leave an alert that can be shown, and never drop one", () => {
    fc.assert(
      fc.property(alert, (given) => {
        expectAlert(readAlert(given, names), given);
        expect(typeof isContainerAlert(given)).toBe("boolean");
      }),
      { numRuns: 300 },
    );
  });

  it("leave a row of Resource Graph that can be shown", () => {
    const row = fc.tuple(alertProperties, recordOf(["id", "name", "subscriptionId", "entityCount"]));
    fc.assert(
      fc.property(row, ([properties, more]) => {
        const given = { ...properties, ...more };
        const read = readAlertRow(given, names);
        expectAlert(read, given);
        if (read) expect(Number.isSafeInteger(read.entityCount) && read.entityCount >= 0).toBe(true);
        expect(typeof isContainerAlert(given)).toBe("boolean");
      }),
      { numRuns: 200 },
    );
  });

  it("leave plans whose values are on, off or unknown", () => {
    const extension = recordOf(["name", "isEnabled", "operationStatus", "additionalExtensionProperties"]);
    const properties = recordOf([
      "pricingTier",
      "subPlan",
      "inherited",
      "inheritedFrom",
      "managedBy",
      "enablementTime",
    ]);
    const pricing = fc
      .tuple(properties, fc.oneof(value, fc.array(extension)), value)
      .map(([made, extensions, name]) => ({ name, properties: { ...made, extensions } }));
    fc.assert(
      fc.property(fc.oneof(pricing, value), (given) => {
        const plan = readPlan(given, saying);
        for (const { state } of [{ state: plan.plan }, ...plan.extensions])
          expect(state.known ? ["on", "off"] : [state]).toContain(state.known ? state.value : state);
        expect(plan.extensions.length).toBeGreaterThanOrEqual(5);
        expect(otherPlans({ overlapping: readOverlapping([given], saying) }).length).toBeLessThan(3);
      }),
    );
  });

  it("leave clusters, registries, assignments, recommendations and subscriptions valid or out", () => {
    const columns = [
      "id",
      "name",
      "location",
      "tags",
      "pools",
      "security",
      "addons",
      "power",
      "private",
      "sku",
      "definition",
    ];
    const more = [
      "displayName",
      "category",
      "resourceType",
      "status",
      "cause",
      "reason",
      "severity",
      "risk",
      "policy",
    ];
    const row = recordOf([
      ...columns,
      ...more,
      "resource",
      "image",
      "link",
      "changed",
      "parameters",
      "description",
      "remediation",
    ]);
    fc.assert(
      fc.property(fc.oneof(row, value), (given) => {
        const cluster = readCluster(given, names, saying);
        if (cluster)
          expect([cluster.id, typeof cluster.name]).toEqual([expect.stringMatching(/./), "string"]);
        const registry = readRegistry(given, names);
        if (registry) expect(registry.id).not.toBe("");
        expect(["undefined", "boolean"]).toContain(typeof readProvisioning(given)?.englishName);
        const metadata = readMetadata(given);
        const assessment = readAssessment(given, new Map(metadata && [metadata]), names);
        if (assessment) {
          expect(recommendationTypes).toContain(assessment.type);
          expect(severities).toContain(assessment.severity);
          expect(assessment.key).not.toBe("");
          expect(assessment.title).not.toBe("");
        }
        expect(typeof readSubscription(given).state).toBe("string");
        expect(readPermission(given).actions.every((action) => typeof action === "string")).toBe(true);
        expect(readRows({ columns: given, rows: given })).toBeInstanceOf(Array);
      }),
      { numRuns: 300 },
    );
  });
});
