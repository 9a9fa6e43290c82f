import { ApiException, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { builtInPolicies } from "../../playground/kubernetes/admission.ts";
import { handle } from "../../playground/kubernetes/api/handle.ts";
import type { Served } from "../../playground/kubernetes/clusters.ts";
import { plural } from "../../playground/kubernetes/kinds.ts";
import { nodeFor } from "../../playground/kubernetes/node/schedule.ts";
import { applier, busybox, inPhase, kubeconfigOf, podNamed, seen } from "../kubernetes-cluster.ts";

const estate = demoEstate(new Date());
let azure: AzureStandIn;
let visitor: Visitor;
let cluster: Served;
let config: KubeConfig;
let core: CoreV1Api;
let apply: ReturnType<typeof applier>;

beforeAll(async () => {
  azure = await startAzure({ estate, live: { factor: 6000 } });
  visitor = await visit(azure);
  cluster = await azure.clusters.of("aks-demo");
  config = await kubeconfigOf(azure, visitor, "aks-demo");
  core = config.makeApiClient(CoreV1Api);
  apply = applier(config);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});
it("runs the Helm chart's sensor where it was installed, and no pod on a node with a taint", async () => {
  const placed = async (name: string) => {
    const { objects } = await azure.clusters.of(name);
    return objects
      .list(plural("pods"))
      .filter(({ metadata }) => metadata.labels?.app === "defender-k8s-sensor")
      .map(({ metadata }) => metadata.namespace);
  };
  expect(new Set(await placed("aks-prod-mixed"))).toEqual(new Set(["mdc"]));
  expect(new Set(await placed("aks-prod-auto"))).toEqual(new Set(["kube-system"]));
  const mixed = await azure.clusters.of("aks-prod-mixed");
  const nodes = mixed.objects.list(plural("nodes"));
  const kinds = nodes.map(({ metadata }) => metadata.labels?.["kubernetes.io/arch"]);
  expect(new Set(kinds)).toEqual(new Set(["amd64", "arm64"]));
  const tainted = nodes.filter(({ spec }) => spec?.taints !== undefined).map(({ metadata }) => metadata.name);
  expect(tainted).toHaveLength(1);
  const pod = (tolerations?: unknown[]) =>
    ({ metadata: { name: "p" }, spec: { nodeSelector: { agentpool: "gpu" }, tolerations } }) as never;
  expect(nodeFor(mixed, pod())).toHaveProperty("none");
  expect(nodeFor(mixed, pod([{ key: "sku", operator: "Exists" }]))).toEqual({ node: tainted[0] });
});

beforeEach(() => {
  cluster.faults.clear();
  cluster.policies.splice(0);
  Object.assign(cluster.nodeFaults, { unpullable: [], unschedulable: [], crashing: [], stuckNamespaces: [] });
});

/** A plain request with the local account's token, for what the client would not send. */
function plain(
  method: string,
  path: string,
  body: unknown = "",
  contentType = "application/json",
): Record<string, unknown> {
  const url = new URL(path, "https://127.0.0.1");
  const user = cluster.who(`Bearer ${cluster.token}`)!;
  const text = body === "" ? "" : JSON.stringify(body);
  const request = {
    method,
    path: url.pathname,
    query: url.searchParams,
    contentType,
    body: text,
    user,
    agent: "test",
  };
  const answer = handle(cluster, request);
  return ("body" in answer ? answer.body : {}) as Record<string, unknown>;
}

async function refusal(work: Promise<unknown>) {
  const error: unknown = await work.then(
    () => new Error("it was not refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiException)) throw error;
  const body: unknown = typeof error.body === "string" ? JSON.parse(error.body) : error.body;
  const { reason, message } = body as { reason: string; message: string };
  return { code: error.code, reason, message, headers: error.headers };
}

const waitingReason = (name: string, namespace = "default") =>
  seen(cluster, () => {
    const statuses = podNamed(cluster, namespace, name)?.status?.containerStatuses as
      | { state: { waiting?: { reason: string; message: string } } }[]
      | undefined;
    const waiting = statuses?.[0]?.state.waiting;
    return waiting && waiting.reason !== "ContainerCreating" ? waiting : undefined;
  });

describe("pods that do not start", () => {
  it("wait for an image that cannot be pulled, and start once it can", async () => {
    cluster.nodeFaults.unpullable.push({ image: /busybox/ });
    await apply(busybox("pulls", ["true"]));
    expect((await waitingReason("pulls")).reason).toMatch(/^(ErrImagePull|ImagePullBackOff)$/);
    const { items } = await core.listNamespacedEvent({
      namespace: "default",
      fieldSelector: "involvedObject.name=pulls",
    });
    expect(items.map((one) => one.reason)).toContain("Failed");
    cluster.nodeFaults.unpullable = [];
    await inPhase(cluster, "default", "pulls", "Succeeded");
  });

  it("are unschedulable where no node fits, in the scheduler's words", async () => {
    await apply(busybox("nowhere", ["true"], { spec: { nodeSelector: { disk: "fast" } } }));
    const said = await seen(cluster, () => {
      const conditions = podNamed(cluster, "default", "nowhere")?.status?.conditions as
        | { reason?: string; message?: string }[]
        | undefined;
      return conditions?.find((one) => one.reason === "Unschedulable")?.message;
    });
    expect(said).toContain("0/7 nodes are available: 7 node(s) didn't match Pod's node affinity/selector");
  });

  it("crash again and again, or may not be root", async () => {
    cluster.nodeFaults.crashing.push(/^crashes/);
    await apply(busybox("crashes", ["sleep", "9000"], { spec: { restartPolicy: "Always" } }));
    expect((await waitingReason("crashes")).reason).toBe("CrashLoopBackOff");
    await apply(busybox("rootless", ["true"], { container: { securityContext: { runAsNonRoot: true } } }));
    expect(await waitingReason("rootless")).toMatchObject({ reason: "CreateContainerConfigError" });
  });

  it("are refused by admission, in a dry run too, in a deployment only its pods", async () => {
    cluster.policies.push(builtInPolicies.noPrivilege);
    const privileged = { container: { securityContext: { privileged: true } } };
    for (const dry of [true, false]) {
      const { code, message } = await refusal(apply(busybox("mighty", ["true"], privileged), { dry }));
      expect(code).toBe(403);
      expect(message).toMatch(
        /^admission webhook "validation\.gatekeeper\.sh" denied the request: \[azurepolicy-k8sazurev2noprivilege-\w+\] Privileged container is not allowed/,
      );
    }
    expect(podNamed(cluster, "default", "mighty")).toBeUndefined();
  });
});

describe("what the API server refuses", () => {
  const config = (name: string, more: object = {}) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "shop", ...more },
  });

  it.each([
    [
      "a namespace that is not there",
      () => busybox("a", ["true"], { namespace: "none" }),
      404,
      "NotFound",
      'namespaces "none" not found',
    ],
    [
      "an account that is not there",
      () => busybox("a", ["true"], { spec: { serviceAccountName: "x" } }),
      403,
      "Forbidden",
      'serviceaccount "x" not found',
    ],
    [
      "a name that is none",
      () => config("-no-name"),
      422,
      "Invalid",
      "a lowercase RFC 1123 subdomain must consist of",
    ],
    [
      "a label that is none",
      () => config("a", { labels: { a: "no spaces" } }),
      422,
      "Invalid",
      "a valid label must be",
    ],
    [
      "a volume that is not there",
      () => busybox("a", ["true"], { container: { volumeMounts: [{ name: "v", mountPath: "/v" }] } }),
      422,
      "Invalid",
      'volumeMounts[0].name: Not found: "v"',
    ],
  ] as const)("%s", async (_, object, code, reason, words) => {
    const said = await refusal(apply(object()));
    expect([said.code, said.reason, said.message]).toEqual([code, reason, expect.stringContaining(words)]);
  });

  it("a field that it does not know, where it is applied or checked strictly", () => {
    const object = busybox("odd", ["true"], { container: { imagee: "x" } });
    const pods = "/api/v1/namespaces/default/pods";
    const applied = plain("PATCH", `${pods}/odd?fieldManager=test`, object, "application/apply-patch+yaml");
    expect(applied).toMatchObject({
      code: 500,
      message: expect.stringContaining(".spec.containers[0].imagee: field not declared in schema"),
    });
    const created = plain("POST", `${pods}?fieldValidation=Strict`, object);
    expect(created).toMatchObject({
      code: 400,
      message: expect.stringContaining('unknown field "spec.containers[0].imagee"'),
    });
  });

  it("a change of a pod's command, but not the same pod again", async () => {
    const first = await apply(busybox("same", ["sleep", "9000"]));
    await inPhase(cluster, "default", "same", "Running");
    const again = await apply(busybox("same", ["sleep", "9000"]));
    expect(again.metadata?.uid).toBe(first.metadata?.uid);
    const { code, message } = await refusal(apply(busybox("same", ["sleep", "1"])));
    expect(code).toBe(422);
    expect(message).toContain("pod updates may not change fields other than");
  });

  it("a deletion of another object than was meant", async () => {
    await apply(config("kept"));
    const body = { preconditions: { uid: "another" } };
    const { code, reason } = await refusal(
      core.deleteNamespacedConfigMap({ namespace: "shop", name: "kept", body }),
    );
    expect([code, reason]).toEqual([409, "Conflict"]);
    expect(cluster.objects.get(plural("configmaps"), "shop", "kept")).toBeDefined();
  });
});

describe("deleting", () => {
  const space = (name: string) => apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });

  it("takes a namespace and all that is in it, which takes nothing more meanwhile", async () => {
    await space("goes");
    await apply(busybox("inside", ["sleep", "9000"], { namespace: "goes" }));
    await inPhase(cluster, "goes", "inside", "Running");
    cluster.nodeFaults.stuckNamespaces.push(/^goes$/);
    await core.deleteNamespace({ name: "goes" });
    const { message } = await refusal(apply(busybox("late", ["true"], { namespace: "goes" })));
    expect(message).toContain("because it is being terminated");
    cluster.nodeFaults.stuckNamespaces = [];
    await seen(cluster, () =>
      cluster.objects.get(plural("namespaces"), undefined, "goes") ? undefined : true,
    );
    expect(cluster.objects.within("goes")).toEqual([]);
  });

  it("gets stuck with a namespace that does not end, and says why", async () => {
    cluster.nodeFaults.stuckNamespaces.push(/^stuck$/);
    await space("stuck");
    await core.deleteNamespace({ name: "stuck" });
    const status = await seen(cluster, () => {
      const result = cluster.objects.get(plural("namespaces"), undefined, "stuck")?.status;
      return result?.conditions ? result : undefined;
    });
    expect(status).toMatchObject({
      phase: "Terminating",
      conditions: [{ type: "NamespaceDeletionDiscoveryFailure" }],
    });
    cluster.nodeFaults.stuckNamespaces = [];
    await seen(cluster, () =>
      cluster.objects.get(plural("namespaces"), undefined, "stuck") ? undefined : true,
    );
  });

  it("takes a deployment's replica set and pods after it, and waits for finalizers", async () => {
    const labels = { app: "web" };
    const template = { metadata: { labels }, spec: { containers: [{ name: "a", image: "nginx:1.27" }] } };
    const spec = { replicas: 2, selector: { matchLabels: labels }, template };
    const web = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: "shop", finalizers: ["example.com/wait"] },
      spec,
    };
    await apply(web);
    const ready = () => cluster.objects.get(plural("deployments"), "shop", "web")?.status?.readyReplicas;
    await seen(cluster, () => (ready() === 2 ? true : undefined));
    const pods = () =>
      cluster.objects.list(plural("pods"), "shop").filter((one) => one.metadata.labels?.app === "web");
    expect(pods()).toHaveLength(2);
    const remove = `/apis/apps/v1/namespaces/shop/deployments/web`;
    const answer = plain("DELETE", remove);
    expect(answer).toMatchObject({ kind: "Deployment", metadata: { deletionTimestamp: expect.any(String) } });
    await apply({ ...web, metadata: { name: "web", namespace: "shop" } });
    await seen(cluster, () => (pods().length === 0 ? true : undefined));
  });
});

describe("a server in trouble", () => {
  it("refuses connections while it is down, and goes on afterwards", async () => {
    await cluster.server.down();
    await expect(core.listNode()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
    await cluster.server.up();
    expect((await core.listNode()).items).toHaveLength(7);
  });

  it("throttles with Retry-After, fails, answers as a proxy, and loses an answer after the effect", async () => {
    const nodes = /\/nodes$/;
    cluster.faults.add({ kind: "status", status: 429, retryAfter: 3, times: 1, match: { path: nodes } });
    const throttled = await refusal(core.listNode());
    expect([throttled.code, throttled.reason, throttled.headers["retry-after"]]).toEqual([
      429,
      "TooManyRequests",
      "3",
    ]);
    cluster.faults.add({ kind: "status", status: 500, times: 1, match: { path: nodes } });
    expect(await refusal(core.listNode())).toMatchObject({ code: 500, reason: "InternalError" });
    cluster.faults.add({ kind: "garbage", times: 1, match: { path: nodes } });
    await expect(core.listNode()).rejects.toThrow(/Corporate proxy/);
    cluster.faults.add({ kind: "lostAnswer", times: 1, match: { method: "PATCH" } });
    const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "lost", namespace: "shop" } };
    await expect(apply(map)).rejects.toThrow();
    expect(cluster.objects.get(plural("configmaps"), "shop", "lost")).toBeDefined();
  });
});
