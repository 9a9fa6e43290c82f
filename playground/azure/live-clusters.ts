import { type Defender, defender } from "../defender/defender.ts";
import type { Estate } from "../estate/estate.ts";
import { type Clusters, serveClusters } from "../kubernetes/clusters.ts";
import { runImages } from "../kubernetes/control/images.ts";
import { aksServer, type Identity } from "./identity.ts";
import { clusterAccessRoutes } from "./providers/cluster-access.ts";
import { clusterChangeRoutes } from "./providers/cluster-change.ts";
import { importImageRoutes } from "./providers/import-image.ts";
import { sampleAlertRoutes } from "./providers/sample-alerts.ts";
import type { Route } from "./routes.ts";

/** The estate's clusters as they really run, and Defender that watches them. */
export type LiveClusters = { clusters: Clusters; defender: Defender; routes: Route[]; stop(): Promise<void> };
export type LiveOptions = {
  /** How many times as quick as ours the time of clusters, of Defender and of Azure's long work runs; default 60. */
  factor?: number;
  /** How often the agentless scan runs, in minutes of that time; default 30 instead of a day. */
  scanMinutes?: number;
  /** Whether clusters have the admission policy of the bot's documents, so that it writes to its namespace only. */
  bounded?: boolean;
};

export function liveClusters(
  estate: Estate,
  identity: Identity,
  {
    factor = 60,
    scanMinutes,
    bounded,
    directory,
    clock,
  }: LiveOptions & { directory?: string; clock: () => Date },
): LiveClusters {
  const watcher = defender({ estate, factor, clock, scanMinutes });
  const clusters = serveClusters({
    estate,
    directory,
    factor,
    clock,
    bounded,
    isEntraToken: (token) => identity.holds(token, aksServer),
    happened: (cluster, behaviour) => watcher.happened(cluster, behaviour),
    started(cluster) {
      watcher.watchDisks(cluster);
      runImages(estate, cluster);
    },
  });
  const timers = new Set<NodeJS.Timeout>();
  const later = (seconds: number, work: () => void) => {
    const timer = setTimeout(work, (seconds * 1000) / factor).unref();
    timers.add(timer);
  };
  return {
    clusters,
    defender: watcher,
    routes: [
      ...clusterAccessRoutes(clusters),
      ...clusterChangeRoutes(clusters, later),
      ...importImageRoutes(later, clock),
      ...sampleAlertRoutes(watcher),
    ],
    async stop() {
      watcher.stop();
      for (const timer of timers) clearTimeout(timer);
      await clusters.stop();
    },
  };
}
