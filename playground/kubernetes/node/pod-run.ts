import type { Json } from "../object.ts";
import type { Files } from "./disk.ts";
import type { Image } from "./images.ts";
import type { LogLines } from "./log-lines.ts";

/** One container as the kubelet knows it. */
export type ContainerRun = {
  name: string;
  init: boolean;
  spec: Json;
  image: Image;
  files: Files;
  log: LogLines;
  state: "waiting" | "running" | "terminated";
  reason: string;
  message?: string;
  exitCode?: number;
  started?: Date;
  finished?: Date;
  restarts: number;
};
/** One pod as the kubelet knows it; `ended` kills all its processes. */
export type PodRun = {
  uid: string;
  containers: ContainerRun[];
  ended: AbortController;
  node?: string;
  /** Why no node was found. */
  unschedulable?: string;
};
