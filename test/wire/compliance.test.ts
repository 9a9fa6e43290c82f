import { readFileSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { assessmentsOf } from "../../playground/estate/assessments.ts";
import { cisAks, cloudBenchmark } from "../../playground/estate/compliance-facts.ts";
import { cluster } from "../../playground/estate/containers.ts";
import { addSubscription, botRole, emptyEstate, type Resource } from "../../playground/estate/estate.ts";
import { field, list } from "../../src/azure/fields.ts";
import { summarizeCompliance } from "../../src/domain/compliance/summary.ts";
import { openStore } from "../../src/store/store.ts";
import { azureStandIn, portTo, scriptedAzure } from "../azure-stand-in.ts";
import { benchOf, last, linesOf, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const now = new Date("2026-11-29T08:00:00Z");
const redis = redisForThisFile();
const estate = emptyEstate("compliance");
const production = addSubscription(estate, "Production");
const sandbox = addSubscription(estate, "Sandbox");
const empty = addSubscription(estate, "Empty");
for (let number = 1; number <= 5; number++) estate.clusters.push(cluster(production, `aks-${number}`));
estate.clusters.push(cluster(sandbox, "aks-sandbox"));
estate.assessments.push(...assessmentsOf(estate, now));
estate.standards.push(
  { subscriptionId: production.subscriptionId, name: cisAks.name },
  { subscriptionId: production.subscriptionId, name: cloudBenchmark.name },
  { subscriptionId: sandbox.subscriptionId, name: cloudBenchmark.name },
);

let azure: Awaited<ReturnType<typeof azureStandIn>>;
beforeAll(async () => {
  azure = await azureStandIn({ estate });
});
afterAll(() => azure.stop());
afterEach(() => {
  azure.faults.clear();
  for (const { subscriptionId } of [production, sandbox, empty])
    estate.permissions[subscriptionId] = [botRole()];
  estate.complianceRows = [];
  estate.revision++;
});

const port = () => portTo(azure.resourceManagerUrl).azure;
const bench = () =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), { azure: portTo(azure.resourceManagerUrl).azure });

/** The rows of a published example, as Resource Graph has them: its types are plural and in small letters. */
function published(name: string): Resource[] {
  const path = `../examples/azure/security/2019-01-01-preview/RegulatoryCompliance/${name}_example.json`;
  const body = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8"));
  return list(field(body, "responses", "200", "body", "value")).map((row) => {
    const one = row as Resource;
    const id = one.id.replace(/^\/subscriptions\/[^/]+/, production.id);
    return { ...one, id, type: typeOf(one.id) };
  });
}

function typeOf(id: string): string {
  const [, rest = ""] = id.split("/providers/");
  const words = rest.split("/");
  return [words[0], ...words.slice(1).filter((_, index) => index % 2 === 0)].join("/");
}

describe("Microsoft's published examples are read as they are", () => {
  it("standards, of which one without any control is offered and not assigned, controls and assessments", async () => {
    estate.complianceRows = [
      ...published("getRegulatoryComplianceStandardList"),
      ...published("getRegulatoryComplianceControlList"),
      ...published("getRegulatoryComplianceAssessmentList"),
    ];
    estate.revision++;
    const { value } = await port().compliance();
    const own = value.standards.filter(({ name }) => !/CIS Azure Kub|Microsoft/.test(name));
    expect(own.map(({ name, controls, missing }) => [name, controls.length, missing])).toEqual([
      ["ISO 27001", 0, 10],
      ["PCI DSS 3.2", 3, 8],
      ["SOC TSP", 0, 15],
    ]);
    expect(own[1]!.controls).toEqual([
      { id: "1.1", state: "failed", failed: 4, passed: 7, skipped: 0 },
      { id: "2", state: "skipped", failed: 0, passed: 0, skipped: 10 },
      { id: "2.1", state: "manual", failed: 0, passed: 0, skipped: 0 },
    ]);
    const titles = value.titles.find(({ key }) => key === "pci-dss-3.2")?.titles;
    expect(titles?.["1.1"]).toBe("Common Criteria Related to Organization and Management.");
    const asked = { within: [production.subscriptionId], expected: 11 };
    const { value: assessments, missing } = await port().controlAssessments("pci-dss-3.2", "1.1", asked);
    expect(missing).toBe(0);
    expect(assessments).toEqual([
      {
        key: "968548cb-02b3-8cd2-11f8-0cf64ab1a347",
        title: "Troubleshoot missing scan data on your machines",
        kind: "assessment",
        state: "failed",
        failed: 4,
        passed: 7,
        skipped: 0,
        subscription: { id: production.subscriptionId, name: "Production" },
      },
    ]);
  });
});

describe("a reading of compliance", () => {
  it("takes three requests, whatever the number of controls", async () => {
    const before = azure.requests.length;
    const { value, unread } = await port().compliance();
    expect(unread).toEqual([]);
    expect(azure.requests.slice(before).filter(({ path }) => /resourcegraph/i.test(path))).toHaveLength(3);
    expect(summarizeCompliance(value).map(({ name, subscriptions }) => [name, subscriptions])).toEqual([
      ["CIS Azure Kubernetes Service (AKS) Benchmark v1.5.0", 1],
      ["Microsoft cloud security benchmark", 2],
    ]);
  });

  it("knows mixed letter case, unknown states, missing fields, duplicates, and leaves connectors of other clouds out", async () => {
    const id = `/subscriptions/${sandbox.subscriptionId.toUpperCase()}/providers/microsoft.security/RegulatoryComplianceStandards/NIST-800`;
    const type = "Microsoft.Security/regulatoryComplianceStandards";
    const row = (name: string, properties: Record<string, unknown>): Resource => ({
      ...{ id: `${id}/regulatoryComplianceControls/${name}`, name },
      type: `${type}/regulatoryComplianceControls`,
      properties,
    });
    estate.complianceRows = [
      { id, name: "NIST-800", type, properties: { failedControls: "2", unsupportedControls: 2 } },
      row("AC-2(1)", { state: "FAILED", description: "<b>Accounts</b> & more" }),
      row("ac-2(1)", { state: "Failed" }),
      row("AC-3", { state: "Pending", failedAssessments: -1 }),
      row("AC-4", {}),
      row("AWS", { state: "Failed", scope: "SecurityConnector" }),
    ];
    estate.revision++;
    const { value } = await port().compliance();
    const nist = value.standards.find(({ key }) => key === "nist-800");
    expect(nist?.subscription).toEqual({ id: sandbox.subscriptionId, name: "Sandbox" });
    expect(nist?.controls.map(({ id: control, state }) => `${control} ${state}`).sort()).toEqual([
      "AC-3 unknown",
      "AC-4 unknown",
      "ac-2(1) failed",
    ]);
    expect(nist?.missing).toBe(1);
  });

  it("names subscriptions that may not be read, and those whose permission for standards alone is missing", async () => {
    estate.permissions[sandbox.subscriptionId] = [
      { ...botRole(), notActions: ["Microsoft.Security/regulatoryComplianceStandards/*"] },
    ];
    estate.permissions[empty.subscriptionId] = [
      { ...botRole(), actions: ["Microsoft.Resources/subscriptions/read"] },
    ];
    estate.revision++;
    const { unread, value } = await port().compliance();
    expect(unread.map(({ name, why }) => `${name} ${why}`).sort()).toEqual([
      "Empty denied",
      "Sandbox denied",
    ]);
    expect(value.standards.every(({ subscription }) => subscription.name === "Production")).toBe(true);
    const message = last(await bench().say("compliance"));
    expect([message.tone, textOf(message.headline)]).toEqual([
      "bad",
      expect.stringContaining("2 of 3 couldn't be read"),
    ]);
    // Whether CIS AKS is assigned where nothing could be read is unknown.
    expect(textOf(message)).not.toContain("isn't assigned");
  });

  it("asks for many controls in parts, because an answer has at most 16 MB", async () => {
    const asked: string[] = [];
    const far = await scriptedAzure((path, body) => {
      if (path === "/subscriptions")
        return { body: { value: [{ subscriptionId: "s1", displayName: "One", state: "Enabled" }] } };
      const query = String(field(body, "query") ?? "");
      if (query === "") return { body: { value: [] } };
      const rows: unknown[] = [];
      if (query.includes("failedControls"))
        rows.push({ id: "/subscriptions/s1/x/Big", name: "Big", subscriptionId: "s1", failed: 250_000 });
      else if (query.includes("make_list")) {
        const part = /% 3 == (\d)/.exec(query)?.[1] ?? "none";
        asked.push(part);
        const controls = [[`C-${part}`, "Failed", 1, 0, 0]];
        rows.push({ id: "s1/big", subscriptionId: "s1", standard: "big", controls, total: 1 });
      }
      return {
        body: { totalRecords: rows.length, count: rows.length, resultTruncated: "false", data: rows },
      };
    });
    const { value } = await portTo(far.url).azure.compliance();
    await far.stop();
    expect(asked).toEqual(["0", "1", "2"]);
    expect(value.standards[0]?.controls.map(({ id }) => id)).toEqual(["C-0", "C-1", "C-2"]);
    expect(value.standards[0]?.missing).toBe(249_997);
  });
});

describe("the way down", () => {
  it("leads from the standards to the resources, through one menu each", async () => {
    const { say } = bench();
    const top = last(await say("compliance"));
    expect(textOf(top.headline)).toMatch(
      /^\d+ of \d+ assessed controls failed in 2 standards · CIS AKS isn't assigned in 1$/,
    );
    expect(textOf(top)).toMatch(
      /isn't assigned in 1 subscription with clusters: Sandbox.*Security policies/s,
    );
    expect(linesOf(top)).toContain(`enable sub:${sandbox.subscriptionId} cis-standard`);
    const standard = last(await say(lineOf(top, /--standard cis|--standard "cis/)));
    expect(textOf(standard.headline)).toMatch(
      /^CIS Azure Kubernetes Service \(AKS\) Benchmark v1\.5\.0: \d+ failed/,
    );
    const control = last(await say(lineOf(standard, /--control /)));
    expect(textOf(control.headline)).toMatch(/^Failed: [\d.]+ \w+/);
    const resources = last(await say(lineOf(control, /--assessment /)));
    expect(textOf(resources)).toMatch(/^\d resources? failed: .*aks-\d/s);
    // The standard isn't assigned to the subscription of this cluster.
    expect(textOf(resources)).not.toContain("aks-sandbox");
    expect(linesOf(resources)[0]).toMatch(/^recommendation /);
    const recommendation = last(await say(lineOf(resources, /^recommendation /)));
    expect(textOf(resources)).toContain(textOf(recommendation.headline).split(":")[0]);
  });

  it("leads from a category to the findings, and says so where a control has no assessment", async () => {
    const { say } = bench();
    const category = last(await say("compliance --standard cis-aks --control 5.1.1"));
    expect(textOf(category)).toContain("All recommendations of category SoftwareUpdate");
    expect(linesOf(category)).toContain("vulnerabilities");
    const manual = last(await say("compliance --standard cis-aks --control 3.1.1"));
    expect([manual.tone, textOf(manual)]).toEqual([
      "warning",
      expect.stringContaining("someone has to check it"),
    ]);
  });

  it("keeps its scope: of a cluster the standards of its subscription, and its own resources", async () => {
    const { say } = bench();
    const scoped = last(await say("compliance cluster:aks-sandbox"));
    expect(textOf(scoped)).toContain("a subscription as a whole: Sandbox");
    const down = last(await say(lineOf(scoped, /--standard/)));
    const ways = linesOf(down).filter((line) => !line.startsWith("share "));
    expect(ways.every((line) => line.startsWith("compliance cluster:aks-sandbox"))).toBe(true);
    const none = last(await say("compliance cluster:aks-sandbxo"));
    expect(textOf(none)).toContain("Did you mean");
    const nothing = last(await say("compliance sub:Empty"));
    expect([nothing.tone, textOf(nothing.headline)]).toEqual([
      "warning",
      "No regulatory standard is assigned · filters: sub:Empty",
    ]);
  });
});

function lineOf(message: Parameters<typeof linesOf>[0], pattern: RegExp): string {
  const line = linesOf(message).find((one) => pattern.test(one));
  if (!line) throw new Error(`no line ${pattern} in ${linesOf(message).join("\n")}`);
  return line;
}
