import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { throwAwayAuthority } from "../azure/authority.ts";
import { faultSet } from "../azure/faults.ts";
import type { Estate, Resource } from "../estate/estate.ts";
import { type ApiServer, serveApi } from "./api/server.ts";
import type { Behaviour } from "./behaviour.ts";
import { documentedBound } from "./bounds.ts";
import { type Cluster, quickTime } from "./cluster.ts";
import { furnish } from "./control/furnish.ts";
import { absentImage } from "./control/images.ts";
import { startNamespaces } from "./control/namespaces.ts";
import { observe } from "./control/observe.ts";
import { setSensor } from "./control/sensor.ts";
import { startWorkloads } from "./control/workloads.ts";
import { startKubelet } from "./node/kubelet.ts";
import { at } from "./object.ts";
import { objectStore } from "./objects.ts";
import { rightsOf, type User } from "./rights.ts";

export type KubernetesOptions = {
  estate: Estate;
  /** Where the authority's file is written. */
  directory?: string;
  /** How many times as quick as ours the time of clusters and of Defender runs; default 60. */
  factor?: number;
  /** Whether the admission policy of the bot's documents is in force: it writes to its namespace only. */
  bounded?: boolean;
  /** Whether a token is one of Entra for AKS. */
  isEntraToken(token: string): boolean;
  clock?: () => Date;
  happened(cluster: Cluster, behaviour: Behaviour): void;
  /** A cluster has been started: it is complete, and nothing has happened yet. */
  started(cluster: Cluster): void;
};
/** A cluster with its API server. */
export type Served = Cluster & {
  server: ApiServer;
  /** `https://127.0.0.1:PORT`; that of a private cluster, or of one that is stopped, answers no one. */
  url: string;
  /** Its certificate authority, PEM; no process trusts it by itself. */
  authority: string;
  /** The token of the local account, cluster administrator. */
  token: string;
  /** Who has a token, by the Authorization header; undefined for no one. */
  who(authorization: string | undefined): User | undefined;
};
export type Clusters = {
  /** A cluster by its name or resource id, started at its first use; throws where the estate has none. */
  of(nameOrId: string): Promise<Served>;
  factor: number;
  stop(): Promise<void>;
};

/** A port of the loopback interface on which nothing listens: it is unassigned, and `fetch` does not block it. */
const unreachableUrl = "https://127.0.0.1:4";

/** The clusters of an estate, each with an API server of its own port over TLS. */
export function serveClusters(options: KubernetesOptions): Clusters {
  const factor = options.factor ?? 60;
  const stopped = new AbortController();
  const served = new Map<string, Promise<Served>>();
  let tls: { key: string; cert: string; authority: string } | undefined;
  const certified = () => {
    if (tls) return tls;
    const directory = options.directory && join(options.directory, "kubernetes");
    if (directory) mkdirSync(directory, { recursive: true });
    const { key, certificate, caPath } = throwAwayAuthority(directory);
    tls = { key, cert: certificate, authority: readFileSync(caPath, "utf8") };
    return tls;
  };
  return {
    factor,
    async of(nameOrId) {
      const wanted = nameOrId.toLowerCase();
      const resource = options.estate.clusters.find((one) =>
        [one.id, one.name].some((word) => word.toLowerCase() === wanted),
      );
      if (!resource) throw new Error(`the estate has no cluster ${nameOrId}`);
      const key = resource.id.toLowerCase();
      const known =
        served.get(key) ?? start(resource, options, certified(), { factor, signal: stopped.signal });
      served.set(key, known);
      return known;
    },
    async stop() {
      stopped.abort();
      const all = await Promise.all(served.values());
      await Promise.all(all.map((one) => one.server.down()));
    },
  };
}

async function start(
  resource: Resource,
  options: KubernetesOptions,
  { authority, ...tls }: { key: string; cert: string; authority: string },
  time: { factor: number; signal: AbortSignal },
): Promise<Served> {
  // AKS Automatic brings the sensor of the Helm chart, with the add-on's profile off.
  const helm = at(resource.sku).name === "Automatic" || options.estate.helmSensors.includes(resource.id);
  const sensor =
    helm || at(resource.properties, "securityProfile", "defender", "securityMonitoring").enabled === true;
  const sensorState = options.estate.crashingSensors.includes(resource.id) ? "not-ready" : "ready";
  const cluster: Cluster = {
    resource,
    objects: objectStore(),
    rights: rightsOf(),
    policies: [],
    bound: options.bounded ? documentedBound() : undefined,
    nodeFaults: { unpullable: [], unschedulable: [], crashing: [], unreachable: false, stuckNamespaces: [] },
    watching: { sensor: sensor ? sensorState : "absent", form: helm ? "helm" : "add-on", drift: "alert" },
    absentImage: (image) => absentImage(options.estate, image),
    disks: new Map(),
    pods: new Map(),
    faults: faultSet(),
    requests: [],
    sessions: new Set(),
    now: options.clock ?? (() => new Date()),
    ...quickTime(time.factor, time.signal),
    happened: (behaviour) => options.happened(cluster, behaviour),
  };
  furnish(
    cluster,
    options.estate.contents.containers.filter((one) => one.cluster === resource),
  );
  setSensor(cluster, {});
  startNamespaces(cluster);
  startKubelet(cluster);
  startWorkloads(cluster);
  observe(cluster);
  options.started(cluster);
  const token = randomBytes(32).toString("hex");
  const who = (authorization: string | undefined): User | undefined => {
    const given = /^Bearer (.+)$/i.exec(authorization ?? "")?.[1];
    const local = at(resource.properties).disableLocalAccounts !== true;
    if (given === undefined) return undefined;
    if (given === token && local) return { name: "masterclient", groups: ["system:masters"], admin: true };
    return options.isEntraToken(given)
      ? { name: entraUser, groups: ["system:authenticated"], admin: false }
      : undefined;
  };
  const server = await serveApi(cluster, tls, who);
  const isPrivate = at(resource.properties, "apiServerAccessProfile").enablePrivateCluster === true;
  const isStopped = at(resource.properties, "powerState").code === "Stopped";
  const url = isPrivate || isStopped ? unreachableUrl : `https://127.0.0.1:${server.port}`;
  return Object.assign(cluster, { server, url, authority, token, who });
}

/** The bot's identity, by its object id. */
const entraUser = randomUUID();
