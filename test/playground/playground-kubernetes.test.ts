import { PassThrough } from "node:stream";
import { ApiException, CoreV1Api, Exec, type KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import type { Served } from "../../playground/kubernetes/clusters.ts";
import { applier, busybox, inPhase, kubeconfigOf } from "../kubernetes-cluster.ts";

const estate = demoEstate(new Date("2026-11-23T12:00:00Z"));
let azure: AzureStandIn;
let visitor: Visitor;
let demo: Served;
let config: KubeConfig;
let core: CoreV1Api;
let apply: ReturnType<typeof applier>;

beforeAll(async () => {
  azure = await startAzure({ estate, live: { factor: 600 } });
  visitor = await visit(azure);
  demo = await azure.clusters.of("aks-demo");
  config = await kubeconfigOf(azure, visitor, "aks-demo");
  core = config.makeApiClient(CoreV1Api);
  apply = applier(config);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});

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

  it("applies a pod, runs its command, and serves its log", async () => {
    await apply(busybox("speaks", ["sh", "-c", "for n in 1 2 3; do echo line $n; sleep 5; done; exit 3"]));
    await inPhase(demo, "default", "speaks", "Failed");
    const log = await core.readNamespacedPodLog({ namespace: "default", name: "speaks" });
    expect(log).toBe("line 1\nline 2\nline 3\n");
    const { status } = await core.readNamespacedPod({ namespace: "default", name: "speaks" });
    expect(status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3);
  });

  it("runs commands in a container and tells their exit code", async () => {
    await apply(busybox("waits", ["sleep", "3600"]));
    await inPhase(demo, "default", "waits", "Running");
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
    await apply(busybox("dry", ["true"]), { dry: true });
    expect((await refused(core.readNamespacedPod({ namespace: "default", name: "dry" }))).reason).toBe(
      "NotFound",
    );
    demo.policies.push({
      name: "azurepolicy-noprivilege",
      refuses: ({ metadata }) =>
        metadata.name === "denied" ? "Privileged container is not allowed" : undefined,
    });
    expect(await refused(apply(busybox("denied", ["true"]), { dry: true }))).toEqual({
      code: 403,
      reason: "Forbidden",
      message:
        'admission webhook "validation.gatekeeper.sh" denied the request: [azurepolicy-noprivilege] Privileged container is not allowed',
    });
    demo.policies.pop();
  });

  it("keeps what another manager owns, unless forced", async () => {
    const map = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "shared", namespace: "shop" },
      data: { a: "1" },
    };
    await apply(map, { manager: "somebody" });
    const again = { ...map, data: { a: "2" } };
    const said = await refused(apply(again));
    expect(said).toMatchObject({ code: 409, reason: "Conflict" });
    expect(said.message).toBe('Apply failed with 1 conflict: conflict with "somebody": .data.a');
    await apply(again, { force: true });
    const { data } = await core.readNamespacedConfigMap({ namespace: "shop", name: "shared" });
    expect(data).toEqual({ a: "2" });
  });
});
