import type { AzureOptions } from "../playground/azure/server.ts";
import type { Manifest } from "../src/domain/simulations/scenario.ts";
import { clustersPort } from "../src/kubernetes/clusters.ts";
import { azureStandIn, portTo } from "./azure-stand-in.ts";

/** Azure with its clusters on the wire, and the bot's two ports to them. */
export async function kubernetesWorld(options: AzureOptions) {
  const azure = await azureStandIn({ live: { factor: 600 }, ...options });
  const port = portTo(azure.resourceManagerUrl);
  const fresh = () =>
    clustersPort({
      azure: port.azure,
      proxy: undefined,
      log: { info: () => {} },
      now: port.clock.now,
      more: [],
    });
  const clusters = fresh();
  const idOf = (name: string) => {
    const { id, properties } = azure.estate.clusters.find((one) => one.name === name)!;
    const profile = properties.apiServerAccessProfile as { enablePrivateCluster: boolean };
    return { id, name, private: profile.enablePrivateCluster };
  };
  return {
    azure,
    port,
    clusters,
    /** A port that knows nothing yet. */
    fresh,
    idOf,
    reach: (name: string) => clusters.reach(idOf(name)),
    served: (name: string) => azure.clusters.of(name),
  };
}

export type KubernetesWorld = Awaited<ReturnType<typeof kubernetesWorld>>;

/** Asks again and again, with nothing but the far side's own time between; fails with what was seen last. */
export async function eventually<T>(ask: () => Promise<T>, holds: (value: T) => boolean): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const value = await ask();
    if (holds(value)) return value;
    if (Date.now() > end) throw new Error(`never came: ${JSON.stringify(value)}`);
  }
}

/** An object as the runner stamps it. */
export function stamped(run: string, manifest: Manifest): Manifest {
  const labels = {
    ...manifest.metadata.labels,
    "app.kubernetes.io/managed-by": "breakwater",
    "breakwater/run": run,
  };
  const annotations = { "breakwater/expires": "2026-11-25T00:00:00.000Z" };
  return { ...manifest, metadata: { ...manifest.metadata, labels, annotations } as Manifest["metadata"] };
}

export function podOf(name: string, namespace: string, command: string[], more: object = {}): Manifest {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      containers: [{ name: "main", image: "mcr.microsoft.com/cbl-mariner/busybox:2.0", command, ...more }],
    },
  };
}

export const namespaceOf = (name: string): Manifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name },
});
