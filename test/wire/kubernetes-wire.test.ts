import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoEstate } from "../../playground/estate/demo.ts";
import { builtInPolicies } from "../../playground/kubernetes/admission.ts";
import { handle } from "../../playground/kubernetes/api/handle.ts";
import { place } from "../../playground/kubernetes/control/furnish.ts";
import { type KubeObject, listAt } from "../../playground/kubernetes/object.ts";
import type { Objects } from "../../playground/kubernetes/objects.ts";
import { rehearsed } from "../../src/domain/simulations/objects.ts";
import { clustersPort } from "../../src/kubernetes/clusters.ts";
import type { ClusterAccess } from "../../src/ports/clusters.ts";
import { definitions } from "../dispatch-parts.ts";
import {
  eventually,
  type KubernetesWorld,
  kubernetesWorld,
  namespaceOf,
  podOf,
  stamped,
} from "../kubernetes-world.ts";

let world: KubernetesWorld;
beforeAll(async () => {
  world = await kubernetesWorld({ estate: demoEstate(new Date("2026-11-23T12:00:00Z")) });
}, 180_000);
afterAll(() => world.azure.stop());

// A local account's token, the Entra identity, and a private cluster: the same behaviour with each.
describe.each([
  { cluster: "aks-demo", how: "direct" },
  { cluster: "aks-juchu", how: "direct" },
  { cluster: "aks-prod-payments", how: "run-command" },
] as const)("$cluster, reached $how", ({ cluster, how }) => {
  let access: ClusterAccess;
  const ns = "breakwater-simulation";
  beforeAll(async () => {
    access = await world.reach(cluster);
    await access.apply([stamped("r-base", namespaceOf(ns))]);
  }, 180_000);

  it("is reached that way, and says so", () => {
    expect(access.how).toBe(how);
  });

  it("tells each node with its pool, system and sensor", async () => {
    const nodes = await access.nodes();
    expect(nodes.length).toBeGreaterThanOrEqual(2);
    expect(nodes.every(({ pool, ready, os }) => pool !== "" && ready && os === "linux")).toBe(true);
    const sensor = cluster === "aks-juchu" ? "absent" : "ready";
    expect(new Set(nodes.map((node) => node.sensor))).toEqual(new Set([sensor]));
  });

  it("applies twice to the same end, reads the log from a line on, and removes what it made", async () => {
    const manifest = stamped("r-log", podOf("talks", ns, ["sh", "-c", "echo one; echo two; echo three"]));
    await access.apply([manifest]);
    await access.apply([manifest]);
    const ended = await eventually(
      () => access.pod(ns, "talks"),
      (pod) => pod?.phase === "Succeeded",
    );
    expect(ended).toMatchObject({ exitCode: 0, node: expect.stringMatching(/./) });
    expect(await access.log(ns, "talks", 0)).toEqual(["one", "two", "three"]);
    expect(await access.log(ns, "talks", 2)).toEqual(["three"]);
    expect(await access.log(ns, "talks", 9)).toEqual([]);
    const [result] = await access.labelled("r-log");
    expect(result).toMatchObject({
      kind: "Pod",
      name: "talks",
      run: "r-log",
      expires: "2026-11-25T00:00:00.000Z",
      terminating: false,
    });
    // Another run has no claim to it.
    expect(await access.remove(result!, "r-other")).toBe(true);
    expect(await access.pod(ns, "talks")).toBeDefined();
    expect(
      await eventually(
        () => access.remove(result!, "r-log"),
        (gone) => gone,
      ),
    ).toBe(true);
    expect(await access.pod(ns, "talks")).toBeUndefined();
    expect(await access.labelled("r-log")).toEqual([]);
  });

  it("runs a command in a container, words and exit code intact", async () => {
    await access.apply([stamped("r-exec", podOf("sleeps", ns, ["sleep", "3600"]))]);
    await eventually(
      () => access.pod(ns, "sleeps"),
      (pod) => pod?.ready === true,
    );
    const words = `it's $HOME; "x" \\ & é 日本`;
    const said = await access.exec(ns, "sleeps", "main", ["sh", "-c", 'echo "$1"; exit 3', "sh", words]);
    expect(said.exitCode).toBe(3);
    expect(said.output.trim()).toBe(words);
    expect(await access.exec(ns, "sleeps", "main", ["echo", "fine"])).toMatchObject({
      exitCode: 0,
      output: "fine\n",
    });
    await expect(access.exec(ns, "absent", "main", ["true"])).rejects.toMatchObject({
      system: "kubernetes",
      status: 404,
      retryable: false,
    });
  });

  it("never takes over, changes or deletes what somebody else made", async () => {
    const theirs = podOf("theirs", ns, ["sleep", "60"]);
    await makeForeign(cluster, "theirs", ns);
    const ours = stamped("r-x", theirs);
    await expect(access.apply([ours])).rejects.toMatchObject({ code: "NotOurs", retryable: false });
    expect(await access.dryRun([ours])).toEqual([
      { object: `Pod ${ns}/theirs`, said: expect.stringContaining("not Breakwater's") },
    ]);
    expect(await access.look({ apiVersion: "v1", kind: "Pod", namespace: ns, name: "theirs" })).toEqual({
      ours: false,
      terminating: false,
    });
    expect(await access.remove({ apiVersion: "v1", kind: "Pod", namespace: ns, name: "theirs" }, "r-x")).toBe(
      true,
    );
    expect(await access.pod(ns, "theirs")).toBeDefined();
    const space = { apiVersion: "v1", kind: "Namespace", name: ns };
    await expect(access.remove(space, "r-base")).rejects.toMatchObject({
      code: "NotEmpty",
      retryable: false,
    });
    expect(await access.namespace(ns)).toBe("ours");
    expect(await access.namespace("kube-system")).toBe("theirs");
    expect(await access.namespace("nowhere")).toBe("absent");
  });

  it("keeps a namespace in which others have anything, of whatever kind, and says what", async () => {
    const space = { apiVersion: "v1", kind: "Namespace", name: ns };
    const served = await world.served(cluster);
    const clear = () => empty(served.objects, ns);
    clear();
    for (const [apiVersion, kind] of [
      ["v1", "Secret"],
      ["v1", "ConfigMap"],
      ["apps/v1", "StatefulSet"],
      ["v1", "PersistentVolumeClaim"],
      ["v1", "ServiceAccount"],
      ["v1", "Service"],
      ["apps/v1", "DaemonSet"],
      ["batch/v1", "Job"],
      ["batch/v1", "CronJob"],
      ["coordination.k8s.io/v1", "Lease"],
      ["rbac.authorization.k8s.io/v1", "RoleBinding"],
    ].slice(0, how === "direct" ? undefined : 2)) {
      place(served, { apiVersion, kind: kind!, name: "theirs", namespace: ns });
      await expect(access.remove(space, "r-base")).rejects.toMatchObject({
        code: "NotEmpty",
        message: expect.stringContaining(`${kind} theirs`),
      });
      clear();
    }
    // Owned by what is not in the namespace, or by another team's object there: theirs all the same.
    const owner = (kind: string, uid: string) => [{ apiVersion: "v1", kind, name: "o", uid }];
    const made = place(served, { kind: "ConfigMap", name: "theirs-owned", namespace: ns });
    served.objects.put({ ...made, metadata: { ...made.metadata, ownerReferences: owner("Node", "u-1") } });
    await expect(access.remove(space, "r-base")).rejects.toMatchObject({ code: "NotEmpty" });
    // What another run has there is not this run's either.
    clear();
    place(served, {
      kind: "Secret",
      name: "theirs",
      namespace: ns,
      labels: { "app.kubernetes.io/managed-by": "breakwater", "breakwater/run": "r-other" },
    });
    await expect(access.remove(space, "r-base")).rejects.toMatchObject({ code: "NotEmpty" });
    clear();
    for (let index = 0; index < 40; index++)
      place(served, { kind: "Secret", name: `theirs-${index}`, namespace: ns });
    const error = await access.remove(space, "r-base").catch((caught: Error) => caught.message);
    expect(error).toMatch(/Secret theirs-0, .* \+35$/);
    clear();
    expect(await access.namespace(ns)).toBe("ours");
  });

  it("keeps a namespace of which it cannot read a kind, and says which", async () => {
    const served = await world.served(cluster);
    empty(served.objects, ns);
    served.rights.denials.push({ verb: "list", resource: "secrets", why: "no secrets" });
    try {
      await expect(
        access.remove({ apiVersion: "v1", kind: "Namespace", name: ns }, "r-base"),
      ).rejects.toMatchObject({
        code: "NotEmpty",
        retryable: false,
        message: expect.stringMatching(/secrets not read \(.*cannot list resource "secrets"/),
      });
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("says the admission's words in a trial, also before the namespace is there, and creates nothing", async () => {
    const served = await world.served(cluster);
    served.policies.push(builtInPolicies.noPrivilege);
    try {
      const bad = (space: string) =>
        stamped("r-dry", podOf("bad", space, ["true"], { securityContext: { privileged: true } }));
      for (const space of [ns, "not-there-yet"]) {
        const refused = await access.dryRun([bad(space), stamped("r-dry", podOf("good", space, ["true"]))]);
        expect(refused).toEqual([
          {
            object: `Pod ${space}/bad`,
            said: expect.stringContaining("Privileged container is not allowed"),
          },
        ]);
      }
      await expect(access.apply([bad(ns)])).rejects.toMatchObject({ status: 403, retryable: false });
      expect(await access.labelled("r-dry")).toEqual([]);
    } finally {
      served.policies.length = 0;
    }
  });

  it.each([
    [
      "PodSecurity",
      'violates PodSecurity "restricted:latest": privileged (container "main" must not set securityContext.privileged=true)',
    ],
    ["a quota", "exceeded quota: small, requested: pods=1, used: pods=4, limited: pods=4"],
    ["a quota that wants limits", "failed quota: small: must specify limits.cpu for: main"],
    [
      "a LimitRange",
      "[maximum cpu usage per Container is 100m, but limit is 500m, minimum memory usage per Pod is 1Gi, but request is 64Mi]",
    ],
    [
      "a ratio of a LimitRange",
      "cpu max limit to request ratio per Container is 2, but provided ratio is 10.000000",
    ],
  ])("a refusal of default itself says nothing of a namespace that is not there: %s", async (_, why) => {
    const served = await world.served(cluster);
    const refuses = (where: string) => ({
      name: "own",
      forbids: true,
      refuses: ({ kind, metadata }: KubeObject) =>
        kind === "Pod" && metadata.namespace === where ? why : undefined,
    });
    try {
      served.policies.push(refuses("default"));
      const wanted = (space: string) => [stamped("r-dry", podOf("fine", space, ["true"]))];
      expect(await access.dryRun(wanted("not-there-yet"))).toEqual([]);
      // The same words of its own namespace count.
      served.policies.splice(0, 1, refuses(ns));
      expect(await access.dryRun(wanted(ns))).toEqual([
        { object: `Pod ${ns}/fine`, said: expect.stringContaining(why.slice(0, 40)) },
      ]);
    } finally {
      served.policies.length = 0;
    }
  });

  it("tries the namespace itself, and the pods of a workload, which are refused only after it is let in", async () => {
    const served = await world.served(cluster);
    const [deployment, ...others] = definitions.scenarios.get("misconfigured-workload")!.manifests({
      id: "r-dry",
      cluster,
      namespace: ns,
      images: { attacker: "a", victim: "v", busybox: "b" },
      parameters: {},
    });
    expect([deployment!.kind, others.length]).toEqual(["Deployment", 1]);
    try {
      served.policies.push({
        name: "no-privilege",
        refuses: ({ kind, spec }) =>
          kind === "Pod" && JSON.stringify(spec).includes('"privileged":true') ? "not privileged" : undefined,
      });
      expect(await access.dryRun(rehearsed([stamped("r-dry", deployment!)]))).toEqual([
        { object: `Pod ${ns}/${deployment!.metadata.name}`, said: expect.stringContaining("not privileged") },
      ]);
      served.policies.splice(0, 1, {
        name: "labelled-namespaces",
        refuses: ({ kind }) => (kind === "Namespace" ? "label owner is missing" : undefined),
      });
      expect(await access.dryRun([stamped("r-dry", namespaceOf("not-there-yet"))])).toEqual([
        { object: "Namespace not-there-yet", said: expect.stringContaining("label owner is missing") },
      ]);
    } finally {
      served.policies.length = 0;
    }
  });

  it("sees that a quota has room for each pod, and not for all of them", async () => {
    const served = await world.served(cluster);
    const two = ["one", "two"].map((name) => stamped("r-dry", podOf(name, ns, ["true"])));
    const quota = place(served, {
      kind: "ResourceQuota",
      name: "small",
      namespace: ns,
      spec: {},
      status: {},
    });
    const holding = (hard: string, used: string) =>
      served.objects.put({ ...quota, status: { hard: { pods: hard }, used: { pods: used } } });
    try {
      holding("10", "8");
      expect(await access.dryRun(two)).toEqual([]);
      holding("10", "9");
      expect(await access.dryRun(two)).toEqual([
        {
          object: `Pod ${ns}/one + Pod ${ns}/two`,
          said: "exceeded quota: small, requested: pods=2, used: pods=9, limited: pods=10",
        },
      ]);
      holding("10", "0");
      const most = 1;
      served.policies.push({
        name: "memory",
        forbids: true,
        refuses: ({ kind, spec }) =>
          kind === "Pod" && listAt(spec, "containers").length > most
            ? "exceeded quota: small, requested: limits.memory=1Gi, used: limits.memory=0, limited: limits.memory=600Mi"
            : undefined,
      });
      expect(await access.dryRun(two)).toMatchObject([
        { said: expect.stringContaining("limited: limits.memory=600Mi") },
      ]);
    } finally {
      served.policies.length = 0;
      served.objects.drop(quota);
    }
  });

  it("does not take a namespace that is terminating for a refusal, and says since when and why it is", async () => {
    const served = await world.served(cluster);
    served.nodeFaults.stuckNamespaces.push(/^going$/);
    await access.apply([stamped("r-going", namespaceOf("going"))]);
    const going = { apiVersion: "v1", kind: "Namespace", name: "going" };
    await eventually(
      () => access.remove(going, "r-going").then(() => access.namespace("going")),
      (state) => state === "terminating",
    );
    expect(await access.dryRun([stamped("r-dry", podOf("fine", "going", ["true"]))])).toEqual([]);
    const said = await eventually(
      () => access.whyTerminating("going"),
      (why) => why.includes("because"),
    );
    expect(said).toMatch(
      /^Namespace going has been terminating since 20.*Z, because: NamespaceDeletionDiscoveryFailure: Discovery failed/,
    );
    served.nodeFaults.stuckNamespaces = [];
  });

  it("does not know what admission says where it may not try: a missing permission is none of its refusals", async () => {
    const served = await world.served(cluster);
    served.rights.denials.push({ verb: "patch", resource: "pods" });
    try {
      await expect(access.dryRun([stamped("r-dry", podOf("fine", ns, ["true"]))])).rejects.toMatchObject({
        status: 403,
      });
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("names each right that is refused, subresources and the patch of an apply included", async () => {
    const served = await world.served(cluster);
    const rights = [
      { apiGroup: "", resource: "pods", verbs: ["create", "get"] },
      { apiGroup: "", resource: "pods/exec", verbs: ["create"] },
      { apiGroup: "", resource: "nodes", verbs: ["list"] },
    ];
    expect(await access.refusedRights(rights, ns)).toEqual([]);
    served.rights.denials.push(
      { verb: "patch", resource: "pods", why: "no" },
      { resource: "pods/exec", why: "never" },
    );
    try {
      expect(await access.refusedRights(rights, ns)).toEqual([
        { right: "patch pods", why: "no" },
        { right: "create pods/exec", why: "never" },
      ]);
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("names the kinds that may not be listed in a namespace: it could not be deleted", async () => {
    const served = await world.served(cluster);
    expect(await access.unlistable(ns)).toEqual([]);
    served.rights.denials.push({ verb: "list", resource: "*" }, { verb: "list", resource: "secrets" });
    try {
      expect(await access.unlistable(ns)).toEqual(["secrets"]);
    } finally {
      served.rights.denials.length = 0;
    }
  });

  it("says why a pod does not start", async () => {
    const { nodeFaults } = await world.served(cluster);
    nodeFaults.unpullable.push({ image: /busybox:gone/ });
    nodeFaults.unschedulable.push({ pod: /homeless/, message: "0/2 nodes are available" });
    const pull = podOf("cannot-pull", ns, ["true"], { image: "mcr.microsoft.com/cbl-mariner/busybox:gone" });
    await access.apply([stamped("r-why", pull), stamped("r-why", podOf("homeless", ns, ["true"]))]);
    const reasonOf = async (name: string) => (await access.pod(ns, name))?.reason;
    expect(
      await eventually(
        () => reasonOf("cannot-pull"),
        (why) => /ErrImagePull|ImagePullBackOff/.test(why ?? ""),
      ),
    ).toBeTruthy();
    expect(
      await eventually(
        () => reasonOf("homeless"),
        (why) => why !== undefined,
      ),
    ).toBe("Unschedulable");
    expect(await access.log(ns, "cannot-pull", 0)).toEqual([]);
  });
});

/** Leaves in a namespace what Kubernetes puts there by itself. */
function empty(objects: Objects, namespace: string) {
  const usual = ["default", "kube-root-ca.crt"];
  for (const one of objects.within(namespace)) if (!usual.includes(one.metadata.name)) objects.drop(one);
}

/** An object of another team, made as they would: with their own tools. */
async function makeForeign(cluster: string, name: string, namespace: string) {
  const served = await world.served(cluster);
  const body = JSON.stringify(podOf(name, namespace, ["sleep", "60"]));
  handle(served, {
    method: "POST",
    path: `/api/v1/namespaces/${namespace}/pods`,
    query: new URLSearchParams(),
    contentType: "application/json",
    body,
    user: { name: "team", groups: ["system:masters"], admin: true },
    agent: "kubectl",
  });
}

describe("a run-command whose output is cut", () => {
  it("is asked again for less at a time, until the whole is there", async () => {
    const most = 12_000;
    const { azure, clock } = world.port;
    let commands = 0;
    const access = await clustersPort({
      azure: {
        ...azure,
        startCommand(id, script) {
          commands++;
          return azure.startCommand(id, script);
        },
        async commandState(location) {
          const state = await azure.commandState(location);
          if (!("ended" in state)) return state;
          const { exitCode, output } = state.ended;
          return { ended: { exitCode, output: output.slice(0, most), cut: output.length > most } };
        },
      },
      proxy: undefined,
      log: { info: () => {} },
      now: clock.now,
      more: [],
    }).reach(world.idOf("aks-prod-payments"));
    const whole = await (await world.reach("aks-prod-payments")).nodes();
    expect(await access.nodes()).toEqual(whole);
    expect(commands).toBeGreaterThan(3);
  });
});
