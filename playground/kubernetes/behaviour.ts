import type { KubeObject } from "./object.ts";

/**
 * What really happened. `where` is the pod in which it happened, with its container; a workload is what was applied;
 * a file is one on a node.
 */
export type Behaviour =
  | { kind: AttackPart; pod: KubeObject; container: string }
  | { kind: "privileged"; pod: KubeObject; container: string }
  | { kind: "drift"; pod: KubeObject; container: string; binary: string; commandLine: string }
  | { kind: "workload"; object: KubeObject }
  | { kind: "workload-gone"; object: KubeObject };

/** Parts of Microsoft's attack simulation, by the value of `SCENARIO` that runs each. */
export type AttackPart = "webshell" | "recon" | "lateral-mov" | "secrets" | "crypto" | "ti-domain";
