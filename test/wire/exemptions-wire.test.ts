import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../playground/slack/message.ts";
import { startWorld, type World } from "../../playground/world.ts";
import { inChannel, shown } from "../in-channel.ts";

const [olivia, akira, sam] = ["U0OLIVIA001", "U0AKIRA0001", "U0SAM000001"] as const;
const security = "C0SECURITY1";
const type = "K8S.NODE_DigitalCurrencyMining";
const config = `
access:
  operators: [${akira}]
  approvers: [${olivia}, ${akira}]
`;

let world: World;
beforeAll(async () => {
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" } });
}, 180_000);
afterAll(() => world?.end());

const { answered, messageOf, pressed, became } = inChannel(() => world, security);
async function request(user: string, reason: string, scope = "cluster:aks-demo"): Promise<Message> {
  const line = `suppress ${type.toLowerCase()} ${scope} --for 7d --reason "${reason}"`;
  await answered(user, line, /Suppression requested|抑制の承認依頼/);
  return world.slack.until(() => messageOf(reason), 90_000);
}
const rules = (word = "/managedClusters/aks-demo") =>
  world.azure.estate.suppressionRules.filter(
    (one) => one.name.startsWith("breakwater-") && JSON.stringify(one).includes(word),
  );
const puts = (reason: string) =>
  world.azure.requests.filter(
    ({ method, body }) => method === "PUT" && JSON.stringify(body ?? "").includes(reason),
  );

describe("exempt", { timeout: 180_000 }, () => {
  it("makes an exemption of one recommendation in one place, once another person approved it", async () => {
    const { estate } = world.azure;
    const place = estate.clusters.find(({ name }) => name === "aks-demo")!.id.toLowerCase();
    const unhealthy = () =>
      estate.assessments.filter(
        ({ id, properties }) =>
          id.toLowerCase().startsWith(`${place}/providers/microsoft.security`) &&
          (properties.status as { code: string }).code === "Unhealthy",
      );
    const { name: key } = unhealthy()[0]!;
    const line = `exempt ${key} cluster:aks-demo --for 30d --reason "Rebuilt in March"`;
    await answered(sam, line, /Exemption requested/);
    const asked = await world.slack.until(() => messageOf("Rebuilt in March"), 90_000);
    expect(shown(asked)).toMatch(/no exemption: counted as unhealthy.*[1-9]\d* unhealthy resource/s);
    expect(await pressed(sam, asked, "Approve")).toMatch(/Only approvers can/);
    expect(estate.standardAssignments).toEqual([]);
    await pressed(olivia, asked, "Approve");
    await became(asked, /^Exempt: /);
    // The published shape [standardAssignments 2024-08-01].
    expect(estate.standardAssignments).toMatchObject([
      {
        id: expect.stringMatching(
          /aks-demo\/providers\/Microsoft.Security\/standardAssignments\/[0-9a-f-]{36}$/,
        ),
        properties: {
          effect: "Exempt",
          expiresOn: expect.stringMatching(/^\d{4}-.*Z$/),
          assignedStandard: { id: expect.stringMatching(/securityStandards/) },
          exemptionData: { exemptionCategory: "waiver", assignedAssessment: { assessmentKey: key } },
        },
      },
    ]);
    expect(unhealthy().some(({ name }) => name === key)).toBe(false);
    expect(await answered(sam, "exemptions cluster:aks-demo", /in force/)).toContain("Rebuilt in March");
    await answered(
      sam,
      "recommendations cluster:aks-demo",
      /[1-9]\d* resources? (is|are) exempt and not counted/,
    );
    const details = await answered(sam, `recommendation ${key} --csv`, /Exempt: \d+ resource/);
    expect(details).toMatch(/"aks-demo".{1,40}" until ".{1,40}"date"/);
  });

  it("says which recommendation was probably meant", async () => {
    await answered(sam, "exempt nothing-like-it cluster:aks-demo --for 1d --reason x", /not found/);
  });
});

describe("suppress", { timeout: 180_000 }, () => {
  it("shows before and after, does nothing before another person approves, and lists what is in force", async () => {
    const asked = await request(olivia, "Mining benchmark");
    for (const words of ["no rule: these alerts are reported", "Matches now", "cluster:aks-demo"])
      expect(shown(asked)).toContain(words);
    expect(await pressed(olivia, asked, "Approve")).toMatch(/can.t decide on your own request/);
    expect(await pressed(sam, asked, "Approve")).toMatch(/Only approvers can/);
    expect(rules()).toEqual([]);
    const before = structuredClone(asked);
    expect(await pressed(akira, asked, "Approve")).toMatch(/抑制を承認しました/);
    const active = await became(asked, /^Suppressed: /);
    expect(shown(active)).toMatch(/approved by .*akira/);
    const [rule] = rules();
    const cluster = world.azure.estate.clusters.find(({ name }) => name === "aks-demo")!;
    // The published shape of a PUT [alertsSuppressionRules 2019-01-01-preview].
    expect(rule?.properties).toMatchObject({
      alertType: type,
      state: "Enabled",
      reason: "Other",
      comment: expect.stringContaining("Mining benchmark"),
      expirationDateUtc: expect.stringMatching(/^\d{4}-.*Z$/),
      suppressionAlertsScope: {
        allOf: [{ field: "entities.azure-resource.resourceId", in: [cluster.id] }],
      },
    });
    expect(await pressed(akira, before, "Approve")).toMatch(/すでに判断されています/);
    expect(puts("Mining benchmark")).toHaveLength(1);
    await answered(akira, "audit --since 1h", /の抑制 .*: 承認/);

    // Again for the same place: the end of the rule in force is shown, and the same rule is changed.
    const again = await request(sam, "Once more");
    expect(shown(again)).not.toContain("no rule");
    await pressed(olivia, again, "Approve");
    await became(again, /^Suppressed: /);
    expect(rules()).toHaveLength(1);
    expect(rules()[0]?.properties.comment).toContain("Once more");

    // What is in force is listed with its end, also what others made.
    const list = await answered(sam, "exemptions", /in force/);
    expect(list).toMatch(/\d suppressions and exemptions in force · 1 has no end/);
    // Its end may be years away.
    expect(list).toMatch(/\b\d{1,2} [A-Z][a-z]{2} 20\d\d \d\d:\d\d UTC/);
    for (const words of [
      "Breakwater",
      "outside Slack",
      "nightly scanner",
      "Once more",
      "Legacy shop until its rebuild",
    ])
      expect(list).toContain(words);
    const none = await answered(sam, "exemptions sub:*受注*", /No suppressions/);
    expect(none).toContain("filters");
    await answered(sam, "exemptions sub:nowhere", /No cluster, registry, resource group or subscription/);
  });

  it("may be left to end", async () => {
    const asked = await request(sam, "Reminded", "registry:contosoabac");
    await pressed(olivia, asked, "Approve");
    await became(asked, /^Suppressed: /);
    const rule = rules("Reminded")[0]!;
    const id = /Breakwater (x-[0-9a-f]+)/.exec(String(rule.properties.comment))![1]!;
    const answer = await answered(sam, `let-expire ${id}`, /It ends/);
    expect(answer).toContain("Nothing else to do");
    await answered(sam, "let-expire x-nothing", /isn't known/);
  });

  it("refused by an approver, nothing is created", async () => {
    const asked = await request(sam, "Not this", "registry:contosolab");
    expect(await pressed(olivia, asked, "Refuse")).toMatch(/^Refused/m);
    await became(asked, /^Refused: /);
    expect(rules("contosolab")).toEqual([]);
  });

  it("names the permission that is missing, with the command that grants it, before anyone approves", async () => {
    const { estate } = world.azure;
    const demo = estate.clusters.find(({ name }) => name === "aks-demo")!.id.split("/")[2]!;
    const all = estate.permissions[demo]!;
    estate.permissions[demo] = all.slice(0, 2);
    try {
      const line = `suppress ${type} cluster:aks-demo --for 7d --reason "No role"`;
      const answer = await answered(sam, line, /missing a permission/);
      expect(answer).toContain("Microsoft.Security/alertsSuppressionRules/write");
      expect(answer).toMatch(
        new RegExp(`az role assignment create --role .{1,3}Breakwater Exemptions.*/subscriptions/${demo}`),
      );
      expect(messageOf("No role")).toBeUndefined();
    } finally {
      estate.permissions[demo] = all;
    }
  });

  it("fails with Azure's words where the permission was lost after the request", async () => {
    const { estate } = world.azure;
    const asked = await request(sam, "Role lost");
    const demo = estate.clusters.find(({ name }) => name === "aks-demo")!.id.split("/")[2]!;
    const all = estate.permissions[demo]!;
    estate.permissions[demo] = all.slice(0, 2);
    try {
      await pressed(olivia, asked, "Approve");
      const failed = await became(asked, /^Couldn't suppress/);
      expect(shown(failed)).toContain("az role assignment create");
    } finally {
      estate.permissions[demo] = all;
    }
  });

  it("refuses a glob, and a scope that names several places", async () => {
    await answered(sam, 'suppress "*" cluster:aks-demo --for 1d --reason x', /Name one alert type/);
    await answered(sam, `suppress ${type} "cluster:aks-prod-*" --for 1d --reason x`, /matches \d+ places/);
    await answered(
      sam,
      `suppress ${type} cluster:nowhere --for 1d --reason x`,
      /No cluster, registry, resource group or subscription matches/,
    );
  });
});
