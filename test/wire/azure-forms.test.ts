import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { listOf, rowsOf } from "../alert-readings.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";
import { gathered } from "../finding-pages.ts";

const now = new Date("2026-11-20T00:00:00Z");

describe("answers in every form that Azure's documentation allows", () => {
  let azure: AzureStandIn;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: demoEstate(now), pageSize: 20 });
  });
  afterAll(() => azure.stop());

  /** All that the port reads, without what may differ: letter case, the time of reading, the order of fields. */
  const all = async () => {
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const subscriptions = (await port.subscriptions()).value;
    const pages = gathered();
    const [coverage, rows, lists, assessments, targets, checks, findings] = await Promise.all([
      port.coverage(),
      rowsOf(port),
      Promise.all(subscriptions.map((one) => listOf(port, one))),
      port.assessments(),
      port.targets(),
      port.checks("en"),
      port.findings(pages.take),
    ]);
    const { subscriptions: plans, clusters, registries } = coverage.value;
    const artifacts = [...pages.byKey().values()].map(({ places, uses, ...one }) => ({
      ...one,
      places: new Set(places.map(plain)).size,
      uses: new Set(uses.map(plain)).size,
    }));
    const uses = [...pages.byKey().values()].flatMap((one) => [...one.places, ...one.uses]);
    return {
      /** In the letter case that people read. */
      written: [assessments.value.map(({ place }) => place), uses].map((places) => [
        ...new Set(places.flatMap(({ cluster, registry }) => [cluster, registry].filter(Boolean))),
      ]),
      subscriptions: sorted(subscriptions),
      plans: sorted(plans),
      clusters: sorted(clusters),
      registries: sorted(registries),
      rows: sorted(rows.value),
      alerts: sorted(lists.flat()),
      assessments: sorted(assessments.value),
      targets: sorted([...targets.value.clusters, ...targets.value.registries]),
      checks: sorted(checks),
      findings: sorted(pages.findings()),
      artifacts: sorted(artifacts),
      unread: [coverage, rows, assessments, targets, findings].flatMap(({ unread }) => unread),
    };
  };

  it("are read as the same", async () => {
    const usual = await all();
    expect(Object.values(usual).map(({ length }) => length > 0)).toEqual([...Array(12).fill(true), false]);
    azure.manners.rough = true;
    const rough = await all();
    const { written, ...same } = usual;
    for (const kind of Object.keys(same) as (keyof typeof same)[]) expect(rough[kind]).toEqual(usual[kind]);
    // In whatever letter case it comes, each name is written in one.
    expect(rough.written.map(({ length }) => length)).toEqual(written.map(({ length }) => length));
  });
});

function sorted(values: readonly unknown[]): string[] {
  return values.map(plain).sort();
}

/** As JSON in small letters with the fields in order; evidence quotes Azure as it wrote. */
function plain(value: unknown): string {
  const inOrder = (key: string, one: unknown) => {
    if (key === "evidence" || key === "asOf") return undefined;
    if (typeof one !== "object" || one === null || Array.isArray(one)) return one;
    return Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return JSON.stringify(value, inOrder).toLowerCase();
}
