import type { Estate, Subscription } from "../estate/estate.ts";
import type { Behaviour } from "../kubernetes/behaviour.ts";
import type { Cluster } from "../kubernetes/cluster.ts";
import { planIsOn } from "./plan.ts";
import { type Elsewhere, publish, type Sighted } from "./publish.ts";
import { diskSightings, podSightings, sampleSightings } from "./sightings.ts";
import { type Switches, switchSet } from "./switches.ts";
import { judgeWorkload } from "./workloads.ts";

export type DefenderOptions = {
  estate: Estate;
  /** How many times as quick as ours its time runs. */
  factor: number;
  clock: () => Date;
  /** How often the agentless scan looks at the disks of nodes, in minutes of its time; default 30 instead of a day. */
  scanMinutes?: number;
};
/** Defender, watching what really happens in the estate's clusters. */
export type Defender = {
  switches: Switches;
  /** How far its clocks are ahead of ours, in milliseconds; negative where they are slow. */
  skew: number;
  happened(cluster: Cluster, behaviour: Behaviour): void;
  /** The agentless scan of all nodes of a cluster, now. */
  scan(cluster: Cluster): void;
  /** The daily scan of this cluster is on from now on. */
  watchDisks(cluster: Cluster): void;
  /** A request for sample alerts of a subscription. */
  sample(subscription: Subscription, bundles: readonly string[]): void;
  stop(): void;
};
type Later = (minutes: number, work: () => void) => void;

export function defender({ estate, factor, clock, scanMinutes = 30 }: DefenderOptions): Defender {
  const timers = new Set<NodeJS.Timeout>();
  const later: Later = (minutes, work) => {
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        work();
      },
      (minutes * 60_000) / factor,
    ).unref();
    timers.add(timer);
  };
  const once = sayOnce(later);
  const switches = switchSet();
  const ours = () => new Date(clock().getTime() + self.skew);
  const raise = raiser(switches, later, (sighted, elsewhere) => publish(estate, ours(), sighted, elsewhere));
  const scanned = new Map<Cluster, NodeJS.Timeout>();
  const reportedFiles = new Set<string>();
  const self: Defender = {
    switches,
    skew: 0,
    happened(cluster, behaviour) {
      if (behaviour.kind === "workload" || behaviour.kind === "workload-gone")
        return judgeWorkload(estate, cluster, behaviour, later, clock);
      if (!planIsOn(estate, cluster.resource)) return;
      const { pod, container } = behaviour;
      for (const sighted of podSightings(cluster, behaviour, ours()))
        once(`${sighted.raised.type} ${pod.metadata.uid} ${container}`, () => raise(sighted));
    },
    scan(cluster) {
      if (!planIsOn(estate, cluster.resource, "AgentlessVmScanning")) return;
      for (const { file, ...sighted } of diskSightings(cluster, ours())) {
        if (!reportedFiles.has(file)) raise(sighted);
        reportedFiles.add(file);
      }
    },
    watchDisks(cluster) {
      const often = (scanMinutes * 60_000) / factor;
      if (!scanned.has(cluster)) scanned.set(cluster, setInterval(() => self.scan(cluster), often).unref());
    },
    sample(subscription, bundles) {
      if (!bundles.includes("KubernetesService")) return;
      for (const sighted of sampleSightings(estate, subscription, ours())) raise(sighted);
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
      for (const timer of scanned.values()) clearInterval(timer);
    },
  };
  return self;
}

/** The same alert about the same container comes once an hour at most. */
function sayOnce(later: Later) {
  const recent = new Set<string>();
  return (key: string, work: () => void) => {
    if (recent.has(key)) return;
    recent.add(key);
    later(60, () => void recent.delete(key));
    work();
  };
}

/** An alert comes after its time, and as the switches that it meets want it. */
function raiser(switches: Switches, later: Later, say: (sighted: Sighted, elsewhere?: Elsewhere) => void) {
  return (sighted: Sighted) => {
    const met = switches.meet(sighted.raised);
    for (const one of met)
      if (one.kind === "beside")
        later(one.raised.minutes, () => say({ ...sighted, raised: one.raised }, one.elsewhere));
    if (met.some((one) => one.kind === "drop")) return;
    const renamed = met.find((one) => one.kind === "rename");
    const { type, title, minutes } = sighted.raised;
    const named = { type: renamed?.type ?? type, title: renamed?.title ?? title };
    const after = met.reduce((sum, one) => sum + (one.kind === "delay" ? one.minutes : 0), minutes);
    const held = Promise.all(met.map((one) => (one.kind === "hold" ? one.until : undefined)));
    const report = () => void held.then(() => say({ ...sighted, raised: { ...sighted.raised, ...named } }));
    later(after, report);
    if (met.some((one) => one.kind === "double")) later(after + 1, report);
  };
}
