import { PassThrough } from "node:stream";
import {
  ApiException,
  CoreV1Api,
  Exec,
  KubeConfig,
  KubernetesObjectApi,
  Log,
  PatchStrategy,
  Watch,
} from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../playground/azure/server.ts";
import { type Visitor, visit } from "../playground/azure/visitor.ts";
import { demoEstate } from "../playground/estate/demo.ts";
import type { Served } from "../playground/kubernetes/clusters.ts";

const estate = demoEstate(new Date("2026-11-23T12:00:00Z"));
let azure: AzureStandIn;
let visitor: Visitor;
let demo: Served;
let config: KubeConfig;
let core: CoreV1Api;
let objects: KubernetesObjectApi;

beforeAll(async () => {
  azure = await startAzure({ estate, live: { factor: 600 } });
  visitor = await visit(azure);
  demo = await azure.clusters.of("aks-demo");
  config = await configOf("aks-demo");
  core = config.makeApiClient(CoreV1Api);
  objects = KubernetesObjectApi.makeApiClient(config);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});

/** The kubeconfig as Azure hands it out. */
async function configOf(name: string): Promise<KubeConfig> {
  const { id } = (await azure.clusters.of(name)).resource;
  const { body } = await visitor.call("POST", `${id}/listClusterUserCredential?api-version=2024-02-01`);
  const { kubeconfigs } = body as { kubeconfigs: { value: string }[] };
  const made = new KubeConfig();
  made.loadFromString(Buffer.from(kubeconfigs[0]!.value, "base64").toString());
  return made;
}

/** Waits for a condition of a cluster, told of by its own events. */
async function until<T>(look: () => T | undefined): Promise<T> {
  const seen = look();
  if (seen !== undefined) return seen;
  return new Promise((resolve) => {
    const deaf = demo.objects.listen(() => {
      const now = look();
      if (now === undefined) return;
      deaf();
      resolve(now);
    });
  });
}

const pod = (name: string, command: string[], more: object = {}) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name, namespace: "default" },
  spec: {
    restartPolicy: "Never",
    containers: [{ name: "main", image: "mcr.microsoft.com/cbl-mariner/busybox:2.0", command }],
    ...more,
  },
});

const apply = (object: object, dry?: "All", force = false, manager = "breakwater") =>
  objects.patch(object as never, undefined, dry, manager, force, PatchStrategy.ServerSideApply);

const phase = (name: string) => {
  const found = demo.objects.list({
    group: "",
    version: "v1",
    kind: "Pod",
    plural: "pods",
    namespaced: true,
    short: [],
    verbs: [],
  });
  return found.find((one) => one.metadata.name === name)?.status?.phase;
};

async function refused(work: Promise<unknown>): Promise<{ code: number; reason: string; message: string }> {
  const error: unknown = await work.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiException)) throw error;
  const body: unknown = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
  const { reason, message } = body as { reason: string; message: string };
  return { code: error.code, reason, message };
}

describe("the Kubernetes stand-in, with the real client", () => {
  it("lists nodes by label, and the sensor's pods", async () => {
    const nodes = await core.listNode({ labelSelector: "kubernetes.io/os=linux,agentpool in (system)" });
    expect(nodes.items.map((one) => one.metadata?.labels?.agentpool)).toEqual(["system", "system", "system"]);
    const sensor = await core.listNamespacedPod({
      namespace: "kube-system",
      labelSelector: "app=defender",
      fieldSelector: "status.phase=Running",
    });
    const collectors = sensor.items.filter((one) =>
      one.metadata?.name?.startsWith("microsoft-defender-collector-ds-"),
    );
    expect(new Set(collectors.map((one) => one.spec?.nodeName)).size).toBe(7);
  });

  it("applies a pod, runs its command, and serves its log while it is written", async () => {
    await apply(pod("speaks", ["sh", "-c", "for n in 1 2 3; do echo line $n; sleep 5; done; exit 3"]));
    await until(() => (phase("speaks") === "Running" ? true : undefined));
    const out = new PassThrough();
    await new Log(config).log("default", "speaks", "main", out, { follow: true });
    const parts: string[] = [];
    for await (const part of out) parts.push(String(part));
    expect(parts.join("")).toBe("line 1\nline 2\nline 3\n");
    await until(() => (phase("speaks") === "Failed" ? true : undefined));
    const { status } = await core.readNamespacedPod({ namespace: "default", name: "speaks" });
    expect(status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3);
  });

  it("runs commands in a container and tells their exit code", async () => {
    await apply(pod("waits", ["sleep", "3600"]));
    await until(() => (phase("waits") === "Running" ? true : undefined));
    const run = (command: string[]) =>
      new Promise<{ out: string; code: string | undefined }>((resolve, reject) => {
        const out = new PassThrough();
        const parts: string[] = [];
        out.on("data", (part: Buffer) => parts.push(part.toString()));
        new Exec(config)
          .exec(
            "default",
            "waits",
            "main",
            command,
            out,
            new PassThrough(),
            null,
            false,
            ({ status, details }) =>
              resolve({
                out: parts.join(""),
                code: status === "Success" ? "0" : details?.causes?.[0]?.message,
              }),
          )
          .catch(reject);
      });
    expect(
      await run(["sh", "-c", 'printf "%s%s" "$1" "$2" > /tmp/x && cat /tmp/x', "sh", "a b", "c"]),
    ).toEqual({ out: "a bc", code: "0" });
    expect(await run(["sh", "-c", "ls /nowhere || exit 7"])).toEqual({ out: "", code: "7" });
    expect(
      (await run(["sh", "-c", "cp /proc/self/exe /tmp/busybox-drift && /tmp/busybox-drift --help"])).out,
    ).toContain("BusyBox");
    expect((await run(["nothing"])).code).toBe("127");
  });

  it("changes nothing in a dry run, and refuses in Gatekeeper's words", async () => {
    await apply(pod("dry", ["true"]), "All");
    expect((await refused(core.readNamespacedPod({ namespace: "default", name: "dry" }))).reason).toBe(
      "NotFound",
    );
    demo.policies.push({
      name: "azurepolicy-noprivilege",
      refuses: ({ metadata }) =>
        metadata.name === "denied" ? "Privileged container is not allowed" : undefined,
    });
    expect(await refused(apply(pod("denied", ["true"]), "All"))).toEqual({
      code: 403,
      reason: "Forbidden",
      message:
        'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-noprivilege] Privileged container is not allowed',
    });
    demo.policies.pop();
  });

  it("watches from a version on", async () => {
    const { metadata } = await core.listNamespacedConfigMap({ namespace: "shop" });
    const events: string[] = [];
    const seen = new Promise<void>((resolve) => {
      void new Watch(config).watch(
        "/api/v1/namespaces/shop/configmaps",
        { resourceVersion: metadata?.resourceVersion, labelSelector: "app=x" },
        (type, object: { metadata: { name: string } }) => {
          events.push(`${type} ${object.metadata.name}`);
          if (events.length === 3) resolve();
        },
        () => undefined,
      );
    });
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "m", namespace: "shop", labels: { app: "x" } },
      data: { a: "1" },
    };
    await apply(map);
    await apply({ ...map, data: { a: "2" } });
    await apply({ ...map, metadata: { ...map.metadata, labels: { app: "y" } } });
    await seen;
    expect(events).toEqual(["ADDED m", "MODIFIED m", "DELETED m"]);
  });

  it("keeps what another manager owns, unless forced", async () => {
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shared", namespace: "shop" },
      data: { a: "1" },
    };
    await apply(map, undefined, false, "somebody");
    const again = { ...map, data: { a: "2" } };
    const said = await refused(apply(again));
    expect(said).toMatchObject({ code: 409, reason: "Conflict" });
    expect(said.message).toBe('Apply failed with 1 conflict: conflict with "somebody": .data.a');
    await apply(again, undefined, true);
    const { data } = await core.readNamespacedConfigMap({ namespace: "shop", name: "shared" });
    expect(data).toEqual({ a: "2" });
  });
});
