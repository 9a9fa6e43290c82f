import type { Manifest } from "./definitions/scenario.ts";
import type { Read } from "./domain/reading.ts";
import type { ClusterRef, RegistryRef } from "./domain/simulation.ts";

/** A Kubernetes object by its name. */
export type ObjectRef = { apiVersion: string; kind: string; namespace?: string; name: string };

export type NodeInfo = {
  name: string;
  pool: string;
  os: "linux" | "windows" | "unknown";
  ready: boolean;
  /** Container that a sensor's daemon set has running and ready there. */
  sensor: "ready" | "not-ready" | "absent";
};

/** What a pod is doing. `reason`: Kubernetes' own word where it does not run (`ImagePullBackOff`, `Unschedulable`). */
export type PodState = {
  phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  ready: boolean;
  reason?: string;
  message?: string;
  node?: string;
  exitCode?: number;
};

/** One way to a cluster. Each call throws `UpstreamError` (system `kubernetes`, or `azure` where Azure runs the command). */
export type ClusterAccess = {
  how: "direct" | "run-command";
  nodes(): Promise<NodeInfo[]>;
  /** SelfSubjectAccessReview for each verb; those that are refused, with the reason. */
  refusedRights(
    rights: readonly { apiGroup: string; resource: string; verbs: readonly string[] }[],
    namespace: string,
  ): Promise<{ right: string; why: string }[]>;
  /** Server-side apply with `dryRun=All`; what the cluster's admission refuses, in its own words. */
  dryRun(manifests: readonly Manifest[]): Promise<{ object: string; said: string }[]>;
  /** Server-side apply, in order; applying again changes nothing. Never takes over an object without our labels. */
  apply(manifests: readonly Manifest[]): Promise<void>;
  /** Undefined where there is none. */
  pod(namespace: string, name: string): Promise<PodState | undefined>;
  /** Whole lines of the log from line `from` (0 is the first), as far as it is written. */
  log(namespace: string, pod: string, from: number): Promise<string[]>;
  exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
  ): Promise<{ exitCode: number; output: string }>;
  /** Everything with the label `breakwater/run`, of one run or of all. */
  labelled(run?: string): Promise<(ObjectRef & { run: string; expires?: string; terminating: boolean })[]>;
  /** Deletes objects of the run, each only if it still carries the run's label; `false` where one is still there. */
  remove(object: ObjectRef, run: string): Promise<boolean>;
};

/** Reaching clusters. */
export type Clusters = {
  /**
   * Direct where the API server answers; through AKS's run-command API where a private cluster cannot be reached.
   * Throws `UpstreamError` where neither works.
   */
  reach(cluster: { id: string; name: string; private: boolean }): Promise<ClusterAccess>;
};

/** A suppression rule that may hide alerts [alertsSuppressionRules 2019-01-01-preview]. */
export type SuppressionRule = { name: string; alertType: string; enabled: boolean; expires?: string };

/** What simulations need of Azure beside clusters. Each call throws `UpstreamError`. */
export type SimulationAzure = {
  suppressionRules(subscription: string): Promise<SuppressionRule[]>;
  /** Clusters with their tags, and registries with their login servers, in scope. */
  targets(): Promise<Read<{ clusters: ClusterRef[]; registries: RegistryRef[] }>>;
  /** Actions of the bot that are missing at a scope (a resource id), from the permissions API. */
  missingActions(scope: string, actions: readonly string[]): Promise<string[]>;
  /** Asks for sample alerts; returns when Azure has taken the request. */
  sampleAlerts(subscription: string, bundle: string): Promise<void>;
  /** Imports a public image; `done` false while Azure still works on it (ask again with the same arguments). */
  importImage(
    registry: string,
    source: string,
    repository: string,
    tag: string,
  ): Promise<{ digest?: string; done: boolean }>;
  /** Deletes the tag and its manifest; true where nothing is left of them. */
  deleteImage(loginServer: string, repository: string, tag: string): Promise<boolean>;
};
