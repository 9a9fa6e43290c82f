import { isDeepStrictEqual } from "node:util";
import type { Cluster } from "../cluster.ts";
import { plural } from "../kinds.ts";
import { at, type Json, type KubeObject, kubeTime } from "../object.ts";
import type { ContainerRun, PodRun } from "./pod-run.ts";

/** The pod as it is stored now; undefined where it is gone or another one of its name. */
export function stored(cluster: Cluster, pod: KubeObject): KubeObject | undefined {
  const live = cluster.objects.get(plural("pods"), pod.metadata.namespace, pod.metadata.name);
  return live?.metadata.uid === pod.metadata.uid ? live : undefined;
}

/** Writes down what the kubelet knows of a pod. */
export function report(cluster: Cluster, pod: KubeObject, run: PodRun) {
  const live = stored(cluster, pod);
  if (!live) return;
  const spec = run.node && !live.spec?.nodeName ? { ...live.spec, nodeName: run.node } : live.spec;
  const status = statusOf(cluster, live, run);
  if (!isDeepStrictEqual(status, live.status) || spec !== live.spec)
    cluster.objects.put({ ...live, spec, status });
}

function statusOf(cluster: Cluster, live: KubeObject, run: PodRun): Json {
  const main = run.containers.filter((one) => !one.init);
  const before = live.status ?? {};
  const started = run.node !== undefined;
  const ready = main.length > 0 && main.every((one) => one.state === "running");
  const done = phaseOf(main, live) !== "Pending" || main.some((one) => one.state !== "waiting");
  const condition = (type: string, holds: boolean, more: Json = {}) => ({
    type,
    status: holds ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: changedAt(cluster, before, type, holds),
    ...more,
  });
  const why = run.unschedulable;
  const unready = ready
    ? {}
    : {
        reason: "ContainersNotReady",
        message: `containers with unready status: [${main.map(({ name }) => name).join(" ")}]`,
      };
  const init = run.containers.filter((one) => one.init);
  return {
    ...before,
    phase: phaseOf(main, live),
    conditions: [
      condition(
        "PodScheduled",
        why === undefined,
        why === undefined ? {} : { reason: "Unschedulable", message: why },
      ),
      ...(started
        ? [
            condition("Initialized", done),
            condition("Ready", ready, unready),
            condition("ContainersReady", ready, unready),
          ]
        : []),
    ],
    ...(started
      ? {
          hostIP: "10.224.0.4",
          podIP: addressOf(live),
          startTime: before.startTime ?? kubeTime(cluster.now()),
        }
      : {}),
    ...(started ? { containerStatuses: main.map(containerStatus) } : {}),
    ...(started && init.length > 0 ? { initContainerStatuses: init.map(containerStatus) } : {}),
  };
}

function phaseOf(main: readonly ContainerRun[], live: KubeObject): string {
  if (main.length === 0 || main.some((one) => one.state === "waiting" && one.restarts === 0))
    return "Pending";
  const policy = live.spec?.restartPolicy;
  const ended = main.every((one) => one.state === "terminated");
  if (ended && policy !== "Always")
    return main.every((one) => one.exitCode === 0) ? "Succeeded" : policy === "Never" ? "Failed" : "Running";
  return "Running";
}

function changedAt(cluster: Cluster, before: Json, type: string, holds: boolean): string {
  const conditions = Array.isArray(before.conditions) ? (before.conditions as Json[]) : [];
  const same = conditions.find((one) => one.type === type && one.status === (holds ? "True" : "False"));
  return String(same?.lastTransitionTime ?? kubeTime(cluster.now()));
}

const addressOf = ({ metadata }: KubeObject) =>
  `10.244.${Number.parseInt(metadata.uid.slice(0, 2), 16)}.${Number.parseInt(metadata.uid.slice(2, 4), 16)}`;

function containerStatus(one: ContainerRun): Json {
  const startedAt = one.started && kubeTime(one.started);
  const over = {
    exitCode: one.exitCode,
    reason: one.reason,
    startedAt,
    finishedAt: one.finished && kubeTime(one.finished),
    containerID: idOf(one),
  };
  const waiting = { reason: one.reason, ...(one.message ? { message: one.message } : {}) };
  return {
    name: one.name,
    state:
      one.state === "waiting"
        ? { waiting }
        : one.state === "running"
          ? { running: { startedAt } }
          : { terminated: over },
    lastState: {},
    ready: one.state === "running" || (one.init && one.exitCode === 0),
    started: one.state === "running",
    restartCount: one.restarts,
    image: String(one.spec.image),
    imageID: one.started ? `${String(one.spec.image).split(/[:@]/)[0]}@sha256:${"0".repeat(64)}` : "",
    ...(one.started ? { containerID: idOf(one) } : {}),
  };
}

const idOf = ({ started, name }: ContainerRun) =>
  `containerd://${Buffer.from(`${name}${started?.getTime() ?? ""}`)
    .toString("hex")
    .padEnd(64, "0")
    .slice(0, 64)}`;

/** Whether a pod runs and is ready, as services look at it. */
export function isReady({ status }: KubeObject): boolean {
  const conditions = Array.isArray(status?.conditions) ? (status.conditions as Json[]) : [];
  return conditions.some((one) => one.type === "Ready" && one.status === "True");
}

export const labelsOf = (object: unknown) => at(object, "metadata", "labels") as Record<string, string>;
