import { subscribe } from "node:diagnostics_channel";
import type { IncomingMessage } from "node:http";
import { startAzure } from "../../playground/azure/server.ts";
import { assessmentsOf } from "../../playground/estate/assessments.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { estateOf, newAlert } from "../../playground/estate/estate.ts";
import type { EstateSize } from "../bed.ts";
import { answering } from "../peer.ts";

/** Azure's stand-in, which can be given new alerts, and says what it was asked and when it had answered. */
const size = JSON.parse(process.env.BENCH_ESTATE ?? "null") as EstateSize | null;
const now = new Date();
const estate = size ? estateOf({ ...size, recommendations: false }, now) : demoEstate(now);
if (size?.assessments) {
  const { all, unhealthy } = size.assessments;
  const made = assessmentsOf(estate, now);
  const codeOf = (one: (typeof made)[number]) => (one.properties.status as { code: string }).code;
  const bad = made.filter((one) => codeOf(one) === "Unhealthy").slice(0, unhealthy);
  const rest = made.filter((one) => codeOf(one) !== "Unhealthy").slice(0, all - unhealthy);
  estate.assessments.push(...bad, ...rest);
}
const azure = await startAzure({
  estate,
  ...(size?.quota && { quota: { requests: 15, seconds: 5 } }),
  directory: process.env.BENCH_DIRECTORY,
});

/** `newAlerts` takes the place of those that were given before. */
export type AzureQuestion =
  | { newAlerts: number }
  | { take: "requests" }
  | { take: "answered" }
  /** How long answers take from now on: those of Resource Graph, and all others. */
  | { slow: { graph: number; others: number } };
/** How many requests were made since the last question, by method and path, ids left out. */
export type Requests = { requests: Record<string, number> };
/** Epoch milliseconds at which the last answer of Resource Graph had been sent. */
export type Answered = { answered: number };

let answered = 0;
subscribe("http.server.response.finish", (message) => {
  const { request } = message as { request: IncomingMessage };
  if (request.url?.includes("/Microsoft.ResourceGraph/")) answered = Date.now();
});

const first = azure.estate.alerts.length;
let numbered = 1_000_000;
answering<AzureQuestion>((question): Requests | Answered | undefined => {
  if ("slow" in question) {
    const { graph, others } = question.slow;
    azure.faults.clear();
    if (graph > 0) azure.faults.add({ kind: "slow", ms: graph, match: { path: /ResourceGraph/ } });
    if (others > 0) azure.faults.add({ kind: "slow", ms: others, match: { path: /^(?!.*ResourceGraph)/ } });
    return undefined;
  }
  if (!("take" in question)) {
    azure.estate.alerts.length = first;
    azure.estate.revision++;
    for (let index = 0; index < question.newAlerts; index++) newAlert(azure.estate, { number: numbered++ });
    return undefined;
  }
  if (question.take === "answered") return { answered };
  const made = azure.requests.splice(0);
  const alike = Map.groupBy(made, ({ method, path, status }) =>
    [method, path.replace(/[0-9a-f-]{36}/g, "…"), ...(status === 429 ? [status] : [])].join(" "),
  );
  return { requests: Object.fromEntries([...alike].map(([path, all]) => [path, all.length])) };
});

for (const [name, value] of Object.entries(azure.env)) console.log(`${name}=${value}`);
console.log("ready");
