import { parseArgs } from "node:util";
import { demoDays, prepareDays } from "./estate/days.ts";
import { demoEstate } from "./estate/demo.ts";
import { newAlert } from "./estate/estate.ts";
import { commandSteps } from "./tour/commands.ts";
import { complianceSteps } from "./tour/compliance.ts";
import { coverageSteps } from "./tour/coverage.ts";
import { enableSteps } from "./tour/enable.ts";
import { faultSteps } from "./tour/faults.ts";
import { feedSteps } from "./tour/feed.ts";
import { findingSteps } from "./tour/findings.ts";
import { huntSteps } from "./tour/hunts.ts";
import { recommendationSteps } from "./tour/recommendations.ts";
import { simulationConfig, simulationSteps } from "./tour/simulations.ts";
import { play, print } from "./tour/tour.ts";
import { quickConfig, startWorld } from "./world.ts";

/**
 * `npm run demo`: the bot against the playground, until it is stopped. `-- --script`: the tour, exit code 0 only where
 * no step failed. `-- --port N`: the port of the page.
 */
const { values } = parseArgs({
  options: { script: { type: "boolean", default: false }, port: { type: "string" } },
  allowPositionals: true,
});

const hints = [
  "Type these on the page:",
  "  /defender help                what it can do",
  "  /defender subscribe alerts    a new alert arrives every minute",
  "  /defender subscribe rescan    images are scanned every five minutes; each time, another day has passed for them",
  "  /defender status cluster:aks-prod-auto   a cluster that has gone blind",
  "  /defender status cluster:aks-prod-batch  a sensor that crashes; on aks-prod-mixed, a taint keeps it from a node",
  "  /defender simulate            an attack on purpose: ask as Sam, approve as Olivia",
  "Who you are is chosen at the bottom left. Ctrl-C ends everything.",
];

print("Starting Azure, Slack and the bot on this machine …");
const estate = demoEstate(new Date());
prepareDays(estate, new Date());
const rescan = values.script ? "*/6 * * * * *" : "*/5 * * * *";
const coverage = values.script ? "*/3 * * * * *" : "* * * * *";
const schedules = {
  rescan,
  coverage,
  recommendations: values.script ? "*/5 * * * * *" : "*/2 * * * *",
  compliance: values.script ? "*/5 * * * * *" : "*/2 * * * *",
  hunts: values.script ? "*/5 * * * * *" : "* * * * *",
};
const scheduleLines = Object.entries(schedules).map(([name, line]) => `  ${name}: "${line}"`);
const world = await startWorld({
  config: quickConfig.replace("schedules:", ["schedules:", ...scheduleLines].join("\n")) + simulationConfig,
  slack: { port: values.port ? Number(values.port) : undefined },
  // Of clusters and Defender: in the tour a minute is a quarter of a second.
  azure: { estate, live: { factor: values.script ? 240 : 60 } },
});
let exitCode = 0;
if (values.script) {
  exitCode =
    (await play(
      [
        ...commandSteps,
        ...feedSteps,
        ...simulationSteps,
        ...findingSteps,
        ...coverageSteps,
        ...enableSteps,
        ...recommendationSteps,
        ...huntSteps,
        ...complianceSteps,
        ...faultSteps,
      ],
      world,
    )) === 0
      ? 0
      : 1;
} else {
  print("");
  print(`  Slack, as people see it:   ${world.slack.page}`);
  print(`  The bot:                   http://127.0.0.1:${world.bot.port}/readyz and /metrics`);
  print(`  Azure (Resource Manager):  ${world.azure.resourceManagerUrl}`);
  print("");
  for (const line of hints) print(`  ${line}`);
  const alerts = setInterval(() => newAlert(world.azure.estate), 60_000);
  // Well after the first scan of five minutes, so that it is the baseline.
  const days = demoDays.values();
  const passing = setInterval(() => days.next().value?.happens(world.azure.estate, new Date()), 300_000);
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  clearInterval(alerts);
  clearInterval(passing);
}
await world.end();
process.exit(exitCode);
