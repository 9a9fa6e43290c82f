import type { Cluster } from "../cluster.ts";
import { at, type Json, type KubeObject, listAt } from "../object.ts";
import { start } from "../shell/execute.ts";
import type { Process } from "../shell/process.ts";
import { attack } from "./attack.ts";
import { type Disk, filesOf, type Mount, newDisk } from "./disk.ts";
import { imageOf } from "./images.ts";
import { logLines } from "./log-lines.ts";
import type { ContainerRun, PodRun } from "./pod-run.ts";

const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";

/** The containers of a pod on a node, not started yet. */
export function containersOf(cluster: Cluster, pod: KubeObject): ContainerRun[] {
  const shared = new Map<string, Disk>();
  const make = (spec: Json, init: boolean): ContainerRun => {
    const image = imageOf(String(spec.image));
    const readOnly = at(spec, "securityContext").readOnlyRootFilesystem === true;
    return {
      name: String(spec.name),
      init,
      spec,
      image,
      files: filesOf(image.disk, mountsOf(cluster, pod, spec, shared), readOnly),
      log: logLines(),
      state: "waiting",
      reason: "ContainerCreating",
      restarts: 0,
    };
  };
  const init = listAt(pod.spec, "initContainers").map((one) => make(one, true));
  return [...init, ...listAt(pod.spec, "containers").map((one) => make(one, false))];
}

function mountsOf(cluster: Cluster, pod: KubeObject, spec: Json, shared: Map<string, Disk>): Mount[] {
  const volumes = listAt(pod.spec, "volumes");
  return listAt(spec, "volumeMounts").map((mount) => {
    const volume = volumes.find((one) => one.name === mount.name) ?? {};
    const path = String(mount.mountPath).replace(/(.)\/+$/, "$1");
    const readOnly = mount.readOnly === true;
    const host = at(volume, "hostPath").path;
    if (host !== undefined) {
      const disk = cluster.disks.get(String(pod.spec?.nodeName)) ?? newDisk();
      return { path, disk, source: String(host), readOnly };
    }
    const name = String(mount.name);
    if (!shared.has(name)) shared.set(name, path === tokenPath ? tokenDisk(pod) : newDisk());
    return { path, disk: shared.get(name)!, source: "/", readOnly: readOnly || path === tokenPath };
  });
}

/** What the service account's volume holds; the token looks like one and opens nothing. */
function tokenDisk({ metadata }: KubeObject): Disk {
  return newDisk({
    "/token": serviceAccountToken(metadata.uid),
    "/namespace": metadata.namespace ?? "",
    "/ca.crt": "-----BEGIN CERTIFICATE-----\n",
  });
}

export function serviceAccountToken(seed: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = part({ alg: "RS256", kid: "playground" });
  return `${head}.${part({ aud: ["https://kubernetes.default.svc"], sub: `system:serviceaccount:${seed}` })}.${Buffer.from(seed.repeat(3)).toString("base64url")}`;
}

export type Streams = {
  out(text: string): void;
  err(text: string): void;
  signal: AbortSignal;
  stdin?: string;
};

/** Runs a command in a container; resolves to its exit code. */
export function runIn(
  cluster: Cluster,
  pod: KubeObject,
  container: ContainerRun,
  argv: readonly string[],
  streams: Streams,
): Promise<number> {
  const context = { ...at(pod.spec, "securityContext"), ...at(container.spec, "securityContext") };
  const process: Process = {
    argv,
    env: environmentOf(pod, container),
    cwd: String(container.spec.workingDir ?? "/"),
    files: container.files,
    stdin: streams.stdin ?? "",
    out: streams.out,
    err: streams.err,
    signal: streams.signal,
    place: {
      hostname: String(pod.spec?.hostname ?? pod.metadata.name),
      user: Number(context.runAsUser ?? 0),
      pause: cluster.pause,
      now: cluster.now,
      drifted: (binary, commandLine) =>
        cluster.happened({ kind: "drift", pod, container: container.name, binary, commandLine }),
      main: (own) => main(cluster, pod, container, own),
    },
  };
  return start(process, argv);
}

function main(cluster: Cluster, pod: KubeObject, container: ContainerRun, process: Process): Promise<number> {
  if (container.image.role === "attacker") return attack(cluster, pod, process);
  return cluster.pause(1e6, process.signal).then(() => 0);
}

function environmentOf(pod: KubeObject, { spec }: ContainerRun): Record<string, string> {
  const given = listAt(spec, "env").map(({ name, value }) => [String(name), String(value ?? "")] as const);
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    HOSTNAME: String(pod.spec?.hostname ?? pod.metadata.name),
    KUBERNETES_SERVICE_HOST: "10.0.0.1",
    KUBERNETES_SERVICE_PORT: "443",
    HOME: "/root",
    ...Object.fromEntries(given),
  };
}

/** What a container is started with: its command over the image's. */
export function commandOf({ spec, image }: ContainerRun): string[] {
  const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : undefined);
  const command = list(spec.command);
  const args = list(spec.args);
  if (command) return [...command, ...(args ?? [])];
  return args && image.role === "tools" ? args : [...image.argv];
}

export const running = (run: PodRun | undefined, name: string | null) =>
  run?.containers.find((one) => !one.init && (name === null || one.name === name));
