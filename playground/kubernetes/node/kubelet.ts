import type { Cluster } from "../cluster.ts";
import { at, type KubeObject } from "../object.ts";
import { commandOf, containersOf, runIn } from "./containers.ts";
import { recordEvent } from "./events.ts";
import type { ContainerRun, PodRun } from "./pod-run.ts";
import { report, stored } from "./pod-status.ts";
import { nodeFor } from "./schedule.ts";

/** Schedules and runs every pod that is created from now on, and ends those that are deleted. */
export function startKubelet(cluster: Cluster) {
  cluster.objects.listen(({ kind, object, type, before }) => {
    if (kind.kind !== "Pod") return;
    const run = cluster.pods.get(object.metadata.uid);
    if (type === "DELETED") {
      run?.ended.abort();
      cluster.pods.delete(object.metadata.uid);
    } else if (type === "ADDED" && !object.status?.containerStatuses) begin(cluster, object);
    else if (object.metadata.deletionTimestamp && !before?.metadata.deletionTimestamp)
      end(cluster, object, run);
  });
}

function begin(cluster: Cluster, pod: KubeObject) {
  const run: PodRun = { uid: pod.metadata.uid, containers: [], ended: new AbortController() };
  cluster.pods.set(run.uid, run);
  live(cluster, pod, run).catch((error: unknown) => {
    if (!run.ended.signal.aborted && (error as Error).name !== "AbortError") throw error;
  });
}

/** What a process does not do by itself within its grace, the kubelet ends; then the pod is gone. */
function end(cluster: Cluster, pod: KubeObject, run: PodRun | undefined) {
  run?.ended.abort();
  const grace = Math.min(2, pod.metadata.deletionGracePeriodSeconds ?? 0);
  cluster.later(grace, () => {
    const left = stored(cluster, pod);
    if (left && !left.metadata.finalizers?.length) cluster.objects.drop(left);
  });
}

async function live(cluster: Cluster, pod: KubeObject, run: PodRun) {
  const { signal } = run.ended;
  await cluster.pause(1, signal);
  for (;;) {
    const chosen = nodeFor(cluster, pod);
    if ("node" in chosen) {
      run.node = chosen.node;
      break;
    }
    if (run.unschedulable === undefined)
      recordEvent(cluster, pod, "Warning", "FailedScheduling", chosen.none);
    run.unschedulable = chosen.none;
    report(cluster, pod, run);
    await cluster.pause(5, signal);
  }
  run.unschedulable = undefined;
  const placed = { ...pod, spec: { ...pod.spec, nodeName: run.node } };
  recordEvent(
    cluster,
    pod,
    "Normal",
    "Scheduled",
    `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${run.node}`,
  );
  run.containers = containersOf(cluster, placed);
  report(cluster, pod, run);
  // A node that does not exist never takes its pods.
  if (!cluster.disks.has(run.node)) return;
  await cluster.pause(1, signal);
  for (const one of run.containers) await pull(cluster, placed, run, one);
  for (const one of run.containers.filter(({ init }) => init)) {
    await cycle(cluster, placed, run, one);
    if (one.exitCode !== 0) return;
  }
  deadline(cluster, placed, run);
  await Promise.all(
    run.containers.filter(({ init }) => !init).map((one) => cycle(cluster, placed, run, one)),
  );
}

async function pull(cluster: Cluster, pod: KubeObject, run: PodRun, container: ContainerRun) {
  const image = String(container.spec.image);
  for (let tries = 0; ; tries++) {
    const broken = cluster.nodeFaults.unpullable.find((one) => one.image.test(image));
    const absent = broken ? undefined : cluster.absentImage(image);
    if (!broken && !absent) break;
    const said =
      broken?.message ??
      absent ??
      `failed to pull and unpack image "${image}": failed to resolve reference "${image}": unexpected status from HEAD request: 403 Forbidden`;
    const waiting = tries % 2 === 0;
    container.reason = waiting ? "ErrImagePull" : "ImagePullBackOff";
    container.message = waiting ? said : `Back-off pulling image "${image}": ErrImagePull: ${said}`;
    if (tries < 2)
      recordEvent(
        cluster,
        pod,
        "Warning",
        "Failed",
        waiting ? `Failed to pull image "${image}": ${said}` : "Error: ImagePullBackOff",
      );
    report(cluster, pod, run);
    await cluster.pause(waiting ? 3 : 10, run.ended.signal);
  }
  container.reason = "ContainerCreating";
  container.message = undefined;
}

/** A container that must not be root is not started with an image that is: its pod waits until that is fixed. */
async function configured(cluster: Cluster, pod: KubeObject, run: PodRun, container: ContainerRun) {
  const context = { ...at(pod.spec, "securityContext"), ...at(container.spec, "securityContext") };
  if (context.runAsNonRoot !== true || (context.runAsUser !== undefined && context.runAsUser !== 0)) return;
  const named = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${run.uid})", container: ${container.name})`;
  container.reason = "CreateContainerConfigError";
  container.message = `container has runAsNonRoot and image will run as root ${named}`;
  recordEvent(cluster, pod, "Warning", "Failed", `Error: ${container.message}`);
  report(cluster, pod, run);
  await new Promise((_, reject) =>
    run.ended.signal.addEventListener("abort", () => reject(run.ended.signal.reason)),
  );
}

/** Starts a container, and again after it has ended where its pod wants that, ever more slowly. */
async function cycle(cluster: Cluster, pod: KubeObject, run: PodRun, container: ContainerRun) {
  const policy = container.init ? "Never" : pod.spec?.restartPolicy;
  await configured(cluster, pod, run, container);
  for (;;) {
    container.state = "running";
    container.reason = "";
    container.started = cluster.now();
    report(cluster, pod, run);
    const code = await processOf(cluster, pod, run, container);
    container.state = "terminated";
    container.exitCode = code;
    container.reason = code === 0 ? "Completed" : "Error";
    container.finished = cluster.now();
    container.log.close();
    report(cluster, pod, run);
    if (policy === "Never" || (policy === "OnFailure" && code === 0)) return;
    await cluster.pause(1, run.ended.signal);
    container.restarts++;
    container.state = "waiting";
    container.reason = "CrashLoopBackOff";
    container.message = `back-off ${Math.min(300, 10 * 2 ** (container.restarts - 1))}s restarting failed container=${container.name} pod=${pod.metadata.name}_${pod.metadata.namespace}(${run.uid})`;
    recordEvent(
      cluster,
      pod,
      "Warning",
      "BackOff",
      `Back-off restarting failed container ${container.name} in pod ${pod.metadata.name}_${pod.metadata.namespace}`,
    );
    report(cluster, pod, run);
    await cluster.pause(Math.min(120, 10 * 2 ** (container.restarts - 1)), run.ended.signal);
  }
}

async function processOf(
  cluster: Cluster,
  pod: KubeObject,
  run: PodRun,
  container: ContainerRun,
): Promise<number> {
  const { take } = container.log;
  if (cluster.nodeFaults.crashing.some((one) => one.test(pod.metadata.name))) {
    await cluster.pause(0.5, run.ended.signal);
    return 1;
  }
  return runIn(cluster, pod, container, commandOf(container), {
    out: take,
    err: take,
    signal: run.ended.signal,
  });
}

/** `activeDeadlineSeconds`: the pod fails, and its processes with it. */
function deadline(cluster: Cluster, pod: KubeObject, run: PodRun) {
  const seconds = Number(pod.spec?.activeDeadlineSeconds ?? 0);
  if (!seconds) return;
  cluster.later(seconds, () => {
    const left = stored(cluster, pod);
    if (!left || /^(Succeeded|Failed)$/.test(String(left.status?.phase))) return;
    run.ended.abort();
    const message = "Pod was active on the node longer than the specified deadline";
    cluster.objects.put({
      ...left,
      status: { ...left.status, phase: "Failed", reason: "DeadlineExceeded", message },
    });
  });
}
