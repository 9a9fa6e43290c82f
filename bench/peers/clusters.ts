import { startAzure } from "../../playground/azure/server.ts";
import { estateOf } from "../../playground/estate/estate.ts";
import { kinds } from "../../playground/kubernetes/kinds.ts";
import { answering } from "../peer.ts";

/** Azure's stand-in with clusters that run what is applied to them, and a Defender that sees none of it. */
const count = Number(process.env.BENCH_CLUSTERS ?? "20");
const estate = estateOf(
  { subscriptions: 2, clusters: count, alerts: 100, recommendations: false },
  new Date(),
);
const azure = await startAzure({ estate, directory: process.env.BENCH_DIRECTORY, live: { factor: 600 } });
azure.defender.switches.add({ kind: "drop", alert: /./ });

export type ClustersQuestion = { take: "names" } | { take: "left" };

/** `left`: objects of runs in all clusters, and how many attackers were applied so far. */
answering<ClustersQuestion>(async ({ take }) => {
  const names = azure.estate.clusters.map(({ name }) => name);
  if (take === "names") return { names };
  const clusters = await Promise.all(names.map((name) => azure.clusters.of(name)));
  const objects = clusters.flatMap(({ objects }) => kinds.flatMap((kind) => objects.list(kind)));
  const left = objects.filter(({ metadata }) => metadata.labels?.["breakwater/run"]).length;
  const attacked = clusters.filter(({ requests }) =>
    requests.some(({ path }) => path.endsWith("attacker/log")),
  );
  return { left, attacked: attacked.length };
});

for (const [name, value] of Object.entries(azure.env)) console.log(`${name}=${value}`);
console.log("ready");
