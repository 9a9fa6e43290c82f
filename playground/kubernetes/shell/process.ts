import type { Files } from "../node/disk.ts";

/** One process of a container, as programs see it. */
export type Process = {
  argv: readonly string[];
  env: Record<string, string>;
  cwd: string;
  files: Files;
  /** All of its standard input. */
  stdin: string;
  out(text: string): void;
  err(text: string): void;
  /** Of the pod, its container, and the machine. */
  place: Place;
  signal: AbortSignal;
};
export type Place = {
  hostname: string;
  user: number;
  /** Of the cluster's time. */
  pause(seconds: number, signal: AbortSignal): Promise<void>;
  now(): Date;
  /** A program that the image did not bring was run. */
  drifted(binary: string, commandLine: string): void;
  /** What the image's own program does, where it is one that the stand-in knows. */
  main(process: Process): Promise<number>;
};
/** Resolves to the exit code. Rejects where the process is killed. */
export type Program = (process: Process) => number | Promise<number>;
