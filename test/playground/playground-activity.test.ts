import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { recordActivity } from "../../playground/estate/activity.ts";
import { botRole, estateOf } from "../../playground/estate/estate.ts";
import { azureStandIn, portTo } from "../azure-stand-in.ts";
import { temporaryDirectory } from "../redis.ts";

const now = new Date();
const estate = estateOf({ subscriptions: 2 }, now);
const [mine, other] = estate.subscriptions;
const directory = temporaryDirectory();
let standIn: AzureStandIn;
beforeAll(async () => {
  standIn = await azureStandIn({ estate, directory: directory.path, pageSize: 2 });
});
afterAll(async () => {
  await standIn.stop();
  directory.remove();
});

const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const pricing = (subscription: string) => `${subscription}/providers/Microsoft.Security/pricings/Containers`;
const asked = (from: number, to: number) => ({
  subscription: mine!.subscriptionId,
  from: minutesAgo(from).toISOString(),
  to: minutesAgo(to).toISOString(),
  resource: pricing(mine!.id).toLowerCase(),
});

describe("the activity log, through the port", () => {
  it("answers the entries of one resource and a time range, over several pages", async () => {
    const operation = "Microsoft.Security/pricings/write";
    const record = (resource: string, minutes: number, caller: string) =>
      recordActivity(estate, { resource, operation, caller, at: minutesAgo(minutes) });
    for (const [minutes, caller] of [
      [300, "early@contoso.com"],
      [50, "a@contoso.com"],
      [40, "b@contoso.com"],
      [30, "o'neil@contoso.com"],
    ] as const)
      record(pricing(mine!.id), minutes, caller);
    record(pricing(other!.id), 35, "other@contoso.com");
    record(`${mine!.id}/providers/Microsoft.Security/pricings/KeyVaults`, 35, "vault@contoso.com");
    const { azure } = portTo(standIn.resourceManagerUrl);
    const entries = await azure.activity(asked(60, 0));
    expect(entries.map(({ caller }) => caller)).toEqual([
      "o'neil@contoso.com",
      "b@contoso.com",
      "a@contoso.com",
    ]);
    expect(entries[0]).toEqual({
      at: minutesAgo(30).toISOString(),
      caller: "o'neil@contoso.com",
      operation,
      resource: pricing(mine!.id),
      failed: false,
    });
    const quoted = { ...asked(60, 0), resource: "/subscriptions/o'neil" };
    expect(await azure.activity(quoted)).toEqual([]);
  });

  it("refuses what the role does not allow, and a range before the 90 days that are kept", async () => {
    const { azure } = portTo(standIn.resourceManagerUrl);
    await expect(azure.activity(asked(91 * 1440, 0))).rejects.toMatchObject({ status: 400 });
    const role = botRole();
    role.actions = role.actions.filter((action) => !action.includes("eventtypes"));
    const before = estate.permissions[mine!.subscriptionId];
    estate.permissions[mine!.subscriptionId] = [role];
    await expect(azure.activity(asked(60, 0))).rejects.toMatchObject({ status: 403 });
    estate.permissions[mine!.subscriptionId] = before!;
  });
});
