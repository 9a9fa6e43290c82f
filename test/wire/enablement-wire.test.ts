import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWorld, type World } from "../../playground/world.ts";
import { inChannel, shown } from "../in-channel.ts";

const [olivia, akira, sam] = ["U0OLIVIA001", "U0AKIRA0001", "U0SAM000001"] as const;
const security = "C0SECURITY1";
const config = `
access:
  operators: [${akira}]
  approvers: [${olivia}, ${akira}]
`;

let world: World;
beforeAll(async () => {
  // A minute of Azure's and of the clusters' time in a tenth of a second.
  world = await startWorld({ config, env: { LOG_LEVEL: "warn" }, azure: { live: { factor: 600 } } });
}, 180_000);
afterAll(() => world?.end());

const { answered, messageOf, pressed, became } = inChannel(() => world, security);
const writes = () => world.azure.requests.filter(({ method }) => method === "PUT");
const demo = () => world.azure.estate.clusters.find(({ name }) => name === "aks-demo")!;

describe("enable", { timeout: 270_000 }, () => {
  it("shows each setting before and after, waits for another person, changes Azure, and reports when pods are there", async () => {
    const earlier = writes().length;
    const line = 'enable cluster:aks-demo policy-addon --reason "Audit finding 12"';
    const answer = await answered(sam, line, /Enable requested/);
    expect(answer).toContain("An approver has to decide by");
    const asked = await world.slack.until(() => messageOf("Audit finding 12"), 90_000);
    for (const words of ["Azure Policy add-on", '"off"', '"on"', "managedClusters/write"])
      expect(shown(asked)).toContain(words);
    expect(await pressed(sam, asked, "Approve")).toMatch(/Only approvers can/);
    expect(writes()).toHaveLength(earlier);
    const before = structuredClone(asked);
    expect(await pressed(olivia, asked, "Approve")).toMatch(/Enable approved/);
    // On a slow machine the pods are there before the message says what it waits for.
    await became(asked, /^(Turned on: .*waiting for evidence|On and working)/);
    const done = await became(asked, /^On and working: Azure Policy add-on on aks-demo/);
    expect(shown(done)).toMatch(/approved by .*olivia/);
    expect(shown(done)).toContain("az aks disable-addons");
    expect(demo().properties.addonProfiles).toEqual({ azurepolicy: { enabled: true } });
    const mine = writes().slice(earlier);
    expect(mine.map(({ path, status }) => [path.split("/").at(-1), status])).toEqual([["aks-demo", 200]]);
    expect(await pressed(akira, before, "Approve")).toMatch(/すでに判断されています/);
    await answered(akira, "audit --since 1h", /aks-demo の有効化 policy-addon: 承認/);
    // A second request finds nothing to do.
    await answered(sam, "enable cluster:aks-demo policy-addon", /Nothing to turn on/);
    await answered(sam, "enable cluster:aks-demo data-plane-hardening", /Already on/);
  });

  it("killed as soon as Azure has the change, it is made once, and reported after the next start", async () => {
    const ofJuchu = () => writes().filter(({ path }) => path.endsWith("/aks-juchu"));
    await answered(sam, "enable cluster:aks-juchu sensor --reason Killed", /Enable requested/);
    const asked = await world.slack.until(() => messageOf("Killed"), 90_000);
    await pressed(olivia, asked, "Approve");
    await world.slack.until(() => ofJuchu().length > 0, 90_000);
    await world.bot.kill();
    await world.restart();
    const done = await became(asked, /^(On and working|Turned on): .*aks-juchu(?!.*waiting)/);
    expect(shown(done)).toMatch(/approved by .*olivia/);
    expect(ofJuchu()).toHaveLength(1);
    const posted = world.slack.messages(security).filter((one) => shown(one).includes("Killed"));
    expect(posted.filter(({ thread_ts }) => thread_ts === undefined)).toHaveLength(1);
  });

  it("without the permission, answers with the exact commands and the role, and requests nothing", async () => {
    const { estate } = world.azure;
    const earlier = writes().length;
    const id = demo().id.split("/")[2]!;
    const all = estate.permissions[id]!;
    estate.permissions[id] = all.slice(0, -1);
    try {
      const answer = await answered(sam, "enable sub:Contoso*Sandbox plan", /missing a permission/);
      expect(answer).toContain("Microsoft.Security/pricings/write");
      expect(answer).toMatch(
        new RegExp(
          `az security pricing create --subscription ${id} --name Containers --tier standard --extensions`,
        ),
      );
      // The role may assign roles: never without what narrows it.
      expect(answer).toMatch(/az role assignment create --role .{1,3}Breakwater Enablement.* --condition /);
      expect(writes()).toHaveLength(earlier);
    } finally {
      estate.permissions[id] = all;
    }
  });

  it("is asked again where someone changed a setting since the preview; nothing is written before that", async () => {
    const { estate } = world.azure;
    const innovation = estate.subscriptions.find(({ displayName }) => displayName === "Contoso Innovation")!;
    const plan = estate.pricings.find(
      ({ id }) => id === `${innovation.id}/providers/Microsoft.Security/pricings/Containers`,
    )!;
    await answered(sam, 'enable "sub:Contoso Innovation" plan --reason Innovation', /Enable requested/);
    const asked = await world.slack.until(() => messageOf("Innovation"), 90_000);
    const first = structuredClone(asked);
    const before = writes().length;
    plan.properties.pricingTier = "Standard";
    await pressed(olivia, asked, "Approve");
    const again = await world.slack.until(() => {
      const now = world.slack.messages(security).find(({ ts }) => ts === asked.ts);
      return now && shown(now).includes("Settings changed since") ? now : undefined;
    }, 90_000);
    expect(writes()).toHaveLength(before);
    expect(await pressed(olivia, first, "Approve")).toMatch(/doesn't match the current request/);
    await pressed(olivia, again, "Approve");
    await became(again, /^On and working/);
    expect(writes()).toHaveLength(before + 1);
  });

  it("refused, nothing is changed; what can't be meant is said with an example", async () => {
    const before = writes().length;
    await answered(sam, "enable sub:本番環境* provisioning --reason Refused", /Enable requested/);
    const asked = await world.slack.until(() => messageOf("Refused"), 90_000);
    expect(await pressed(olivia, asked, "Refuse")).toMatch(/^Refused/m);
    await became(asked, /^Refused: /);
    expect(writes()).toHaveLength(before);
    await answered(sam, "enable cluster:aks-demo sensr", /not found.*Use one of/s);
    await answered(sam, "enable rg:rg-demo", /is a resource group/);
    await answered(
      sam,
      "enable cluster:aks-demo --workspace law",
      /resource ID of a Log Analytics workspace/,
    );
  });
});
