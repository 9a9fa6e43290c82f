import { setTimeout as after } from "node:timers/promises";
import type { Faults } from "../azure/faults.ts";
import type { Resource } from "../estate/estate.ts";
import type { Policy } from "./admission.ts";
import type { Behaviour } from "./behaviour.ts";
import type { Bound } from "./bounds.ts";
import type { Disk } from "./node/disk.ts";
import type { PodRun } from "./node/pod-run.ts";
import type { Objects } from "./objects.ts";
import type { Rights } from "./rights.ts";

/** One request to the API server; status 0 until it is answered, and where the connection was cut. */
export type ApiRecord = {
  method: string;
  path: string;
  query: Record<string, string>;
  body: unknown;
  status: number;
  user: string;
  time: string;
};
/** What goes wrong on the nodes; all can be changed while the cluster runs. */
export type NodeFaults = {
  /** Images that cannot be pulled, and what the container runtime says. */
  unpullable: { image: RegExp; message?: string }[];
  /** Pods of these names find no node, and what the scheduler says. */
  unschedulable: { pod: RegExp; message?: string }[];
  /** Containers of these pods end with exit code 1 at once. */
  crashing: RegExp[];
  /** The attacker cannot reach its victim, as with a network policy. */
  unreachable: boolean;
  /** Namespaces that do not end. */
  stuckNamespaces: RegExp[];
};
/** How this cluster's Defender sees it. */
export type Watching = {
  /** Whether the sensor's pods are ready on every Linux node, on none, or not there. */
  sensor: "ready" | "not-ready" | "absent";
  /** Where the sensor's pods are. */
  form: "add-on" | "helm";
  /** The drift rule of the portal: Defender's default is to ignore. */
  drift: "alert" | "ignore";
};

/** The state of one cluster. */
export type Cluster = {
  resource: Resource;
  objects: Objects;
  rights: Rights;
  policies: Policy[];
  /** Where the bot may write at all; everywhere that its rights allow, where not given. */
  bound?: Bound;
  nodeFaults: NodeFaults;
  watching: Watching;
  /** Why an image is not in its registry, where that is one of the estate's; undefined where it may be pulled. */
  absentImage(image: string): string | undefined;
  /** The file system of each node. */
  disks: Map<string, Disk>;
  /** What runs, by the uid of its pod. */
  pods: Map<string, PodRun>;
  faults: Faults;
  requests: ApiRecord[];
  /** Open sessions of commands. */
  sessions: Set<{ cut(): void }>;
  now(): Date;
  /** Resolves after so many seconds of the cluster's time, which runs quicker than ours. Rejects when aborted. */
  pause(seconds: number, signal?: AbortSignal): Promise<void>;
  /** Does something after so many seconds of the cluster's time, unless the cluster has been stopped. */
  later(seconds: number, work: () => void): void;
  /** Says what really happened in a container or to a workload: Defender may have seen it. */
  happened(behaviour: Behaviour): void;
};

/** Time that runs `factor` times as quick as ours. What is meant to last (over two minutes) does so in our time. */
export function quickTime(factor: number, stopped: AbortSignal) {
  const ms = (seconds: number) => (seconds > 120 ? seconds * 1000 : (seconds * 1000) / factor);
  const timers = new Set<NodeJS.Timeout>();
  stopped.addEventListener("abort", () => {
    for (const timer of timers) clearTimeout(timer);
  });
  return {
    async pause(seconds: number, signal?: AbortSignal) {
      const ends = signal ? AbortSignal.any([signal, stopped]) : stopped;
      await after(ms(seconds), undefined, { signal: ends, ref: false });
    },
    later(seconds: number, work: () => void) {
      if (stopped.aborted) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        work();
      }, ms(seconds)).unref();
      timers.add(timer);
    },
  };
}
