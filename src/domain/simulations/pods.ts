/** Reasons that no waiting fixes [Kubernetes, kubelet/images]. */
const final = ["InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError", "RunContainerError"];
/** Reasons that often pass; the kubelet tries again after 10, 20, 40 s [Kubernetes, ImagePullBackOff]. */
const passing: Record<string, number> = {
  ErrImagePull: 45,
  ImagePullBackOff: 30,
  CrashLoopBackOff: 45,
  CreateContainerError: 45,
  Unschedulable: 90,
  // Of a workload whose pods are refused [Kubernetes, condition ReplicaFailure]; tried again ever more seldom.
  FailedCreate: 30,
};
/** However a pod waits, its reason is shown within two minutes. */
const mostSeconds = 110;

type Pod = { phase: string; ready: boolean; reason?: string; message?: string; exitCode?: number };

/**
 * Why a pod will not start, in Kubernetes' words; undefined where it may still do so, or has.
 * @param pod undefined: there is none
 * @param waited seconds since it was wanted
 */
export function stuck(pod: Pod | undefined, waited: number): string | undefined {
  if (!pod) return waited > mostSeconds ? "NotFound" : undefined;
  const said = [pod.reason ?? pod.phase, pod.message].filter(Boolean).join(": ");
  if (pod.ready || pod.phase === "Succeeded") return undefined;
  if (pod.phase === "Failed") return pod.exitCode === undefined ? said : `${said} (exit ${pod.exitCode})`;
  if (pod.reason && final.includes(pod.reason)) return said;
  return waited > (passing[pod.reason ?? ""] ?? mostSeconds) ? said : undefined;
}
