import { AuthorizationV1Api, CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { type Reply, type Visitor, visit } from "../../playground/azure/visitor.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import {
  applier,
  busybox,
  entraConfigOf,
  inPhase,
  kubeconfigOf,
  withinLimit,
} from "../kubernetes-cluster.ts";

const estate = demoEstate(new Date());
let azure: AzureStandIn;
let visitor: Visitor;

beforeAll(async () => {
  azure = await startAzure({ estate, live: { factor: 6000 } });
  visitor = await visit(azure);
});
afterAll(async () => {
  visitor.close();
  await azure.stop();
});

const idOf = (name: string) => estate.clusters.find((one) => one.name === name)!.id;
const post = (path: string, body?: unknown) => visitor.call("POST", path, body);

/** Follows `Location` until the answer is no 202 any longer. */
async function followed({ status, headers }: Reply): Promise<Reply> {
  expect(status).toBe(202);
  let answer: Reply | undefined;
  await expect
    .poll(
      async () => {
        answer = await visitor.call("GET", String(headers.location));
        return answer.status;
      },
      { interval: 5, ...withinLimit },
    )
    .not.toBe(202);
  return answer!;
}

async function command(cluster: string, text: string, context = "", clusterToken = "") {
  const body = { command: text, context, clusterToken };
  const done = await followed(await post(`${idOf(cluster)}/runCommand?api-version=2024-02-01`, body));
  const { properties } = done.body as {
    properties: { exitCode: number; logs: string; provisioningState: string };
  };
  expect(properties.provisioningState).toBe("Succeeded");
  return { code: properties.exitCode, logs: properties.logs };
}

const tokenOf = async () => (await entraConfigOf(azure, "aks-prod-web")).getCurrentUser()?.token ?? "";

describe("credentials of clusters", () => {
  it("are a token for a local account, kubelogin where there is none, and never the administrator's", async () => {
    const user = async (name: string) => {
      const { body } = await post(`${idOf(name)}/listClusterUserCredential?api-version=2024-02-01`);
      const { value } = (body as { kubeconfigs: { value: string }[] }).kubeconfigs[0]!;
      return (parse(Buffer.from(value, "base64").toString()) as { users: { user: object }[] }).users[0]!.user;
    };
    expect(Object.keys(await user("aks-demo"))).toEqual(["token"]);
    expect(await user("aks-prod-web")).toMatchObject({ exec: { command: "kubelogin" } });
    const denied = await post(`${idOf("aks-demo")}/listClusterAdminCredential?api-version=2024-02-01`);
    expect(denied.status).toBe(403);
  });

  it("need the right of the second role", async () => {
    const { subscriptionId } = estate.subscriptions[2]!;
    const rights = estate.permissions[subscriptionId]!;
    estate.permissions[subscriptionId] = rights.slice(0, 1);
    const { status, body } = await post(
      `${idOf("aks-demo")}/listClusterUserCredential?api-version=2024-02-01`,
    );
    estate.permissions[subscriptionId] = rights;
    expect([status, (body as { error: { code: string } }).error.code]).toEqual([403, "AuthorizationFailed"]);
  });

  it("of Entra have the bot's rights and no more, and others are nobody's", async () => {
    const config = await entraConfigOf(azure, "aks-prod-web");
    const core = config.makeApiClient(CoreV1Api);
    expect((await core.listNode()).items).toHaveLength(7);
    await expect(core.readNamespacedSecret({ name: "a", namespace: "shop" })).rejects.toMatchObject({
      code: 403,
      body: expect.stringContaining("cannot get resource"),
    });
    const review = async (verb: string, resource: string, group = "") => {
      const spec = { resourceAttributes: { verb, resource, group, namespace: "shop" } };
      const api = config.makeApiClient(AuthorizationV1Api);
      return (await api.createSelfSubjectAccessReview({ body: { spec } })).status?.allowed;
    };
    expect([await review("create", "pods"), await review("create", "deployments", "apps")]).toEqual([
      true,
      true,
    ]);
    expect([
      await review("delete", "nodes"),
      await review("create", "clusterroles", "rbac.authorization.k8s.io"),
    ]).toEqual([false, false]);
    const { rights } = await azure.clusters.of("aks-prod-web");
    rights.denials.push({ verb: "create", resource: "pods" });
    expect(await review("create", "pods")).toBe(false);
    rights.denials.pop();
    const stranger = new KubeConfig();
    stranger.loadFromClusterAndUser(config.getCurrentCluster()!, { name: "x", token: "stolen" });
    await expect(stranger.makeApiClient(CoreV1Api).listNode()).rejects.toMatchObject({ code: 401 });
    // A token for one of the two is none for the other.
    const headers = { authorization: `Bearer ${await tokenOf()}` };
    const manager = await visitor.call("GET", "/subscriptions?api-version=2022-12-01", undefined, headers);
    expect(manager.status).toBe(401);
  });

  it("write to the simulation namespace only where the documents' admission policy is in force", async () => {
    const strict = await startAzure({
      estate: demoEstate(new Date()),
      live: { factor: 6000, bounded: true },
    });
    const apply = applier(await entraConfigOf(strict, "aks-prod-web"));
    const map = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "a", namespace: "default" } };
    await apply({ ...map, metadata: { name: "breakwater-trial-1", namespace: "default" } }, { dry: true });
    for (const dry of [false, true])
      await expect(apply(map, { dry })).rejects.toMatchObject({
        code: 422,
        body: expect.stringContaining("Breakwater may write to its simulation namespace only"),
      });
    const namespace = "breakwater-simulation";
    await apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await apply({ ...map, metadata: { name: "a", namespace } });
    await strict.stop();
  });

  it("of a private cluster lead to where no server listens", async () => {
    const core = (await entraConfigOf(azure, "aks-prod-payments")).makeApiClient(CoreV1Api);
    await expect(core.listNode()).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

describe("commands that AKS runs inside of a cluster", () => {
  // A deflated f0.json (a ConfigMap) and a stored sub/f1.txt, as Python's zipfile writes them.
  const zip =
    "UEsDBBQAAAAIAAAAd12xr8izXgAAAHkAAAAHAAAAZjAuanNvbj3LrQ6AMAxG0VdZajAYLBaNxRdWtobsJ9vALHt3VgSy536tgJE3SpmDh1nBM8Go4GKv5VqCP9msGAUdFdRYsIcKHh3JYk/hNrZIF8oRj8+zDRFa1/+Dy5ClWEoErb1QSwMEFAAAAAAAAAB3Xc9iIBkFAAAABQAAAAoAAABzdWIvZjEudHh0cGxhaW5QSwECFAMUAAAACAAAAHddsa/Is14AAAB5AAAABwAAAAAAAAAAAAAAgAEAAAAAZjAuanNvblBLAQIUAxQAAAAAAAAAd13PYiAZBQAAAAUAAAAKAAAAAAAAAAAAAACAAYMAAABzdWIvZjEudHh0UEsFBgAAAAACAAIAbQAAALAAAAAAAA==";

  it("apply what the archive brought, read it back, and go on after a failure", async () => {
    const { policies, rights } = await azure.clusters.of("aks-prod-payments");
    expect(policies).toEqual([]);
    rights.rules.push({ apiGroups: [""], resources: ["configmaps"], verbs: ["*"] });
    const token = await tokenOf();
    const text =
      "kubectl apply --server-side --field-manager=breakwater -o name -f f0.json; echo end $?; kubectl get --raw '/api/v1/namespaces/shop/configmaps?limit=20&fieldSelector=metadata.name%3Dbrought'; kubectl get --raw /api/v1/namespaces/shop/pods/none; echo end $?; cat sub/f1.txt";
    const { code, logs } = await command("aks-prod-payments", text, zip, token);
    const lines = logs.split("\n");
    expect(lines.slice(0, 2)).toEqual(["configmap/brought", "end 0"]);
    expect(JSON.parse(lines[2]!)).toMatchObject({
      kind: "ConfigMapList",
      items: [{ data: { "it's": "here" } }],
    });
    expect(lines.slice(3)).toEqual(['Error from server (NotFound): pods "none" not found', "end 1", "plain"]);
    expect(code).toBe(0);
  });

  it("run commands in pods with their exit code", async () => {
    const cluster = await azure.clusters.of("aks-demo");
    await applier(await kubeconfigOf(azure, visitor, "aks-demo"))(busybox("target", ["sleep", "9000"]));
    await inPhase(cluster, "default", "target", "Running");
    const text =
      "kubectl exec --namespace=default target --container=main -- sh -c 'echo \"it'\\''s $1\"; exit 4' sh me";
    expect(await command("aks-demo", text)).toEqual({
      code: 4,
      logs: "it's me\ncommand terminated with exit code 4\n",
    });
  });

  it("are no one where local accounts are off and no token is given", async () => {
    const { code, logs } = await command("aks-prod-web", "kubectl get --raw /version");
    expect([code, logs]).toEqual([1, "error: You must be logged in to the server (Unauthorized)\n"]);
  });

  it("have their output cut, and are refused by a cluster that is stopped", async () => {
    const { objects } = await azure.clusters.of("aks-demo");
    const metadata = {
      name: "big",
      namespace: "shop",
      uid: "big",
      resourceVersion: "",
      creationTimestamp: "",
    };
    objects.put({ apiVersion: "v1", kind: "ConfigMap", metadata, data: { all: "x".repeat(600_000) } });
    const { logs } = await command("aks-demo", "kubectl get --raw /api/v1/namespaces/shop/configmaps/big");
    expect(logs).toHaveLength(512_000);
    const body = { command: "kubectl version" };
    const { status } = await post(`${idOf("aks-build")}/runCommand?api-version=2024-02-01`, body);
    expect(status).toBe(400);
  });
});

describe("images and sample alerts", () => {
  it("imports an old image with what scanners know of it, which a cluster can run", async () => {
    const registry = estate.registries.find((one) => one.name === "contosolab")!;
    const body = {
      source: { registryUri: "docker.io", sourceImage: "library/nginx:1.14" },
      targetTags: ["sim/old:1.14"],
      mode: "NoForce",
    };
    const path = `${registry.id}/importImage?api-version=2023-07-01`;
    expect((await followed(await post(path, body))).status).toBe(200);
    expect((await post(path, body)).status).toBe(409);
    const image = estate.contents.images.find((one) => one.repository === "sim/old")!;
    expect(image.packages.map((one) => one.name)).toContain("openssl");
    const cluster = await azure.clusters.of("aks-demo");
    const apply = applier(await kubeconfigOf(azure, visitor, "aks-demo"));
    const host = String(registry.properties.loginServer);
    await apply(busybox("old", [], { container: { image: `${host}/sim/old:1.14`, command: undefined } }));
    await inPhase(cluster, "default", "old", "Running");
    expect(estate.contents.containers.filter((one) => one.image === image)).toMatchObject([
      { namespace: "default", workload: "old" },
    ]);
    await (await kubeconfigOf(azure, visitor, "aks-demo"))
      .makeApiClient(CoreV1Api)
      .deleteNamespacedPod({ namespace: "default", name: "old" });
    await expect
      .poll(() => estate.contents.containers.filter((one) => one.image === image), withinLimit)
      .toEqual([]);
  });

  it("raises sample alerts in the subscription that asks for them", async () => {
    const [, , lab] = estate.subscriptions;
    const before = estate.alerts.length;
    const { body } = await visitor.call(
      "GET",
      `${lab!.id}/providers/Microsoft.Security/locations?api-version=2015-06-01-preview`,
    );
    const [{ name }] = (body as { value: [{ name: string }] }).value;
    const path = `${lab!.id}/providers/Microsoft.Security/locations/${name}/alerts/default/simulate?api-version=2022-01-01`;
    expect((await post(path, { properties: { kind: "Bundles", bundles: ["Nonsense"] } })).status).toBe(400);
    await followed(await post(path, { properties: { kind: "Bundles", bundles: ["KubernetesService"] } }));
    await expect.poll(() => estate.alerts.length - before, withinLimit).toBe(3);
    for (const alert of estate.alerts.slice(before)) {
      expect(alert.id.startsWith(`${lab!.id}/`)).toBe(true);
      expect(alert.properties.alertDisplayName).toMatch(/^\[SAMPLE ALERT\]/);
    }
  });
});
