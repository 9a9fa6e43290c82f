import type { NodeLimit } from "../catalogue/nodes.ts";
import type { Known } from "../reading/reading.ts";

/** One family of pods in a cluster. `desired` of a daemon set is what Kubernetes wants to run. */
export type ComponentState = {
  /** Beginning of the pods' names, as the catalogue has it. */
  pods: string;
  namespace: string;
  desired: number;
  ready: number;
  restarts: number;
  outOfMemory: number;
  version?: string;
};

export type SensorNode = {
  name: string;
  sensor: "ready" | "not-ready" | "absent" | "unknown";
  /** Why no pod of the sensor is there, as far as the node says it. */
  leftOut?: NodeLimit;
};

/** What runs of Defender and Azure Policy in a cluster, as its API server says. */
export type PodEvidence = {
  nodes: SensorNode[];
  components: Known<ComponentState[]>;
  /** How the sensor was installed. */
  installed: ("add-on" | "helm")[];
  constraintTemplates: Known<number>;
  /** ISO; since when the oldest workload beside those of the system has been running, where one was seen. */
  workloadsSince?: string;
};

/** Whether nodes were seen that have to have the sensor, and it is ready on none of them. */
export function runsNowhere(pods: PodEvidence): boolean {
  const { ready, wanted, unknown } = readyNodes(pods);
  return wanted > 0 && ready + unknown === 0;
}

/** On how many of the nodes that have to have it the sensor is ready, and of how many that is unknown. */
export function readyNodes({ nodes }: PodEvidence): Record<"ready" | "wanted" | "unknown", number> {
  const wanted = nodes.filter(({ leftOut }) => leftOut !== "windows");
  const of = (state: string) => wanted.filter(({ sensor }) => sensor === state).length;
  return { ready: of("ready"), wanted: wanted.length, unknown: of("unknown") };
}
