import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAssessment } from "../../src/azure/recommendations/read-assessment.ts";
import { findRecommendation } from "../../src/domain/catalogue/find-recommendation.ts";
import type { Assessment } from "../../src/domain/recommendations/recommendation.ts";
import { groupAssessments } from "../../src/domain/recommendations/recommendation-summary.ts";

const cluster =
  "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/aks";
const security = "providers/Microsoft.Security/assessments";
const title = "Privileged containers should be avoided";
const metadata = new Map([
  [
    "whole",
    {
      title,
      severity: "Medium",
      policy: "/providers/Microsoft.Authorization/policyDefinitions/95EDB821-ddaf-4404-9732-666045e056b4",
      description: "Old",
      remediation: "",
    },
  ],
  [
    "each",
    { title: `${title} (Preview)`, severity: "High", policy: "", description: "New", remediation: "" },
  ],
]);

/** A row as `queries/assessments.kql` answers it. */
function row(key: string, pod: string, status: string, changed: string, about: object = {}): Assessment {
  const scope = pod ? `${cluster}/securityentitydata/namespace-shop-pod-${pod}-container-c` : cluster;
  return readAssessment(
    {
      id: `${scope}/${security}/${key}`,
      name: key,
      status,
      changed,
      resource: { Source: "Azure", Id: scope },
      ...(pod && {
        resourceType: "K8s-container",
        image: JSON.stringify({ Namespace: "shop", PodName: pod }),
      }),
      ...about,
    },
    metadata,
    new Map([["s1", "Production"]]),
  )!;
}
const whole = (status: string, changed = "2026-11-01T00:00:00Z") => row("whole", "", status, changed);
const each = (pod: string, status: string, changed = "2026-11-02T00:00:00Z") =>
  row("each", pod, status, changed);
const counted = (...rows: Assessment[]) =>
  groupAssessments(rows).map(({ unhealthy, healthy }) => [
    unhealthy.map(({ resource }) => resource.name).sort(),
    healthy,
  ]);

describe("two generations of a data plane recommendation", () => {
  it("are one, with the newer one's name, the worst severity, and each affected thing once", () => {
    const rows = [whole("Unhealthy"), each("web", "Unhealthy"), each("api", "Healthy")];
    expect(counted(...rows)).toEqual([[["shop/web"], 1]]);
    expect(groupAssessments(rows)[0]).toMatchObject({
      title: `${title} (Preview)`,
      type: "data-plane",
      severity: "high",
      description: "New",
    });
  });

  it.each([
    ["only the cluster", [whole("Unhealthy")], [[["aks"], 0]]],
    [
      "only containers",
      [each("web", "Unhealthy"), each("api", "Unhealthy")],
      [[["shop/api", "shop/web"], 0]],
    ],
    ["both healthy: the containers count", [whole("Healthy"), each("web", "Healthy")], [[[], 1]]],
    [
      "the cluster unhealthy, the containers healthy since later",
      [whole("Unhealthy"), each("web", "Healthy")],
      [[[], 1]],
    ],
    [
      "the cluster unhealthy later than the containers were healthy",
      [whole("Unhealthy", "2026-11-09T00:00:00Z"), each("web", "Healthy")],
      [[["aks"], 1]],
    ],
    [
      "the cluster unhealthy, times unknown",
      [whole("Unhealthy", ""), each("web", "Healthy", "")],
      [[["aks"], 1]],
    ],
    [
      "containers that are not assessed say nothing against the cluster",
      [whole("Unhealthy"), each("web", "NotApplicable")],
      [[["aks"], 0]],
    ],
  ])("%s", (_, rows, expected) => expect(counted(...rows)).toEqual(expected));

  it("one thing under two keys is one, unhealthy where that was said last or nothing says when", () => {
    const again = (status: string, changed: string) => ({ ...whole(status, changed), key: "whole-2" });
    expect(counted(whole("Unhealthy"), again("Healthy", "2026-11-03T00:00:00Z"))).toEqual([[[], 1]]);
    expect(counted(whole("Healthy"), again("Unhealthy", "2026-11-03T00:00:00Z"))).toEqual([[["aks"], 0]]);
    expect(counted(whole("Healthy", ""), again("Unhealthy", ""))).toEqual([[["aks"], 0]]);
  });

  it("come to the same in whatever order they are read", () => {
    const statuses = fc.constantFrom("Healthy", "Unhealthy", "NotApplicable", "New");
    const day = fc.constantFrom("", "2026-11-01T00:00:00Z", "2026-11-05T00:00:00Z");
    const one = fc.record({ pod: fc.constantFrom("", "a", "b"), status: statuses, day });
    fc.assert(
      fc.property(fc.uniqueArray(one, { selector: ({ pod }) => pod }), (rows) => {
        const made = rows.map(({ pod, status, day: at }) =>
          pod ? each(pod, status, at) : whole(status, at),
        );
        expect(counted(...made.toReversed())).toEqual(counted(...made));
        // Nothing that is unhealthy without anything that says otherwise is ever hidden.
        if (made.every(({ status }) => status === "unhealthy" || status === "unknown"))
          expect(counted(...made).some(([names]) => (names as string[]).length > 0)).toBe(
            made.some(({ status }) => status === "unhealthy"),
          );
      }),
    );
  });
});

describe("titles", () => {
  it("are those that Azure has today; the catalogue's only where there is none", () => {
    expect(whole("Healthy").title).toBe(title);
    const renamed = row("whole", "", "Healthy", "", { displayName: "Its name at the last evaluation" });
    expect(renamed.title).toBe(title);
    const policy = "/providers/x/policyDefinitions/f06ddb64-5fa3-4b77-b166-acb36f7f6042";
    expect(row("other", "", "Healthy", "", { policy })).toMatchObject({
      title: "Running containers as root user should be avoided",
      policy: "f06ddb64-5fa3-4b77-b166-acb36f7f6042",
    });
    const updates = { displayName: "Update openssl", category: "SoftwareUpdate" };
    expect(row("each", "web", "Unhealthy", "", updates).title).toBe("Update openssl");
  });

  it.each([
    ["Upgrade Azure Kubernetes Service to remove vulnerabilities from AKS system pods", "vulnerability"],
    [
      "Upgrade Azure Kubernetes Service to remove vulnerabilities from AKS system pods (Preview)",
      "vulnerability",
    ],
    [
      "[Preview] Vulnerable Azure Kubernetes Service should be updated to resolve vulnerability findings",
      "vulnerability",
    ],
    ["Kubernetes clusters shouldn't use the default namespace", "data-plane"],
    ["Kubernetes clusters shouldn’t grant CAP_SYS_ADMIN capabilities", "data-plane"],
    ["Usage of pod HostPath volume mounts should be restricted to a known list", "data-plane"],
  ])("%s is known, as documented or as met", (name, type) => {
    expect(findRecommendation({ key: "", policy: "", title: name, category: "" })?.type).toBe(type);
  });

  it("node pools are assessed in both categories, and a container's own configuration is data plane", () => {
    const pool =
      "/subscriptions/s1/resourceGroups/own/providers/Microsoft.Compute/virtualMachineScaleSets/aks-p-1";
    for (const category of ["SoftwareUpdate", "ServiceUpgrade"]) {
      const read = row("node", "", "Unhealthy", "", {
        id: `${pool}/${security}/node`,
        category,
        displayName: "Update kernel",
        resource: { id: pool },
      });
      expect(read).toMatchObject({ type: "vulnerability", title: "Update kernel" });
    }
    expect(row("new", "web", "Unhealthy", "", { displayName: "Something new" }).type).toBe("data-plane");
  });
});
