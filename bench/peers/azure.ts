import { startAzure } from "../../playground/azure/server.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { estateOf, newAlert } from "../../playground/estate/estate.ts";
import type { EstateSize } from "../bed.ts";
import { answering } from "../peer.ts";

/** Azure's stand-in, which can be given new alerts, and counts what it was asked. */
const size = JSON.parse(process.env.BENCH_ESTATE ?? "null") as EstateSize | null;
const now = new Date();
const azure = await startAzure({
  estate: size ? estateOf({ ...size, recommendations: false }, now) : demoEstate(now),
  directory: process.env.BENCH_DIRECTORY,
});

export type AzureQuestion = { newAlerts: number } | { take: "requests" };
/** `pages`: how many pages the answers had that were asked for, by what was asked for. */
export type AzureCounts = { requests: Record<string, number> };

let numbered = 1_000_000;
answering<AzureQuestion>((question) => {
  if ("take" in question) {
    const made = azure.requests.splice(0);
    const counts = Map.groupBy(made, ({ path }) => path.replace(/\/[0-9a-f-]{36}(?=\/|$)/g, "/…"));
    return { requests: Object.fromEntries([...counts].map(([path, all]) => [path, all.length])) };
  }
  for (let index = 0; index < question.newAlerts; index++) newAlert(azure.estate, { number: numbered++ });
  return {};
});

for (const [name, value] of Object.entries(azure.env)) console.log(`${name}=${value}`);
console.log("ready");
