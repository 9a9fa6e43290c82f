import type { Language } from "../locales/language.ts";

/** A Kubernetes object, as it would stand in a manifest. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [field: string]: unknown;
};

export type ExpectedAlert = {
  /** Matched first, where the type is known [facts/alerts.json]. */
  type?: string;
  title: string;
  required: boolean;
  /** Minutes that the alert typically takes. */
  typicalMinutes: number;
};

export type ScenarioStep =
  | { kind: "follow-log"; pod: string; heading: string; ends: string; minutes: number }
  | { kind: "exec"; pod: string; container: string; command: readonly string[] };

/** What the pure functions of a scenario are told about the run. */
export type ScenarioRun = { id: string; cluster: string; namespace: string };

export type ScenarioDefinition = {
  texts: Record<Language, { summary: string; happens: string; cannotTell: string }>;
  /** MITRE ATT&CK tactics, as Defender names them. */
  tactics: readonly string[];
  needs: { sensor: boolean; extensions: readonly string[]; linuxNodes: boolean };
  /** What stands in the cluster while it runs: said before anyone approves. */
  creates: readonly { kind: string; name: string; why: Record<Language, string> }[];
  /** Kubernetes rights of the bot: verbs on resources. */
  rights: readonly { apiGroup: string; resource: string; verbs: readonly string[] }[];
  /** Longest time that what is created may live, in minutes. */
  minutes: number;
  manifests(run: ScenarioRun): Manifest[];
  /** What is done after the manifests are ready, in order; each is one command in one container, or a wait for its log. */
  steps: readonly ScenarioStep[];
  expects: readonly ExpectedAlert[];
  undo: Record<Language, string>;
};

/** Declares one simulation, as pure data and pure functions; the file's name is its name. */
export function scenario(definition: ScenarioDefinition): ScenarioDefinition {
  return definition;
}
