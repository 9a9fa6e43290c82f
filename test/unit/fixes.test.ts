import { expect, it } from "vitest";
import type { Coverage } from "../../src/domain/coverage/coverage.ts";
import { summariseCoverage } from "../../src/domain/coverage/coverage-summary.ts";
import type { GapKind } from "../../src/domain/coverage/gap.ts";
import { fixOf } from "../../src/message/coverage/fixes.ts";
import { clusterIn, planWith, subscriptionOf } from "../coverage-readings.ts";
import { known } from "../dispatch-estate.ts";

const workspace =
  "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.OperationalInsights/workspaces/law";
const [{ id }, update] = [
  clusterIn("s1", "aks-1"),
  "az aks update --subscription s1 -g rg -n aks-1 --enable-defender",
];

it.each<[string, GapKind, Partial<Coverage["clusters"][number]>, string]>([
  ["the sensor, which has no workspace yet", "sensor-off", { sensorProfile: known("off") }, update],
  [
    "the sensor, in the workspace that the profile names",
    "sensor-off",
    { sensorProfile: known("off"), workspace: known(workspace) },
    `echo '{"logAnalyticsWorkspaceResourceId":"${workspace}"}' > defender.json\n${update} --defender-config defender.json`,
  ],
  [
    "the sensor, where that workspace was deleted",
    "sensor-off",
    { sensorProfile: known("off"), workspace: known(workspace), workspaceExists: known(false) },
    update,
  ],
  [
    "the tag, as the cluster has it",
    "sensor-excluded",
    { excluded: known(true), exclusionTag: "ms_defender_container_exclude_sensors=True" },
    `az tag update --resource-id ${id} --operation delete --tags ms_defender_container_exclude_sensors=True`,
  ],
  [
    "a plan of its own, which the subscription's doesn't reach",
    "plan-off",
    { plan: planWith("off") },
    `/defender enable cluster:${id}`,
  ],
  [
    "an extension of a plan of its own",
    "extension-off",
    { plan: planWith("on", ["AgentlessVmScanning"]) },
    `/defender enable cluster:${id}`,
  ],
])("the command closes the gap at the cluster: %s", (_, kind, about, command) => {
  const clusters = [clusterIn("s1", "aks-1", about)];
  const { gaps } = summariseCoverage({ subscriptions: [subscriptionOf("s1")], clusters, registries: [] });
  const gap = gaps.find((one) => one.kind === kind)!;
  for (const language of ["en", "ja"] as const) {
    const fix = fixOf(gap, "https://portal.azure.com", language);
    expect(fix).toMatchObject({ command });
    expect(fix.say).not.toMatch(/\{\{|undefined/);
  }
});
