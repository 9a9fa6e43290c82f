import type { Language } from "../../text/language.ts";
import type { Run, Verdict } from "./simulation.ts";

type Both = Record<Language, string>;

/** What the scenario's definition says of a run, by value: notifiers know no definitions. */
export type ScenarioAbout = {
  texts: Record<Language, { summary: string; happens: string; cannotTell: string }>;
  tactics: readonly string[];
  target: "cluster" | "registry" | "subscription";
  creates: readonly { kind: string; name: string; why: Both }[];
  /** Kubernetes rights as `verbs resource`, and Azure actions. */
  rights: readonly string[];
  nodes: Both;
  outside?: Both;
  /** Longest time that what is created may live, in minutes. */
  minutes: number;
  undo: Both;
  cleanUp: "after-steps" | "after-verdict";
  expects: readonly {
    kind: "alert" | "finding" | "recommendation";
    title: Both;
    required: boolean;
    typicalMinutes: number;
  }[];
  /** What is done, in order, one kind each. */
  steps: readonly string[];
};

/** An earlier finished run of the same scenario on the same target. */
export type EarlierRun = {
  run: string;
  /** ISO. */
  at: string;
  verdicts: { index: number; required: boolean; verdict: Verdict; seconds?: number }[];
};

/** How a run compares with the last one. Indices are those of the expectations. */
export type Comparison = {
  with: string;
  at: string;
  /** Detected the last time, and not now. */
  lost: number[];
  /** Not detected the last time, and now. */
  won: number[];
  /** More than twice and ten minutes later than the last time. */
  slower: { index: number; before: number; seconds: number }[];
};

/** Event of the notifier `simulation` (the run's one message) and, for finished runs, of `drill-report`. */
export type SimulationEvent = {
  run: Run;
  about: ScenarioAbout;
  /** Oldest first, at most nineteen: with this run they fit one chart. */
  earlier: EarlierRun[];
  comparison?: Comparison;
  /** How many runs are before this one on the cluster, while it waits for its turn. */
  before?: number;
};

/** Event of the notifier `drill-regression`: a drill detects less, or much later, than the last time. */
export type DrillRegression = SimulationEvent & { comparison: Comparison };

/** Event of the notifier `drill-refused`: a drill was due and did not start. */
export type DrillRefused = {
  drill: string;
  scenario: string;
  cluster: string;
  /** ISO; the time at which it was due. */
  slot: string;
  why:
    | "no-approval"
    | "approval-lost"
    | "approval-deactivated"
    | "approval-unread"
    | "no-scenario"
    | "no-cluster"
    | "not-allowed"
    | "parameters"
    | "not-read";
  said: string;
};
