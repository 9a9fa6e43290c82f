import type { Language } from "../../text/language.ts";
import type { Located } from "../scope/scope.ts";
import type { Severity } from "../severity.ts";

/**
 * States of a run (design, section 9). A run that waits for its turn on the cluster is "approved". The last five are
 * final.
 */
export const runStates = [
  "requested",
  "approved",
  "checked",
  "running",
  "verifying",
  "cleaning-up",
  "reported",
  "refused",
  "expired",
  "failed",
  "cancelled",
] as const;
export type RunState = (typeof runStates)[number];

/** A cluster as a run knows it. */
export type ClusterRef = Located & {
  id: string;
  name: string;
  private: boolean;
  tags: Record<string, string>;
};
export type RegistryRef = Located & { id: string; name: string; loginServer: string };
/** Everything by name that there is in the estate. */
export type Targets = { clusters: ClusterRef[]; registries: RegistryRef[] };

/** What is looked at before a run. */
export const checkNames = [
  "allowed",
  "tags",
  "power",
  "plan",
  "sensor",
  "helm-sensor",
  "suppression",
  "rights",
  "azure-rights",
  "reachable",
  "admission",
  "nodes",
  "drift-rule",
  "policy-addon",
  "agentless-machines",
  "registry-access",
  "leftovers",
  "namespace",
] as const;
export type CheckName = (typeof checkNames)[number];

/** One thing that was looked at before a run. `blocks`: the run must not go on. Words are translated when shown. */
export type CheckResult = {
  name: CheckName;
  state: "ok" | "failed" | "unknown" | "warning";
  blocks: boolean;
  /** Facts in Azure's or Kubernetes' own words, untrusted; "" where there are none. */
  said: string;
};

export type Preflight = {
  at: string;
  how: "direct" | "run-command" | "none";
  checks: CheckResult[];
  /** Index of an expectation → why it cannot be expected here. */
  unexpected: Partial<Record<number, CheckName>>;
};

/** An alert (or finding, or recommendation) that the run caused. */
export type Sighting = {
  /** `systemAlertId`, or what names the finding or assessment. */
  id: string;
  /** Azure resource id of the alert, for its buttons. */
  resource: string;
  type: string;
  title: string;
  severity: Severity;
  /** ISO; when Defender reported it, and when the bot first saw it. */
  generated?: string;
  seen: string;
  portal?: string;
  /** Index of the expectation that it answers; none: it came unexpected. */
  expectation?: number;
  /** It names nothing of the run: a real alert may look the same. */
  likely?: true;
};

/** "unknown": what would tell could not be read when the wait was over. */
export type Verdict = "waiting" | "detected" | "late" | "missing" | "unknown" | "not-expected";

export type ExpectationVerdict = {
  /** Index into the scenario's expectations. */
  index: number;
  title: Record<Language, string>;
  required: boolean;
  verdict: Verdict;
  /** Seconds from the beginning of the attack until Defender reported it. */
  seconds?: number;
  sighting?: Sighting;
  /** Why it is not expected here. */
  why?: CheckName;
};

/**
 * What is left after cleaning up, with the line that removes it. `undo`: index of the scenario's undo step that did not
 * work; without one it is found by the run's label.
 */
export type Leftover = { what: string; why: string; mend: string; undo?: number };
/**
 * How often what is left was tried again; ISO times. `since`: when the present attempt began; `undone`: its undo steps
 * are over, the objects are next. Without `next` there is no further attempt.
 */
export type Retries = { tries: number; next?: string; last?: string; since?: string; undone?: boolean };
export type CleanUp = {
  at: string;
  removed: number;
  left: Leftover[];
  /** The cluster was deleted meanwhile, with all that was in it. */
  gone?: true;
  retries?: Retries;
  /** What was left at first, and removed after all (ISO). */
  later?: { what: string; at: string }[];
};

/** Why a run did not reach its end; translated when shown. */
export type FailureKind =
  /** Preflight failed; `said` names the checks. */
  | "checks"
  /** The scenario is no longer there in this version. */
  | "scenario"
  /** The cluster's admission, or somebody else's object of that name. */
  | "denied"
  /** A pod does not start; `said` has Kubernetes' reason. */
  | "pod"
  /** A command ended with another exit code than 0. */
  | "exec"
  /** The log ended, or its time was over, without the proof that the attack happened. */
  | "not-happened"
  /** A step took longer than it may. */
  | "timeout"
  /** Azure or the API server did not answer for longer than we are patient. */
  | "unreachable"
  /** Azure or the API server refused. */
  | "refused-by-far-side"
  /** Requester or approver lost the permission before the run began. */
  | "approval";

/** How far a log was read: how many result lines followed each heading of the step. */
export type LogReading = { lines: number; heading?: number; results: number[]; ended: boolean };

/** What the requester chose beside scenario and cluster. */
export type RunParameters = Partial<Record<"registry" | "node" | "image", string>>;

export type Run = {
  v: 1;
  /** How often the run was changed since it was requested; of two announcements the higher one is right. */
  revision?: number;
  /** A Kubernetes label value: `r-` and ten characters. */
  id: string;
  scenario: string;
  cluster?: ClusterRef;
  registry?: RegistryRef;
  subscription: { id: string; name: string };
  parameters: RunParameters;
  reason: string;
  /** Slack user id; for a drill that of the person whose approval the file names. */
  requester: string;
  /** Where it was requested and has its message; "" for a drill, which is reported to topic `drills`. */
  channel: string;
  approver?: string;
  /** The drill that asked for it (its cron line and scenario) and its slot, where one did. */
  drill?: { name: string; slot: string };
  /** What the buttons of the request carry: binds an approval to exactly these parameters. */
  code: string;
  /** ISO; when the request can no longer be approved. */
  approvable: string;
  state: RunState;
  /** ISO; when each state was entered. */
  at: Partial<Record<RunState, string>>;
  namespace: string;
  preflight?: Preflight;
  /** Digest of the image that was imported, where Azure said it. */
  digest?: string;
  /** True once the objects are in the cluster. */
  applied: boolean;
  /** ISO; when the first step of the attack began, by the bot's clock, and when the last one ended. */
  started?: string;
  finished?: string;
  /** Steps that are done; ISO when the present one began. */
  step: number;
  stepSince?: string;
  /** How far the log of the present step was read. */
  reading?: LogReading;
  /** The last lines of the log, redacted; `logged` counts all of them. */
  log: string[];
  logged: number;
  /** True once the log or the exit codes prove that the attack happened. */
  happened: boolean;
  /** Since when (ISO) it is not known whether Defender took the request for sample alerts; `twice`: asked once more. */
  asked?: string;
  twice?: boolean;
  /** How long to wait for what is expected, in seconds from `started`. */
  verifySeconds: number;
  sightings: Sighting[];
  verdicts: ExpectationVerdict[];
  /** Why what would tell the rest could not be read when the wait was over, in the far side's words. */
  unread?: string;
  /** Undo steps that are done. */
  undone: number;
  /** Since when is being cleaned up (ISO), and how many objects were found. */
  cleaning?: { since: string; found: number; left: Leftover[] };
  cleanUp?: CleanUp;
  /** Commands that Azure runs beside a private cluster for the present step: where their ends are asked for. */
  commands?: Record<string, { location: string; mark: string; since: string }>;
  /** Since when a far side does not answer or refuses (ISO), its words, and whether that was announced. */
  troubled?: { since: string; said: string; announced?: true };
  /** Why it failed; facts in the far side's words. */
  failure?: { what: FailureKind; said: string };
  /** True once its end was announced. */
  told?: boolean;
  /** Slack user ids. */
  refusedBy?: string;
  cancelledBy?: string;
  /** ISO; when what it created must be gone whatever happens. */
  expires?: string;
};

/** The name of the target: the cluster, else the registry, else the subscription. */
export function targetName({
  cluster,
  registry,
  subscription,
}: Pick<Run, "cluster" | "registry" | "subscription">): string {
  const both = cluster && registry ? `${cluster.name}, ${registry.name}` : undefined;
  return both ?? cluster?.name ?? registry?.name ?? subscription.name;
}
