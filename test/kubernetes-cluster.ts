import {
  KubeConfig,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
} from "@kubernetes/client-node";
import type { AzureStandIn } from "../playground/azure/server.ts";
import type { Visitor } from "../playground/azure/visitor.ts";
import type { Served } from "../playground/kubernetes/clusters.ts";
import { plural } from "../playground/kubernetes/kinds.ts";
import type { KubeObject } from "../playground/kubernetes/object.ts";

/** How long a test waits for what a cluster or Defender does by itself. */
export const withinLimit = { timeout: 30_000 };

/** A client of a cluster, with the kubeconfig as Azure hands it out. */
export async function kubeconfigOf(azure: AzureStandIn, visitor: Visitor, name: string): Promise<KubeConfig> {
  const { id } = (await azure.clusters.of(name)).resource;
  const { body } = await visitor.call("POST", `${id}/listClusterUserCredential?api-version=2024-02-01`);
  const { kubeconfigs } = body as { kubeconfigs: { value: string }[] };
  const made = new KubeConfig();
  made.loadFromString(Buffer.from(kubeconfigs[0]!.value, "base64").toString());
  return made;
}

/** The same for a user with a token of Entra, as kubelogin would fetch one. */
export async function entraConfigOf(azure: AzureStandIn, name: string): Promise<KubeConfig> {
  const { url, authority } = await azure.clusters.of(name);
  const asked = `${azure.identityEndpoint}?api-version=2019-08-01&resource=6dae42f8-4368-4678-94ff-3960e28e3630`;
  const answer = await fetch(asked, { headers: { "X-IDENTITY-HEADER": azure.identityHeader } });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const made = new KubeConfig();
  const cluster = {
    name,
    server: url,
    caData: Buffer.from(authority).toString("base64"),
    skipTLSVerify: false,
  };
  made.loadFromClusterAndUser(cluster, { name: "entra", token });
  return made;
}

/** Server-side apply, as a field manager. */
export function applier(config: KubeConfig) {
  const objects = KubernetesObjectApi.makeApiClient(config);
  return (object: object, { dry = false, force = false, manager = "breakwater" } = {}) =>
    objects.patch(
      object as KubernetesObject,
      undefined,
      dry ? "All" : undefined,
      manager,
      force,
      PatchStrategy.ServerSideApply,
    );
}

/** Resolves as soon as `look` sees something, asked whenever anything in the cluster changes. */
export async function seen<T>(cluster: Served, look: () => T | undefined): Promise<T> {
  const now = look();
  if (now !== undefined) return now;
  return new Promise((resolve) => {
    const deaf = cluster.objects.listen(() => {
      const result = look();
      if (result === undefined) return;
      deaf();
      resolve(result);
    });
  });
}

export const podNamed = (cluster: Served, namespace: string, name: string): KubeObject | undefined =>
  cluster.objects.get(plural("pods"), namespace, name);

/** Resolves when the pod is in one of those phases, to the pod. */
export const inPhase = (cluster: Served, namespace: string, name: string, ...phases: string[]) =>
  seen(cluster, () => {
    const pod = podNamed(cluster, namespace, name);
    return phases.includes(String(pod?.status?.phase)) ? pod : undefined;
  });

/** A pod of BusyBox that runs a command. */
export const busybox = (
  name: string,
  command: string[],
  more: { namespace?: string; spec?: object; container?: object } = {},
) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: more.namespace ?? "default" },
  spec: {
    restartPolicy: "Never",
    containers: [
      { name: "main", image: "mcr.microsoft.com/cbl-mariner/busybox:2.0", command, ...more.container },
    ],
    ...more.spec,
  },
});
