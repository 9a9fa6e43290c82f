import type { Located } from "./scope.ts";
import type { Severity } from "./severity.ts";

/**
 * States of a run (design, section 9). `queued` is a run that waits for its turn on the cluster: it is "approved".
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

/** One thing that was looked at before a run. `blocks`: the run must not go on. Words are translated when shown. */
export type CheckResult = {
  name:
    | "allowed"
    | "tags"
    | "power"
    | "plan"
    | "sensor"
    | "suppression"
    | "rights"
    | "azure-rights"
    | "reachable"
    | "admission"
    | "nodes"
    | "drift-rule"
    | "policy-addon"
    | "agentless-machines"
    | "registry-access"
    | "leftovers";
  state: "ok" | "failed" | "unknown" | "warning";
  blocks: boolean;
  /** Facts in Azure's or Kubernetes' own words, untrusted. */
  said: string;
};

export type Preflight = {
  at: string;
  how: "direct" | "run-command" | "none";
  checks: CheckResult[];
  /** Index of an expectation → why it cannot be expected here. */
  unexpected: Partial<Record<number, CheckResult["name"]>>;
};

/** An alert (or finding, or recommendation) that answers an expectation. */
export type Sighting = {
  /** `systemAlertId`, or what names the finding or assessment. */
  id: string;
  /** Azure resource id of the alert, for its buttons. */
  resource: string;
  type: string;
  title: string;
  severity: Severity;
  /** ISO; when Azure had it, and when the bot first saw it. */
  generated?: string;
  seen: string;
  portal?: string;
};

export type Verdict = "waiting" | "detected" | "late" | "missing" | "not-expected";

export type ExpectationVerdict = {
  /** Index into the scenario's expectations. */
  index: number;
  title: string;
  required: boolean;
  verdict: Verdict;
  /** Seconds from the beginning of the attack until Azure had it. */
  seconds?: number;
  sighting?: Sighting;
  /** Why it is not expected here. */
  why?: CheckResult["name"];
};

/** What is left in the cluster after cleaning up, with the line that removes it. */
export type Leftover = { what: string; why: string; mend: string };
export type CleanUp = { at: string; removed: number; left: Leftover[] };

export type Run = {
  v: 1;
  /** A Kubernetes label value: `r-` and ten characters. */
  id: string;
  scenario: string;
  cluster?: ClusterRef;
  registry?: RegistryRef;
  subscription: { id: string; name: string };
  parameters: Partial<Record<"registry" | "node" | "image" | "run-image", string>>;
  reason: string;
  /** Slack user id; for a drill that of the person whose standing approval the file names. */
  requester: string;
  /** Where it was requested and is told of. */
  channel: string;
  approver?: string;
  /** The drill that asked for it (its cron line and scenario), where one did. */
  drill?: string;
  state: RunState;
  /** ISO; when each state was entered. */
  at: Partial<Record<RunState, string>>;
  namespace: string;
  preflight?: Preflight;
  /** ISO; when the first step of the attack began, by the bot's clock. */
  started?: string;
  /** Steps that are done, and how far the log was read. */
  step: number;
  logged: number;
  /** The last lines of the log, redacted. */
  log: string[];
  /** True once the log or the exit codes prove that the attack happened. */
  happened: boolean;
  sightings: Sighting[];
  verdicts: ExpectationVerdict[];
  cleanUp?: CleanUp;
  /** Why it failed or was cancelled; a word of ours, and facts in the far side's words. */
  failure?: { what: string; said: string };
  cancelledBy?: string;
  /** ISO; when what it created must be gone whatever happens. */
  expires?: string;
};
