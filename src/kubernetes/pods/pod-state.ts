import type { PodState } from "../../ports/clusters.ts";
import { askIfThere, askOne, query, type Transport } from "../connection/transport.ts";
import { at, items, text } from "../objects/read.ts";
import { isRunning } from "../run-command/commands.ts";

const phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"] as const;
/** Reasons of a container that is on its way and has no trouble [kubelet, container states]. */
const onItsWay = new Set(["ContainerCreating", "PodInitializing", ""]);

type Why = { reason?: string; message?: string };

/** What a pod is doing, with Kubernetes' own reason where it does not run; undefined where there is none. */
export async function readPod(
  transport: Transport,
  namespace: string,
  name: string,
): Promise<PodState | undefined> {
  const base = `/api/v1/namespaces/${encodeURIComponent(namespace)}`;
  const pod = await askIfThere(transport, `${base}/pods/${encodeURIComponent(name)}`);
  if (pod === undefined) return undefined;
  const state = podState(pod);
  if (state.phase !== "Pending" || state.reason) return state;
  // Volumes that cannot be mounted and sandboxes that cannot be made stand in the events only.
  const fieldSelector = `involvedObject.uid=${text(pod, ["metadata", "uid"], 100)},type=Warning`;
  const events = await askOne(transport, {
    kind: "get",
    path: `${base}/events${query({ fieldSelector, limit: 50 })}`,
  }).catch((error: unknown) => {
    if (isRunning(error)) throw error;
    return undefined;
  });
  return { ...state, ...lastWarning(items(events, "items")) };
}

/** The same from the object alone. */
export function podState(pod: unknown): PodState {
  const said = text(pod, ["status", "phase"]);
  const phase = phases.find((one) => one === said) ?? "Unknown";
  const containers = [
    ...items(pod, "status", "initContainerStatuses"),
    ...items(pod, "status", "containerStatuses"),
  ];
  const ended = items(pod, "status", "containerStatuses").map((one) =>
    at(one, "state", "terminated", "exitCode"),
  );
  const exitCode = ended.find((code) => typeof code === "number" && code !== 0) ?? ended[0];
  const ready = items(pod, "status", "conditions").some(
    (one) => text(one, ["type"]) === "Ready" && text(one, ["status"]) === "True",
  );
  return {
    phase,
    ready,
    ...whyNot(pod, containers, phase),
    node: text(pod, ["spec", "nodeName"], 253) || undefined,
    exitCode: typeof exitCode === "number" ? exitCode : undefined,
  };
}

function whyNot(pod: unknown, containers: readonly unknown[], phase: PodState["phase"]): Why {
  if (phase === "Succeeded") return {};
  const whole: Why = {
    reason: text(pod, ["status", "reason"], 100),
    message: text(pod, ["status", "message"]),
  };
  const waiting = containers
    .map((one) => at(one, "state", "waiting"))
    .find((one) => one !== undefined && !onItsWay.has(text(one, ["reason"])));
  // Between two attempts the container only waits: why it ended is in its last state.
  const ended = containers
    .flatMap((one) => [
      at(one, "state", "terminated"),
      phase === "Failed" ? undefined : at(one, "lastState", "terminated"),
    ])
    .find((one) => one !== undefined && at(one, "exitCode") !== 0);
  const unscheduled = items(pod, "status", "conditions").find(
    (one) => text(one, ["type"]) === "PodScheduled" && text(one, ["status"]) === "False",
  );
  return (
    [whole, whyOf(waiting), whyOf(phase === "Failed" ? ended : undefined), whyOf(unscheduled)].find(
      ({ reason }) => reason,
    ) ?? {}
  );
}

function whyOf(state: unknown): Why {
  const reason = text(state, ["reason"], 100);
  return reason ? { reason, message: text(state, ["message"]) || undefined } : {};
}

function lastWarning(events: readonly unknown[]): Why {
  const when = (event: unknown) =>
    text(event, ["lastTimestamp"]) ||
    text(event, ["eventTime"]) ||
    text(event, ["metadata", "creationTimestamp"]);
  const last = events
    .filter((event) => text(event, ["type"]) === "Warning")
    .sort((a, b) => when(a).localeCompare(when(b)))
    .at(-1);
  return whyOf(last);
}
