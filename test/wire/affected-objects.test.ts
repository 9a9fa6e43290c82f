import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import { affectedObjectsParts } from "../../src/message/recommendations/affected-objects.ts";
import { portTo, scriptedAzure } from "../azure-stand-in.ts";
import { assessmentOf } from "../dispatch-estate.ts";

const policy = "95edb821-ddaf-4404-9732-666045e056b4";
const id = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";
const definition = `/providers/microsoft.authorization/policydefinitions/${policy}`;
const assignment = "/subscriptions/s1/providers/microsoft.authorization/policyassignments/it's";
/** As the published example PolicyStates_QueryResourceScopeExpandComponents has them. */
const component = (name: string, about: object = {}) => ({
  id: name,
  type: "Pod",
  name,
  timestamp: "2026-11-28T17:45:23.0367Z",
  complianceState: "NonCompliant",
  ...about,
});
const state = (about: object) => ({
  "@odata.id": null,
  policyAssignmentId: assignment,
  policyDefinitionId: definition,
  complianceState: "NonCompliant",
  ...about,
});

let azure: Awaited<ReturnType<typeof scriptedAzure>>;
const asked: URLSearchParams[] = [];
let pages: ((url: URL) => object)[] = [];
beforeAll(async () => {
  azure = await scriptedAzure((_, __, url) => {
    asked.push(url.searchParams);
    return { body: pages[Math.min(asked.length, pages.length) - 1]!(url) };
  });
});
afterAll(() => azure.stop());

async function objects(...said: typeof pages) {
  asked.length = 0;
  pages = said;
  const one: Assessment = assessmentOf("k", "aks", {
    policy,
    resource: { id, name: "aks", kind: "cluster" },
  });
  return portTo(azure.url).azure.affectedObjects([one]);
}

describe("policy states of a cluster", () => {
  it("are read to the last page, what complies, has no kind or is of another policy left out", async () => {
    const read = await objects(
      (url) => ({
        "@odata.nextLink": `${url.href}&$skiptoken=2`,
        value: [
          state({ components: [component("shop/web"), component("fine", { complianceState: "Compliant" })] }),
          state({ policyDefinitionId: "/other", components: [component("other")] }),
        ],
      }),
      () => ({
        "@odata.nextLink": null,
        value: [
          state({
            Components: [component("shop/web"), component("*", { type: "*" }), component("shop/api")],
          }),
          state({ complianceState: "Compliant", components: [component("elsewhere")] }),
        ],
      }),
    );
    expect(read).toEqual({
      asked: 1,
      left: 0,
      unread: [],
      objects: ["shop/web", "shop/api"].map((name) => ({
        cluster: "aks",
        kind: "Pod",
        name,
        evaluated: "2026-11-28T17:45:23.036Z",
      })),
    });
    expect(azure.requests.at(-1)).toMatch(/^POST .*\/aks\/providers\/Microsoft\.PolicyInsights\//);
    expect(asked).toHaveLength(2);
  });

  it("are asked for again by assignment, as in the published examples, where nothing was expanded", async () => {
    const read = await objects(
      () => ({ value: [state({})] }),
      () => ({ value: [state({ components: [component("web", { id: "/namespaces/shop/pods/web" })] })] }),
    );
    expect(read.objects.map(({ name }) => name)).toEqual(["namespaces/shop/pods/web"]);
    expect(asked.map((one) => one.get("$filter"))).toEqual([
      `policyDefinitionId eq '/providers/Microsoft.Authorization/policyDefinitions/${policy}'`,
      expect.stringMatching(/^policyAssignmentId eq '.*\/it''s' and policyDefinitionId eq '/),
    ]);
  });

  it("are 500 at most, and the answer says how many are left out", async () => {
    const components = Array.from({ length: 702 }, (_, index) => component(`shop/web-${index}`));
    const read = await objects(() => ({ value: [state({ components })] }));
    expect([read.objects.length, read.left]).toEqual([500, 202]);
    const parts = affectedObjectsParts({ ...read, clusters: 1, asOf: "", csv: false }, "en");
    expect(JSON.stringify(parts)).toContain("202 more affected objects are left out");
  });

  it("that cannot be read say why, and hide nothing else", async () => {
    const read = await objects(() => ({ error: { code: "X", message: "no" } }));
    expect(read).toMatchObject({ objects: [], asked: 1, unread: [{ name: "aks", why: "failed" }] });
  });
});
