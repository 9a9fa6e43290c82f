import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pushImage } from "../../playground/estate/contents.ts";
import { demoEstate } from "../../playground/estate/demo.ts";
import { simulationActions } from "../../src/azure/permissions/required-actions.ts";
import { portTo, type Scripted, scriptedAzure } from "../azure-stand-in.ts";
import { eventually, type KubernetesWorld, kubernetesWorld } from "../kubernetes-world.ts";

let world: KubernetesWorld;
beforeAll(async () => {
  world = await kubernetesWorld({ estate: demoEstate(new Date("2026-11-23T12:00:00Z")) });
}, 180_000);
afterAll(() => world.azure.stop());

const subscriptionOf = (name: string) =>
  world.azure.estate.subscriptions.find(({ displayName }) => displayName === name)!.subscriptionId;

describe("what simulations ask of Azure", () => {
  it("targets: clusters with their tags and whether they are private, registries with their login servers", async () => {
    const { value, unread } = await world.port.azure.targets();
    expect(unread).toEqual([]);
    const web = value.clusters.find(({ name }) => name === "aks-prod-web");
    expect(web).toMatchObject({
      private: false,
      tags: { environment: "production" },
      resourceGroup: "rg-prod-web",
      cluster: "aks-prod-web",
      subscription: { name: "Contoso Production" },
    });
    expect(value.clusters.filter((one) => one.private).map(({ name }) => name)).toEqual([
      "aks-prod-payments",
    ]);
    expect(value.registries.map(({ name }) => name).sort()).toEqual([
      "contosoabac",
      "contosojuchu",
      "contosolab",
      "contosoprod",
    ]);
    expect(value.registries.every(({ loginServer }) => /^127\.0\.0\.1:\d+$/.test(loginServer))).toBe(true);
  });

  it("suppression rules of a subscription, with their state and end", async () => {
    const subscription = subscriptionOf("Contoso Sandbox");
    const [demo] = await world.port.azure.suppressionRules(subscription);
    expect(demo).toMatchObject({ name: "nightly-scanner", alertType: "k8s.node_webshell", scoped: true });
    world.azure.estate.suppressionRules.length = 0;
    const rule = (name: string, properties: object) => ({
      id: `/subscriptions/${subscription}/providers/Microsoft.Security/alertsSuppressionRules/${name}`,
      name,
      type: "Microsoft.Security/alertsSuppressionRules",
      properties,
    });
    world.azure.estate.suppressionRules.push(
      rule("web", {
        alertType: "K8S.NODE_WebShell",
        state: "Enabled",
        expirationDateUtc: "2026-12-01T19:50:47.083633Z",
      }) as never,
      rule("old", { alertType: "*", state: "Disabled", reason: "FalsePositive" }) as never,
      rule("one-pod", {
        alertType: "K8S.NODE_WebShell",
        state: "Enabled",
        suppressionAlertsScope: { allOf: [{ field: "entities.container.name", contains: "scanner" }] },
      }) as never,
    );
    expect(await world.port.azure.suppressionRules(subscription)).toEqual([
      {
        name: "web",
        alertType: "K8S.NODE_WebShell",
        enabled: true,
        scoped: false,
        expires: "2026-12-01T19:50:47.083Z",
      },
      { name: "old", alertType: "*", enabled: false, scoped: false, expires: undefined },
      { name: "one-pod", alertType: "K8S.NODE_WebShell", enabled: true, scoped: true, expires: undefined },
    ]);
  });

  it("actions that are missing, at the scope of one cluster", async () => {
    const { id } = world.idOf("aks-demo");
    const actions = simulationActions.map(({ action }) => action);
    expect(await world.port.azure.missingActions(id, actions)).toEqual([]);
    const { permissions } = world.azure.estate;
    const subscription = subscriptionOf("Contoso Sandbox");
    const before = permissions[subscription]!;
    permissions[subscription] = [
      { actions: ["*/read"], notActions: ["*/commandResults/read"], dataActions: [], notDataActions: [] },
    ];
    try {
      const missing = await world.port.azure.missingActions(id, actions);
      expect(missing).toContain("Microsoft.ContainerService/managedClusters/commandResults/read");
      expect(missing).toContain("Microsoft.ContainerRegistry/registries/importImage/action");
      expect(missing).not.toContain("Microsoft.Security/alertsSuppressionRules/read");
    } finally {
      permissions[subscription] = before;
    }
  });

  it("sample alerts, at the location that Defender has for the subscription", async () => {
    const subscription = subscriptionOf("Contoso Sandbox");
    await world.port.azure.sampleAlerts(subscription, "KubernetesService");
    expect(world.azure.requests.filter(({ path }) => /\/simulate$/.test(path))).toMatchObject([
      {
        method: "POST",
        path: `/subscriptions/${subscription}/providers/Microsoft.Security/locations/centralus/alerts/default/simulate`,
        body: { properties: { kind: "Bundles", bundles: ["KubernetesService"] } },
        status: 202,
      },
    ]);
    await expect(world.port.azure.sampleAlerts(subscription, "Nothing")).rejects.toMatchObject({
      status: 400,
      retryable: false,
    });
  });

  it("an image: imported once however often it is asked for, known by its tag, and gone afterwards", async () => {
    const registry = world.azure.estate.registries.find(({ name }) => name === "contosolab")!;
    const loginServer = String(registry.properties.loginServer);
    const repository = "breakwater-simulation/r-1";
    const ask = () =>
      world.port.azure.importImage(registry.id, "docker.io/library/nginx:1.14", repository, "1.14");
    expect(await ask()).toEqual({ done: false });
    const { digest } = await eventually(ask, ({ done }) => done);
    expect(digest).toMatch(/^sha256:/);
    const asked = world.azure.requests.filter(({ path }) => /importImage$/.test(path));
    expect(asked).toMatchObject([
      { body: { source: { registryUri: "docker.io", sourceImage: "library/nginx:1.14" }, mode: "NoForce" } },
    ]);
    // A port that was started since asks the registry, not Azure.
    expect(
      await world.port.azure.importImage(registry.id, "docker.io/library/nginx:1.14", repository, "1.14"),
    ).toEqual({ done: true, digest });
    const images = () => world.azure.estate.contents.images.filter((one) => one.repository === repository);
    expect(images()).toHaveLength(1);
    expect(await world.port.azure.deleteImage(loginServer, repository, "1.14")).toBe(true);
    expect(images()).toEqual([]);
    expect(await world.port.azure.deleteImage(loginServer, repository, "1.14")).toBe(true);
  });

  it("leaves alone what others put into the same repository", async () => {
    const registry = world.azure.estate.registries.find(({ name }) => name === "contosolab")!;
    const repository = "breakwater-simulation/r-2";
    const push = (...tags: string[]) =>
      pushImage(world.azure.estate, {
        registry,
        repository,
        tags,
        at: new Date("2026-11-23T12:00:00Z"),
        packages: [],
      });
    push("1.14");
    push("theirs");
    expect(
      await world.port.azure.deleteImage(String(registry.properties.loginServer), repository, "1.14"),
    ).toBe(true);
    const left = world.azure.estate.contents.images.filter((one) => one.repository === repository);
    expect(left.map(({ tags }) => tags)).toEqual([["theirs"]]);
  });
});

describe("a request for sample alerts whose answer is no answer", () => {
  it.each([
    ["a gateway that gave up", { status: 504, text: "" }, 504],
    ["an answer that is cut", { status: 202, text: '{"a"' }, undefined],
  ] as const)("is made once: %s", async (_, said, status) => {
    const server = await scriptedAzure((path) =>
      path.endsWith("/simulate") ? said : { body: { value: [{ name: "centralus" }] } },
    );
    try {
      const asked = portTo(server.url).azure.sampleAlerts("s", "KubernetesService");
      if (status) await expect(asked).rejects.toMatchObject({ system: "azure", status });
      else await asked;
      expect(server.requests.filter((one) => one.startsWith("POST"))).toHaveLength(1);
    } finally {
      await server.stop();
    }
  });
});

describe("a run-command that Azure answers oddly", () => {
  const cluster = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c";
  const results = `${cluster}/commandResults/1`;
  type Say = (path: string, base: string, turn: number) => Scripted;

  async function run(say: Say) {
    let turn = 0;
    let base = "";
    const server = await scriptedAzure((path) => say(path, base, turn++));
    base = server.url;
    try {
      const script = { command: "kubectl version", files: [{ name: "f0.json", content: "{}" }] };
      const { azure } = portTo(server.url);
      let state = await azure.startCommand(cluster, script);
      while (!("ended" in state)) state = await azure.commandState(state.location);
      return { answer: state.ended, requests: server.requests };
    } finally {
      await server.stop();
    }
  }
  const taken = (base: string): Scripted => ({
    status: 202,
    text: "",
    headers: { location: `${base}${results}?api-version=2024-02-01` },
  });
  const over = (properties: object): Scripted => ({ body: { id: "1", properties } });

  it("is followed to its end, whichever state in between is written how", async () => {
    const { answer, requests } = await run((path, base, turn) => {
      if (path !== results) return taken(base);
      if (turn < 2) return { status: 202, text: "" };
      if (turn < 3) return over({ provisioningState: "Running" });
      // [ARM docs, asynchronous operations: the status of one answers 200 until it is over]
      if (turn < 5) return { body: { id: "1", status: turn < 4 ? "InProgress" : "Running" } };
      return over({ provisioningState: "succeeded", exitCode: 3, logs: "said\n" });
    });
    expect(answer).toEqual({ exitCode: 3, output: "said\n", cut: false });
    expect(requests.filter((one) => one.startsWith("POST"))).toHaveLength(1);
  });

  it("is asked for where its result is, not where only its status is", async () => {
    const { answer } = await run((path, base) => {
      if (path === results) return over({ provisioningState: "Succeeded", exitCode: 0, logs: "said" });
      if (path.includes("/operations/")) return { body: { status: "Succeeded" } };
      const headers = {
        location: `${base}${results}?api-version=2024-02-01`,
        "azure-asyncoperation": `${base}/subscriptions/s/providers/x/operations/1?api-version=1`,
      };
      return { status: 202, text: "", headers };
    });
    expect(answer.output).toBe("said");
  });

  it("is over at once where the POST has the result", async () => {
    const { answer } = await run(() => over({ provisioningState: "Succeeded", exitCode: 0, logs: null }));
    expect(answer).toEqual({ exitCode: 0, output: "", cut: false });
  });

  it("says that output of 512 kB may be cut", async () => {
    const { answer } = await run(() => over({ exitCode: 0, logs: "x".repeat(524_288) }));
    expect(answer.cut).toBe(true);
  });

  it.each([
    [
      "leads elsewhere",
      () => ({ status: 202, text: "", headers: { location: "https://evil.example/x" } }),
      "ForeignLocation",
    ],
    ["names no result", () => ({ status: 202, text: "" }), "NoLocation"],
    [
      "failed around the command",
      () => over({ provisioningState: "Failed", reason: "no node" }),
      "RunCommandFailed",
    ],
    [
      "is refused",
      () => ({ status: 403, body: { error: { code: "AuthorizationFailed", message: "no" } } }),
      "AuthorizationFailed",
    ],
    [
      "meets a stopped cluster",
      () => ({ status: 400, body: { code: "OperationNotAllowed", message: "stopped" } }),
      "OperationNotAllowed",
    ],
  ] as const)("is an error where it %s", async (_, say, code) => {
    await expect(run(say as Say)).rejects.toMatchObject({ system: "azure", code });
  });
});
