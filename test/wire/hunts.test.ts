import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { cluster } from "../../playground/estate/containers.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { type Estate, emptyEstate } from "../../playground/estate/estate.ts";
import { loadHunts } from "../../src/azure/hunts/load.ts";
import type { HuntAnswer } from "../../src/domain/hunts/hunts.ts";
import { azureStandIn, portTo, refill, scriptedAzure } from "../azure-stand-in.ts";

const now = new Date();
const estate: Estate = emptyEstate();
let standIn: Awaited<ReturnType<typeof azureStandIn>>;

/** The demo, and a cluster where the plan is off. */
function hunted(): Estate {
  const made = demoEstate(now);
  const off = made.subscriptions.find(({ displayName }) => displayName === "Contoso Innovation")!;
  made.clusters.push(cluster(off, "aks-unprotected", {}));
  return made;
}

beforeAll(async () => {
  refill(estate, hunted());
  standIn = await azureStandIn({ estate });
});
beforeEach(() => refill(estate, hunted()));
afterAll(() => standIn.stop());

const shipped = await loadHunts(undefined);
const huntNamed = (name: string) => {
  const hunt = shipped.hunts.find((one) => one.name === name);
  if (!hunt) throw new Error(`no hunt ${name}`);
  return hunt;
};
const run = (name: string, options: { cve?: string } = {}) =>
  portTo(standIn.resourceManagerUrl).azure.hunt(huntNamed(name), options);
const lines = ({ value }: HuntAnswer) =>
  value.map(({ place, id, cells }) => [place.cluster, place.registry, id, ...Object.values(cells)].join(" "));

/** For each hunt: what it must find in the demo, and what it must not. */
const table: Record<string, { finds: string; not: string; cve?: string }> = {
  "alerts-open-high": { finds: "aks-prod-eu", not: "Dismissed" },
  "api-server-open": { finds: "aks-demo", not: "aks-prod-web" },
  "cve-blast-radius": { finds: "running", not: "zlib", cve: "CVE-2021-44228" },
  "default-namespace": { finds: "toolbox", not: "checkout" },
  "dismissed-alerts": { finds: "aks-prod-payments", not: "aks-demo" },
  "exemptions-expiring": { finds: "Legacy shop until its rebuild", not: "Batch nodes" },
  "exposed-exploitable": { finds: "team-api-gateway", not: "aks-juchu" },
  "identity-owner": { finds: "aks-demo", not: "aks-prod-web" },
  "local-accounts": { finds: "aks-demo", not: "aks-prod-web" },
  "no-auto-upgrade": { finds: "aks-prod-eu", not: "aks-prod-web" },
  "no-defender-sensor": { finds: "aks-juchu", not: "aks-build" },
  "no-entra-rbac": { finds: "aks-build", not: "aks-demo" },
  "no-network-policy": { finds: "aks-prod-eu", not: "aks-prod-web" },
  "no-policy-addon": { finds: "aks-demo", not: "aks-prod-web" },
  "old-images": { finds: "container-web", not: "checkout" },
  "outdated-kubernetes": { finds: "1.31.2", not: "1.33.4" },
  "plan-off": { finds: "aks-unprotected", not: "aks-demo" },
  "privileged-critical": { finds: "Privileged containers should be avoided", not: "toolbox" },
  "registry-admin-user": { finds: "contosolab", not: "contosoprod" },
  "registry-anonymous-pull": { finds: "contosojuchu", not: "contosolab" },
  "registry-no-private-link": { finds: "contosolab", not: "contosoprod" },
  "registry-open-network": { finds: "contosolab", not: "contosoprod" },
  "sensor-excluded": { finds: "aks-build", not: "aks-demo" },
  "unpatched-nodes": { finds: "aks-prod-auto", not: "aks-prod-eu" },
  "unscanned-running": { finds: "docker.io/library/toolbox", not: "aks-prod-web" },
};

describe("the hunts that come with the bot", () => {
  it("are all valid, at least 20, with every text in both languages, and in the table below", () => {
    expect(shipped.problems).toEqual([]);
    expect(shipped.hunts.length).toBeGreaterThanOrEqual(20);
    expect(shipped.hunts.map(({ name }) => name)).toEqual(Object.keys(table));
    for (const { texts } of shipped.hunts)
      for (const key of ["title", "question", "explanation", "action"] as const) {
        expect(texts.en[key]).not.toMatch(/[ぁ-んァ-ヶ]/);
        expect(texts.ja[key]).not.toBe(texts.en[key]);
      }
  });

  it.each(Object.entries(table))("%s finds the one and not the other", async (name, { finds, not, cve }) => {
    const answer = await run(name, { cve });
    const seen = lines(answer);
    expect(seen.filter((line) => line.includes(finds))).not.toEqual([]);
    expect(seen.filter((line) => line.includes(not))).toEqual([]);
    expect(answer).toMatchObject({ unread: [], missing: 0 });
    expect(answer.subscriptions).toBe(4);
  });

  const named = (name: string) => estate.clusters.find((one) => one.name === name)!;
  const healthy = (which: RegExp) => {
    for (const { properties } of estate.assessments)
      if (which.test(String(properties.displayName)))
        (properties.status as { code: string }).code = "Healthy";
  };
  // Of each join: the other side of it no longer matches.
  const fixes: [string, (here: Estate) => unknown][] = [
    ["local-accounts", () => Object.assign(named("aks-demo").properties, { disableLocalAccounts: true })],
    ["alerts-open-high", () => healthy(/./)],
    ["privileged-critical", () => healthy(/privileged containers|host network/i)],
    [
      "exposed-exploitable",
      ({ contents }) => contents.containers.map((one) => Object.assign(one, { exposed: false })),
    ],
    [
      "exposed-exploitable",
      ({ contents }) => [...contents.cves.values()].map((cve) => Object.assign(cve, { exploit: false })),
    ],
    [
      "old-images",
      ({ contents }) => contents.images.map((one) => Object.assign(one, { pushed: now.toISOString() })),
    ],
    [
      "outdated-kubernetes",
      () => Object.assign(named("aks-build").properties, { currentKubernetesVersion: "1.32.9" }),
    ],
    [
      "plan-off",
      ({ pricings }) =>
        pricings.map(({ properties }) => Object.assign(properties, { pricingTier: "Standard" })),
    ],
    ["identity-owner", () => Object.assign(named("aks-demo"), { identity: { principalId: "other" } })],
    [
      "exemptions-expiring",
      ({ policyExemptions: [first] }) => Object.assign(first!.properties, { expiresOn: now.toISOString() }),
    ],
  ];
  it.each(fixes)("%s leaves out what is fixed", async (name, fix) => {
    expect((await run(name)).value).not.toEqual([]);
    fix(estate);
    estate.revision++;
    expect((await run(name)).value).toEqual([]);
  });

  it("list a role once for each cluster whose identity it is", async () => {
    named("aks-build").properties.identityProfile = {
      kubeletidentity: { objectId: (named("aks-demo").identity as { principalId: string }).principalId },
    };
    estate.revision++;
    expect((await run("identity-owner")).value.map(({ place }) => place.cluster)).toEqual([
      "aks-build",
      "aks-demo",
    ]);
  });

  it("keep to the scope", async () => {
    const { azure } = portTo(standIn.resourceManagerUrl);
    const answer = await azure.hunt(huntNamed("api-server-open"), {
      scope: { kind: "cluster", pattern: "aks-prod-*" },
    });
    expect(answer.value.map(({ place }) => place.cluster).sort()).toEqual([
      "aks-prod-auto",
      "aks-prod-batch",
      "aks-prod-eu",
      "aks-prod-mixed",
    ]);
  });

  it("of a CVE find the same for every spelling, and only whole ids", async () => {
    const answer = await run("cve-blast-radius", { cve: "cve-2021-44228" });
    expect(lines(answer)).toEqual(lines(await run("cve-blast-radius", { cve: "CVE-2021-44228" })));
    expect((await run("cve-blast-radius", { cve: "CVE-2021-4422" })).value).toEqual([]);
  });

  it("take no text for a CVE", async () => {
    const hostile = "CVE-2021-44228') or (1==1";
    await expect(run("cve-blast-radius", { cve: hostile })).rejects.toThrow(/is no CVE/);
  });

  it("are unknown where CVE details can't be read, instead of empty", async () => {
    estate.contents.cveDetails = false;
    estate.revision++;
    expect(await run("exposed-exploitable")).toMatchObject({ unknown: "cve-details", value: [] });
  });

  it("name the subscriptions whose permissions lack what they need", async () => {
    for (const permissions of Object.values(estate.permissions))
      for (const one of permissions)
        one.actions = one.actions.filter((action) => !action.includes("roleAssignments"));
    estate.revision++;
    const answer = await run("identity-owner");
    expect(answer.value).toEqual([]);
    expect(answer.unread).toHaveLength(4);
    expect(answer.unread[0]).toMatchObject({
      why: "denied",
      detail: "missing: Microsoft.Authorization/roleAssignments/read",
    });
  });
});

const own = (query: string) => `// title.en: Ours
// question.en: Which?
// explanation.en: Why.
// action.en: Do it.
// severity: low
${query}`;

describe("an operator's own hunts", () => {
  const folderOf = (files: Record<string, string>) => {
    const folder = mkdtempSync(join(tmpdir(), "hunts-"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  };
  const good = own(
    "resources\n| where type =~ 'microsoft.containerservice/managedclusters'\n| project id, location\n| order by id asc\n",
  );

  it("are listed beside the others, in the language they have; a wrong file is named with its line", async () => {
    const folder = folderOf({
      "good.kql": good,
      "bracket.kql": own("resources\n| where (type =~ 'x'\n| project id\n| order by id asc"),
      "quote.kql": own("resources\n| where name == 'x\n| project id\n| order by id asc"),
      "limit.kql": own("resources\n| take 5\n| project id\n| order by id asc"),
      "unordered.kql": own("resources\n| project id"),
      "key.kql": `// titel.en: x\n${good}`,
      "local-accounts.kql": good,
      "notes.txt": "not a hunt",
    });
    const { hunts, problems } = await loadHunts(folder);
    expect(hunts.filter((one) => one.own).map(({ name, texts }) => [name, texts.ja.title])).toEqual([
      ["good", "Ours"],
    ]);
    expect(hunts).toHaveLength(Object.keys(table).length + 1);
    const at = problems.map(
      ({ file, line, problem }) => `${file.slice(folder.length + 1)}:${line} ${problem}`,
    );
    expect(at).toEqual([
      expect.stringContaining('bracket.kql:7 ")" is missing'),
      expect.stringContaining('key.kql:1 unknown key "titel.en"'),
      expect.stringContaining('limit.kql:7 "| take" is not supported here'),
      expect.stringContaining("quote.kql:7 a string '… is not closed"),
      expect.stringContaining('unordered.kql:7 must end with "| order by id asc"'),
      expect.stringContaining('local-accounts.kql:1 a hunt "local-accounts" comes with Breakwater'),
    ]);
  });

  it("a folder that isn't there is a problem, and the others work", async () => {
    const { hunts, problems } = await loadHunts("/nowhere/hunts");
    expect(hunts).toHaveLength(Object.keys(table).length);
    expect(problems).toEqual([{ file: "/nowhere/hunts", line: 1, problem: "can't be read: ENOENT" }]);
  });

  it("doctor asks Resource Graph for each, and names the line that it rejects", async () => {
    const folder = folderOf({
      "good.kql": good,
      "wrong.kql": own("resources\n| where nothing_of_that_name == 1\n| project id\n| order by id asc"),
      "broken.kql": "resources",
    });
    const { azure, settings } = portTo(standIn.resourceManagerUrl);
    settings.hunts.folder = folder;
    const checks = (await azure.checks("en")).filter(({ name }) => name.startsWith("Hunt"));
    expect(checks.map(({ name, state }) => [name.split("/").at(-1), state])).toEqual([
      ["broken.kql", "failed"],
      ["Hunt good", "ok"],
      ["Hunt wrong", "failed"],
    ]);
    expect(checks[2]?.said).toMatch(/\(line 7, character 8: nothing_of_that_name\)/);
    // What Azure doesn't answer is no mistake in the file.
    standIn.faults.add({ kind: "status", status: 503, retryAfter: 0, match: { path: /ResourceGraph/ } });
    const again = (await azure.checks("en")).find(({ name }) => name === "Hunt good");
    standIn.faults.clear();
    expect(again).toMatchObject({ state: "unknown", fix: expect.stringContaining("again in a few minutes") });
  });
});

describe("a hunt with more rows than anyone reads", () => {
  it("stops at 5,000 and says how many are missing", async () => {
    const subscription = "00000000-0000-0000-0000-000000000001";
    const page = (from: number) => ({
      totalRecords: 100_000,
      count: 1000,
      resultTruncated: "false",
      $skipToken: `from ${from + 1000}`,
      data: {
        columns: ["id", "subscriptionId"].map((name) => ({ name, type: "string" })),
        rows: Array.from({ length: 1000 }, (_, index) => [
          `/subscriptions/${subscription}/resourceGroups/g/providers/p/t/${from + index}`,
          subscription,
        ]),
      },
    });
    let asked = 0;
    const server = await scriptedAzure((path, body) => {
      if (!path.includes("ResourceGraph"))
        return { body: { value: [{ subscriptionId: subscription, displayName: "one", state: "Enabled" }] } };
      asked++;
      const token = (body as { options: { $skipToken?: string } }).options.$skipToken;
      return { body: page(Number(token?.slice(5) ?? 0)) };
    });
    const answer = await portTo(server.url).azure.hunt(huntNamed("local-accounts"));
    await server.stop();
    expect(answer).toMatchObject({ missing: 95_000 });
    expect(answer.value).toHaveLength(5000);
    expect(asked).toBe(5);
  });
});
