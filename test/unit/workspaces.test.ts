import { expect, it } from "vitest";
import { withWorkspaces } from "../../src/azure/coverage/workspaces.ts";
import { clusterIn, coverageOf } from "../coverage-readings.ts";
import { known } from "../dispatch-estate.ts";

const id = "6778921a-0f04-475b-aea9-ec3dad95b2a9";
const idOf = (name: string) =>
  `/subscriptions/${id}/resourceGroups/RG/providers/Microsoft.OperationalInsights/workspaces/${name}`;
const cluster = (name: string) =>
  clusterIn(id, name, { workspace: known<string | undefined>(idOf(name)), workspaceExists: undefined });
const subscription = { id, name: "Contoso", state: "Enabled" };
const saying = (said: string) => ({ source: "test", said, at: "2026-11-29T00:00:00.000Z" });

/** What is known of the workspaces of three clusters: of two in different letter case, two rows; of the third, nothing. */
async function existing(detail?: string) {
  const row = (...names: string[]) => ({
    subscriptionId: id,
    workspaces: names.map((name) => idOf(name).toUpperCase()),
  });
  const part = {
    query: "workspaces",
    rows: [row("first"), row("second")],
    errorOf: () => undefined,
  } as const;
  const denied = async () => (detail ? [{ id, name: "Contoso", why: "denied" as const, detail }] : []);
  const coverage = coverageOf({ subscriptions: [], clusters: ["first", "second", "third"].map(cluster) });
  const { clusters } = await withWorkspaces(
    coverage,
    { ...part, rows: [...part.rows] },
    [subscription],
    saying,
    { denied },
  );
  return clusters.map(({ workspaceExists: exists }) => (exists?.known ? exists.value : exists?.why));
}

it("a workspace that is not listed is deleted where the bot could see it", async () => {
  expect(await existing()).toEqual([true, true, false]);
});

it("where the permission is missing, one that is listed exists, and of the others nothing is known", async () => {
  expect(await existing("missing: Microsoft.OperationalInsights/workspaces/read")).toEqual([
    true,
    true,
    "missing: Microsoft.OperationalInsights/workspaces/read",
  ]);
});
