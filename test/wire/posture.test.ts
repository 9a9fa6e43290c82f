import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { assessmentsOf, containerAssessmentsOf } from "../../playground/estate/assessments.ts";
import { cluster, registry } from "../../playground/estate/containers.ts";
import { pushImage, runImage } from "../../playground/estate/contents.ts";
import { addSubscription, botRole, emptyEstate } from "../../playground/estate/estate.ts";
import { benchmarkAssignment } from "../../playground/estate/policy-definitions.ts";
import { goneResources } from "../../src/domain/recommendations/gone.ts";
import { isWholeCluster } from "../../src/domain/recommendations/recommendation-generations.ts";
import { groupAssessments } from "../../src/domain/recommendations/recommendation-summary.ts";
import { openStore } from "../../src/store/store.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";
import { benchOf, last, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const now = new Date("2026-11-29T08:00:00Z");
const redis = redisForThisFile();
const estate = emptyEstate("posture");
const production = addSubscription(estate, "Production");
const fresh = addSubscription(estate, "Fresh", { foundational: false });
const unlisted = addSubscription(estate, "Unlisted", { foundational: null });
const quiet = addSubscription(estate, "Quiet");
for (let number = 1; number <= 12; number++) estate.clusters.push(cluster(production, `aks-${number}`));
const acr = registry(production, "acrposture", {});
estate.registries.push(acr);
const image = pushImage(estate, { registry: acr, repository: "web", at: now });
for (const one of estate.clusters.slice(0, 3))
  for (const workload of ["web", "api", "batch", "jobs"])
    runImage(estate, image, { cluster: one, namespace: "shop", workload });
const wholes = assessmentsOf(estate, now);
estate.assessments.push(...wholes);

let azure: AzureStandIn;
beforeAll(async () => {
  azure = await azureStandIn({ estate });
});
afterAll(() => azure.stop());
afterEach(() => {
  azure.faults.clear();
  estate.permissions[production.subscriptionId] = [botRole()];
  estate.assessments.splice(0, estate.assessments.length, ...wholes);
  estate.revision++;
});

const port = () => portTo(azure.resourceManagerUrl).azure;
const bench = () => {
  const { assessments, affectedObjects, policyParameters, subscriptions, targets } = port();
  return benchOf(openStore(redis.connect(), redis.prefix(), []), {
    azure: { assessments, affectedObjects, policyParameters, subscriptions, targets },
  });
};
const insights = () => azure.requests.filter(({ path }) => /policystates/i.test(path));

describe("subscriptions without Foundational CSPM", () => {
  it("are not on where Azure says so, unknown where it says nothing, and on where it says Standard", async () => {
    const { unassessed, unread } = await port().assessments();
    expect(unread).toEqual([]);
    expect(unassessed).toEqual([
      { id: fresh.subscriptionId, name: "Fresh", state: "off", detail: "" },
      { id: unlisted.subscriptionId, name: "Unlisted", state: "unknown", detail: "" },
    ]);
  });

  it("are unknown where their plans cannot be read, with Azure's words", async () => {
    azure.faults.add({
      kind: "status",
      status: 403,
      match: { path: new RegExp(`${quiet.subscriptionId}/providers/Microsoft.Security/pricings$`) },
    });
    const { unassessed } = await port().assessments();
    expect(unassessed.find(({ name }) => name === "Quiet")).toMatchObject({
      state: "unknown",
      detail: expect.stringContaining("AuthorizationFailed"),
    });
  });

  it("cost no call where recommendations show that it is on, and one each otherwise", async () => {
    const before = azure.requests.length;
    const { azure: one } = portTo(azure.resourceManagerUrl);
    await one.assessments();
    const asked = azure.requests.slice(before).filter(({ path }) => path.endsWith("/pricings"));
    expect(asked.some(({ path }) => path.includes(production.subscriptionId))).toBe(false);
    expect(asked).toHaveLength(3);
  });

  it("are named in both languages with how it is turned on, and never green", async () => {
    const { say } = bench();
    const none = last(await say("recommendations sub:Fresh"));
    expect(none.tone).toBe("warning");
    expect(textOf(none.headline)).toContain("No recommendations: Foundational CSPM isn't on");
    expect(textOf(none)).toMatch(/Fresh.*Not on.*Environment settings.*Opt in to Foundational CSPM/s);
    const all = last(await say("recommendations"));
    expect(textOf(all.headline)).toContain("Foundational CSPM isn't on in 1 of 4");
    expect(textOf(all)).toContain("Unknown because Azure doesn't list the plan");
    const fixed = wholes.map((one) => ({
      ...one,
      properties: { ...one.properties, status: { code: "Healthy" } },
    }));
    estate.assessments.splice(0, estate.assessments.length, ...fixed);
    estate.revision++;
    const done = last(await bench().say("recommendations"));
    expect([done.tone, textOf(done.headline)]).toEqual([
      "warning",
      expect.stringMatching(/^No open recommendations · Foundational CSPM isn't on in 1 of 4/),
    ]);
    expect(last(await bench().say("recommendations sub:Production")).tone).toBe("good");
    const cluster = last(await bench().say("recommendations cluster:aks-1"));
    expect([cluster.tone, textOf(cluster)]).toEqual(["good", expect.not.stringContaining("CSPM")]);
    const japanese = last(await bench().say("recommendations sub:Fresh", { language: "ja" }));
    expect(textOf(japanese)).toMatch(/Foundational CSPM が有効ではありません.*無効.*環境設定/s);
  });
});

describe("the risk level of Defender CSPM", () => {
  it("is shown beside the severity where there is one, in the list, for each resource and in the file", async () => {
    const { say } = bench();
    const list = last(await say("recommendations sub:Production --csv"));
    expect(textOf(list)).toMatch(/Severity Risk Type.*🟠 High.*🔴 Critical/s);
    const [file] = list.parts.flatMap((part) => ("file" in part ? [part.file] : []));
    expect(file?.csv[0]?.slice(0, 2)).toEqual(["severity", "risk"]);
    expect(new Set(file?.csv.slice(1).map((row) => row[1]))).toEqual(new Set(["critical", ""]));
    const worst = groupAssessments((await port().assessments()).value)[0]!;
    expect([worst.severity, worst.risk]).toEqual(["high", "critical"]);
    expect(textOf(last(await say(`recommendation ${worst.key}`)))).toMatch(/Risk level.*Critical/s);
  });
});

it("lists assessments without metadata by their own names, custom ones too, and nothing of metadata alone", async () => {
  const metadata = estate.assessmentsMetadata;
  const orphan = { ...metadata[0]!.properties, displayName: "Kubernetes clusters that nothing assesses" };
  estate.assessmentsMetadata = [{ ...metadata[0]!, name: "orphan", properties: orphan }];
  const name = "5a6ed62d-0bcf-4d5a-9b1a-8c0a1c6b1f10";
  const { resourceDetails } = wholes[0]!.properties;
  const custom = { resourceDetails, displayName: "Our own rule", status: { code: "Unhealthy" } };
  const id = `${estate.clusters[0]!.id}/providers/Microsoft.Security/assessments/${name}`;
  estate.assessments.push({ id, name, type: "Microsoft.Security/assessments", properties: custom });
  estate.revision++;
  const listed = groupAssessments((await port().assessments()).value);
  estate.assessmentsMetadata = metadata;
  const titled = (words: string) => listed.find(({ title }) => title.includes(words));
  expect(titled("Our own rule")).toMatchObject({
    key: name,
    severity: "unknown",
    unhealthy: [{ key: name }],
  });
  expect(titled("Privileged containers")).toMatchObject({ severity: "medium", type: "data-plane" });
  expect(titled("nothing assesses")).toBeUndefined();
});

it("names deleted clusters that Defender still assesses, and judges none of a subscription that couldn't be read", async () => {
  const { value } = await port().assessments();
  const { key, unhealthy } = groupAssessments(value).find(
    ({ unhealthy }) => unhealthy.filter(isWholeCluster).length > 1,
  )!;
  const [deleted] = unhealthy.filter(isWholeCluster).map(({ resource }) => resource);
  const at = estate.clusters.findIndex(({ id }) => id.toLowerCase() === deleted!.id.toLowerCase());
  const [there] = estate.clusters.splice(at, 1);
  estate.revision++;
  const said = textOf(last(await bench().say(`recommendation ${key}`)));
  estate.clusters.splice(at, 0, there!);
  expect(said).toMatch(new RegExp(`though Defender still assesses it: ${deleted!.name}\\b`));
  const unread = [{ id: production.subscriptionId, name: "", why: "denied" as const, detail: "" }];
  expect(goneResources(unhealthy, { value: { clusters: [], registries: [] }, unread })).toEqual([]);
});

describe("the secure score", () => {
  it("is shown beside each recommendation, and in one with the control that counts it", async () => {
    const { say } = bench();
    const list = last(await say("recommendations sub:Production"));
    expect(textOf(list)).toMatch(/Secure score.*\d%.*Secure score.*\+\d+(\.\d)?%/s);
    const { key } = await dataPlane(1);
    expect(textOf(last(await say(`recommendation ${key}`)))).toMatch(
      /\+[\d.]+% at most.*Production: \+[\d.]+ points .*now [\d.]+ of \d/s,
    );
    const restricted = groupAssessments((await port().assessments()).value).find(({ title }) =>
      /Diagnostic logs/.test(title),
    )!;
    expect(textOf(last(await say(`recommendation ${restricted.key}`)))).toContain("No effect: no control");
  });

  it("costs two requests for the whole estate, the second one once an hour", async () => {
    const { azure: one } = portTo(azure.resourceManagerUrl);
    const asked = () =>
      azure.requests.filter(({ body }) => JSON.stringify(body ?? "").includes("securescores")).length;
    const before = asked();
    await one.assessments();
    expect(asked() - before).toBe(2);
    await one.assessments();
    expect(asked() - before).toBe(3);
  });

  it("is unknown without the permission, which the answer and doctor name, and nothing else is missing", async () => {
    const role = botRole();
    role.actions = role.actions.filter((action) => !action.startsWith("Microsoft.Security/secureScores/"));
    estate.permissions[production.subscriptionId] = [role];
    const list = textOf(last(await bench().say("recommendations sub:Production")));
    expect(list).toMatch(
      /Secure score.*Unknown.*unknown for Production.*Microsoft\.Security\/secureScores\/read/s,
    );
    const { key } = await dataPlane(1);
    expect(textOf(last(await bench().say(`recommendation ${key}`)))).toContain("unknown for Production");
    const checks = await port().checks("en");
    expect(checks.find(({ name }) => name.includes("Production"))).toMatchObject({
      state: "failed",
      said: expect.stringContaining("Microsoft.Security/secureScores/secureScoreControls/read"),
    });
  });
});

describe("the parameters of a recommendation's policy", () => {
  const open = async (word: string) => {
    const { value } = await port().assessments();
    const { key } = groupAssessments(value).find(({ title }) => title.includes(word))!;
    return textOf(last(await bench().say(`recommendation ${key}`)));
  };

  it("are shown with value, default, the assignment that sets them and the request that changes them", async () => {
    estate.policyAssignments.push(
      benchmarkAssignment(production.id, { memoryInKubernetesClusterLimit: "2Gi" }),
    );
    const said = await open("CPU and memory limits");
    expect(said).toMatch(
      /Highest memory limit of a container in Production: 2Gi.*default: 64Gi.*ASC Default/s,
    );
    expect(said).toContain(`/defender enable sub:${production.subscriptionId} memory-limit --value 1Gi`);
    expect(await open("Services should listen")).toContain("Allowed service ports in Production: -1");
    expect(await open("should not use the default namespace")).not.toContain("Parameters of its policy");
  });

  it("are unknown with Azure's words where they can't be read, and said not to be there without an assignment", async () => {
    azure.faults.add({ kind: "status", status: 403, match: { path: /policyAssignments$/i } });
    expect(await open("CPU and memory limits")).toMatch(/Production: unknown because /);
    azure.faults.clear();
    estate.policyAssignments.splice(0);
    expect(await open("CPU and memory limits")).toContain("Production: the policy isn't assigned");
  });
});

/** A data plane recommendation with a policy that is unhealthy on at least so many of the clusters. */
async function dataPlane(least: number) {
  const { value } = await port().assessments();
  return groupAssessments(value).find(
    ({ type, unhealthy }) =>
      type === "data-plane" && unhealthy.filter((one) => one.policy && isWholeCluster(one)).length >= least,
  )!;
}

describe("the objects of a recommendation on a whole cluster", () => {
  it("come from Policy Insights, once each, and only when somebody looks at one recommendation", async () => {
    const { say } = bench();
    const before = insights().length;
    await say("recommendations --csv");
    expect(insights()).toHaveLength(before);
    const { key } = await dataPlane(2);
    const message = last(await say(`recommendation ${key} --csv`));
    expect(textOf(message)).toMatch(/Affected objects.*shop\/(web|api|batch|jobs)-.*Pod/s);
    const [objects] = message.parts.flatMap((part) => ("file" in part ? [part.file] : []));
    expect(objects?.csv[0]).toEqual(["cluster", "kind", "object", "evaluated"]);
    expect(new Set(objects?.csv.map((row) => row.join())).size).toBe(objects?.csv.length);
    expect(objects?.csv.flat()).not.toContain("*");
    for (const { method, query } of insights().slice(before)) {
      expect(method).toBe("POST");
      expect(query).toMatchObject({
        "api-version": "2019-10-01",
        $filter: expect.stringContaining("policyDefinitionId eq '/providers/"),
        $expand: "components($filter=complianceState eq 'NonCompliant' and type ne '*')",
      });
    }
  });

  it("are asked of ten clusters at most, and the answer says of how many", async () => {
    const { value } = await port().assessments();
    const some = value.filter((one) => isWholeCluster(one) && one.type === "data-plane" && one.policy);
    const before = insights().length;
    const read = await port().affectedObjects(some.slice(0, 12));
    expect(read.asked).toBe(10);
    expect(insights().length - before).toBeLessThanOrEqual(10);
  });

  it("are unknown in one line without the permission, which doctor names with the role", async () => {
    const role = botRole();
    role.actions = role.actions.filter((action) => !action.startsWith("Microsoft.PolicyInsights/"));
    estate.permissions[production.subscriptionId] = [role];
    const { key } = await dataPlane(1);
    const message = last(await bench().say(`recommendation ${key}`));
    expect(textOf(message).match(/missing a permission for Policy Insights/g)).toHaveLength(1);
    const checks = await port().checks("en");
    expect(checks.find(({ name }) => name.includes("Production"))).toMatchObject({
      state: "failed",
      said: expect.stringContaining("Microsoft.PolicyInsights/policyStates/queryResults/action"),
      fix: expect.stringContaining("az role definition update --role-definition docs/azure-role.json"),
    });
  });

  it("are not asked for where containers are assessed themselves", async () => {
    const both = estate.clusters.slice(0, 3).map(({ id }) => id);
    const before = groupAssessments((await port().assessments()).value);
    estate.assessments.push(...containerAssessmentsOf(estate, now));
    estate.revision++;
    const { value } = await port().assessments();
    const after = groupAssessments(value);
    expect(after.map(({ title }) => title).sort()).toEqual(before.map(({ title }) => title).sort());
    const privileged = after.find(({ title }) => title.startsWith("Privileged containers"))!;
    const names = privileged.unhealthy.map(({ resource }) => resource.name);
    expect(names.some((name) => name.startsWith("shop/"))).toBe(true);
    const ofBoth = privileged.unhealthy.filter(({ resource }) =>
      both.some((id) => resource.id.toLowerCase().startsWith(id.toLowerCase())),
    );
    expect(ofBoth.filter((one) => !isWholeCluster(one)).length).toBeGreaterThan(0);
  });
});
