import type { NodeLimit } from "../domain/catalogue/nodes.ts";
import type { ComponentState } from "../domain/coverage/pod-evidence.ts";
import type { Manifest } from "../domain/simulations/scenario.ts";

/** A Kubernetes object by its name. */
export type ObjectRef = { apiVersion: string; kind: string; namespace?: string; name: string };

export type NodeInfo = {
  name: string;
  pool: string;
  os: "linux" | "windows" | "unknown";
  ready: boolean;
  /** Whether the sensor's daemon sets run and are ready there; `unknown` where its pods may not be listed. */
  sensor: "ready" | "not-ready" | "absent" | "unknown";
  /** How the sensor there was installed: the AKS add-on, or a Helm chart (AKS Automatic, or by hand). */
  installed?: "add-on" | "helm";
  /** Where no pod of the sensor is there: what of the node may keep it away. */
  leftOut?: NodeLimit;
  /** `KEY=VALUE:EFFECT` of a taint that keeps pods away which don't tolerate it; a cordoned node has one too. */
  taint?: string;
  /** Not every image has a build for it. */
  arm64?: true;
};

export type DefenderPods = {
  components: ComponentState[] | { unread: string };
  constraintTemplates: number | { unread: string };
  /** ISO; since when the oldest workload beside those of the system has been running; none where none was seen. */
  workloadsSince?: string;
};

/** The owner of an object in the cluster. `ours`: it carries `app.kubernetes.io/managed-by: breakwater`. */
export type ObjectState = { ours: boolean; run?: string; terminating: boolean };

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
  /** What runs of Defender and the Azure Policy add-on; what may not be listed is unread, with the reason. */
  defenderPods(): Promise<DefenderPods>;
  /**
   * SelfSubjectAccessReview for each verb, and for each that clean-up uses; those that are refused, with the reason.
   * `patch` is asked wherever `create` is: server-side apply needs both.
   */
  refusedRights(
    rights: readonly { apiGroup: string; resource: string; verbs: readonly string[] }[],
    namespace: string,
  ): Promise<{ right: string; why: string }[]>;
  /** Kinds of objects that may not be listed in a namespace; while there are some, `remove` leaves it where it is. */
  unlistable(namespace: string): Promise<string[]>;
  /**
   * Server-side apply with `dryRun=All`; what the cluster's admission refuses, in its own words. Where the namespace of
   * an object is not there yet, the same object is tried in `default`: that is as close as it gets without creating it.
   */
  dryRun(manifests: readonly Manifest[]): Promise<{ object: string; said: string }[]>;
  /**
   * Whether the cluster keeps Breakwater from writing outside of the simulation namespace: a dry run in `kube-system` is
   * refused by the documented admission policy, or for a missing permission. `unknown`: refused for something else.
   */
  confined(): Promise<{ state: "confined" | "open" | "unknown"; said: string }>;
  /** Whose the object of that name is; undefined where there is none. */
  look(object: ObjectRef): Promise<ObjectState | undefined>;
  /** The same of a namespace, in a word. `ours`: made by Breakwater, and not just being deleted. */
  namespace(name: string): Promise<"absent" | "ours" | "theirs" | "terminating">;
  /** Since when a namespace is terminating, and because of which of its conditions. */
  whyTerminating(name: string): Promise<string>;
  /** Why a workload makes no pods, from its condition ReplicaFailure; undefined where it has none. */
  replicaFailure(object: ObjectRef): Promise<{ reason: string; message: string } | undefined>;
  /**
   * Server-side apply, in order; applying again changes nothing. An object of somebody else with that name is never
   * touched: `UpstreamError` with code `NotOurs`, not retryable. One that is just being deleted: `Terminating`, retryable.
   */
  apply(manifests: readonly Manifest[]): Promise<void>;
  /** Undefined where there is none. */
  pod(namespace: string, name: string): Promise<PodState | undefined>;
  /**
   * Whole lines of the log from line `from` (0 is the first), as far as it is written: of the first MB, no more. The
   * container is named where the cluster may have put others beside it.
   */
  log(namespace: string, pod: string, from: number, container?: string): Promise<string[]>;
  /** Output of both streams, at most 64 kB. Throws with code `ExecTimeout` after a minute. */
  exec(
    namespace: string,
    pod: string,
    container: string,
    command: readonly string[],
  ): Promise<{ exitCode: number; output: string }>;
  /** Everything with the label `breakwater/run`, of one run or of all. */
  labelled(run?: string): Promise<(ObjectRef & { run: string; expires?: string; terminating: boolean })[]>;
  /**
   * Deletes the object only if it still carries the run's label; `false` where it is still there (ask again). A
   * namespace that holds what is not ours is left alone: code `NotEmpty`, not retryable.
   */
  remove(object: ObjectRef, run: string): Promise<boolean>;
};

/** What reaching a cluster needs of Azure. Each call throws `UpstreamError` (system `azure`). */
export type ClusterAzure = {
  /** The kubeconfig of `listClusterUserCredential`: a secret, and a text that others wrote. */
  kubeconfig(cluster: string): Promise<string>;
  /** An Entra token for the API servers of AKS. `expires`: ISO. */
  clusterToken(): Promise<{ token: string; expires: string }>;
  /**
   * Begins a shell command beside a cluster [AKS run-command] with files in its working directory. `token`: who runs it,
   * where the cluster knows people by Entra.
   */
  startCommand(
    cluster: string,
    script: { command: string; files: readonly { name: string; content: string }[]; token?: string },
  ): Promise<CommandState>;
  /** Whether a command is over; `location` as it was answered. */
  commandState(location: string): Promise<CommandState>;
};

/** How a command ended. `cut`: the output is longer than Azure hands out. */
export type CommandEnd = { exitCode: number; output: string; cut: boolean };
/** The end of a command, or where it is asked for; `retryAfter`: seconds. */
export type CommandState = { ended: CommandEnd } | { location: string; retryAfter?: number };

/** Which commands were begun and are asked for again: kept by whoever may not wait. */
export type CommandJournal = {
  find(key: string): BegunCommand | undefined;
  keep(key: string, begun: BegunCommand): Promise<void>;
};
/** `since`: ISO. */
export type BegunCommand = { location: string; mark: string; since: string };

/** Reaching clusters. */
export type Clusters = {
  /**
   * Direct where the API server answers; through AKS's run-command API where a private cluster cannot be reached.
   * Throws `UpstreamError` where neither works. Cheap to call at every step: what was found out is kept for minutes.
   * With a journal nothing waits for Azure's commands: every call, this one too, may throw code `CommandRuns` with
   * `retryAfter`, and is then made again from the beginning with the same journal. `directOnly`: no command is run beside the cluster; throws where it isn't reached otherwise.
   */
  reach(
    cluster: { id: string; name: string; private: boolean },
    journal?: CommandJournal,
    options?: { directOnly?: boolean },
  ): Promise<ClusterAccess>;
};
