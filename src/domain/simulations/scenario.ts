import type { Language } from "../../text/language.ts";

export type Both = Record<Language, string>;

/** A Kubernetes object, as it is in a manifest. */
export type Manifest = {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  [field: string]: unknown;
};

/** What an expectation depends on beside the scenario itself: where it is off, the alert could not have come. */
export type Dependency =
  | "sensor"
  | "helm-sensor"
  | "audit-log"
  | "agentless-machines"
  | "registry-access"
  | "policy-addon"
  | "drift-rule";

/** What Defender should say of the run. `typicalMinutes`: how long it usually takes. */
export type Expectation = { required: boolean; typicalMinutes: number; depends: readonly Dependency[] } & (
  | {
      kind: "alert";
      /** Ids of alert types, matched first [facts/alerts.json]; empty where none is known. */
      types: readonly string[];
      /** Display names, matched where no type fits; the first one is shown. */
      titles: readonly string[];
    }
  | { kind: "finding"; where: "registry" | "running"; title: Both }
  | {
      kind: "recommendation";
      /** English name of the recommendation, as the catalogue has it. */
      title: string;
      /** Name of the manifest that should turn unhealthy. */
      object: string;
    }
);

/** What is done after the manifests are ready, in order. */
export type ScenarioStep =
  /** Creates objects of the manifests that are held back until then: an attacker, once its victim is ready. */
  | { kind: "create"; objects: readonly { kind: string; name: string }[] }
  /** Reads the log of a pod until it ends. The scenario has happened only where every heading was seen with a line below it. */
  | { kind: "follow-log"; pod: string; headings: readonly string[]; ends: string; minutes: number }
  /** Runs a command in a container. Anything but exit code 0 fails the run. */
  | { kind: "exec"; pod: string; container: string; command: readonly string[] }
  /** Imports a public image into the registry of the run [registries, importImage 2023-07-01]. */
  | { kind: "import-image"; source: string; repository: string; tag: string }
  /** Asks Defender for sample alerts [alerts, simulate 2022-01-01]. */
  | { kind: "sample-alerts"; bundle: string }
  /** Waits until the objects are there and ready, no more. */
  | { kind: "wait-ready"; pods: readonly string[]; minutes: number };

/** What must be done before the objects of a run are deleted: only this reaches what lies outside of them. */
export type UndoStep =
  | {
      kind: "exec";
      pod: string;
      container: string;
      command: readonly string[];
      /** What is left where it does not work, and the line by which people remove it when the pod is no longer there. */
      left?: { what: string; mend: string };
    }
  | { kind: "delete-image"; repository: string; tag: string };

/** A value, or how it is made for a run. */
export type PerRun<T> = T | ((run: ScenarioRun) => T);

/** The value for a run. */
export function forRun<T extends object>(value: PerRun<T>, run: ScenarioRun): T {
  return typeof value === "function" ? (value as (run: ScenarioRun) => T)(run) : value;
}

/** What else the requester has to choose. */
export type ScenarioParameter = {
  name: "registry" | "node" | "image";
  label: Both;
  optional?: boolean;
  /** Fixed choices; none: the bot offers what exists (registries, Linux nodes). */
  choices?: readonly string[];
};

/** Where the images of the attack come from: settable, so that a mirror can be used and digests pinned. */
export type SimulationImages = { attacker: string; victim: string; busybox: string };

/** What the pure functions of a scenario know about the run. */
export type ScenarioRun = {
  id: string;
  /** "" where the scenario touches no cluster. */
  cluster: string;
  namespace: string;
  images: SimulationImages;
  parameters: Partial<Record<ScenarioParameter["name"], string>>;
  /** Login server of the chosen registry, where there is one. */
  loginServer?: string;
};

/** A run with the names of what is chosen in the place of what was: for documents, and to see what is expected. */
export const exampleRun: ScenarioRun = {
  id: "<run>",
  cluster: "<cluster>",
  namespace: "<namespace>",
  images: { attacker: "<attacker>", victim: "<victim>", busybox: "<busybox>" },
  parameters: { registry: "<registry>", node: "<node>", image: "<image>:<tag>" },
  loginServer: "<registry>",
};

export type ScenarioDefinition = {
  texts: Record<Language, { summary: string; happens: string; cannotTell: string }>;
  /** MITRE ATT&CK tactics, as Defender names them. */
  tactics: readonly string[];
  /** "cluster": runs in a cluster; "registry": in a registry, and in a cluster where one is given; "subscription": in none. */
  target: "cluster" | "registry" | "subscription";
  parameters?: readonly ScenarioParameter[];
  needs: { sensor: boolean; extensions: readonly string[]; linuxNodes: boolean; policyAddon?: boolean };
  /** What is in the cluster (or registry) while it runs: said before anyone approves. */
  creates: readonly { kind: string; name: string; why: Both }[];
  /** Kubernetes rights of the bot: verbs on resources. */
  rights: readonly { apiGroup: string; resource: string; verbs: readonly string[] }[];
  /** Azure actions of the bot beside those that it always needs, on the registry or subscription. */
  azureActions?: readonly string[];
  /** Which nodes it runs on, said before anyone approves. */
  nodes: Both;
  /** True where something outside of the namespace is touched: said loudly before anyone approves. */
  outside?: Both;
  /** Longest time that what is created may live, in minutes. */
  minutes: number;
  /** How long to wait for what is expected, in minutes, where that is not `simulations.verifyMinutes`. */
  verifyMinutes?: number;
  manifests(run: ScenarioRun): Manifest[];
  /** Fixed ones as a list; a function where they depend on the run. */
  steps: PerRun<readonly ScenarioStep[]>;
  expects: PerRun<readonly Expectation[]>;
  /** In this order, before the objects are deleted by their label; "after-verdict" where detection needs them to stay. */
  undoSteps?: PerRun<readonly UndoStep[]>;
  cleanUp: "after-steps" | "after-verdict";
  undo: Both;
};
