import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../../playground/azure/server.ts";
import { registry } from "../../playground/estate/containers.ts";
import { moveTag, pushImage } from "../../playground/estate/contents.ts";
import { addSubscription, emptyEstate, type Resource } from "../../playground/estate/estate.ts";
import { azureStandIn, portTo, refill, type Scripted, scriptedAzure } from "../azure-stand-in.ts";

const at = new Date("2026-11-20T08:30:00Z");

describe("the registry's own API", () => {
  let azure: AzureStandIn;
  let acr: Resource;
  beforeAll(async () => {
    azure = await azureStandIn({ estate: emptyEstate() });
  });
  beforeEach(() => {
    const estate = emptyEstate();
    const one = addSubscription(estate, "one");
    acr = registry(one, "acrOne", {});
    estate.registries.push(acr, registry(one, "acrtwo", {}));
    refill(azure.estate, estate);
    azure.registries.faults.clear();
    azure.registries.closed.clear();
    azure.registries.requests.length = 0;
  });
  afterAll(() => azure.stop());
  const push = (repository: string, tags: string[], digest?: string) =>
    pushImage(azure.estate, { registry: acr, repository, tags, at, digest });
  const read = (wanted: Record<string, string[]>) =>
    portTo(azure.resourceManagerUrl).azure.registryImages(
      new Map(Object.entries(wanted).map(([name, all]) => [name, new Set(all)])),
    );

  it("tells which tags point to which digest, and when it was pushed", async () => {
    const old = push("team/web", ["1.0", "latest"]);
    const rebuilt = push("team/web", ["1.1"]);
    moveTag(azure.estate, rebuilt, "latest");
    const result = (await read({ acrOne: ["team/web", "never-pushed"] })).get("acrOne")!;
    expect(result.unread).toBeUndefined();
    expect(result.repositories.get("never-pushed")).toEqual([]);
    expect(new Map(result.repositories.get("team/web")!.map((image) => [image.digest, image]))).toEqual(
      new Map([
        [old.digest, { digest: old.digest, tags: ["1.0"], pushed: at.toISOString() }],
        [rebuilt.digest, { digest: rebuilt.digest, tags: ["1.1", "latest"], pushed: at.toISOString() }],
      ]),
    );
  });

  it("reads a repository to its last page", async () => {
    for (let index = 0; index < 250; index++) push("many", [`v${index}`]);
    const result = (await read({ acrone: ["many"] })).get("acrone")!;
    expect(new Set(result.repositories.get("many")!.flatMap(({ tags }) => tags)).size).toBe(250);
    expect(azure.registries.requests.filter((one) => one.includes("_manifests")).length).toBeGreaterThan(2);
  });

  it("names a registry that may not be read, that a firewall closes, that fails or is not there; reads the others", async () => {
    push("web", ["1"]);
    azure.registries.closed.add("acrtwo");
    const closed = await read({ acrOne: ["web"], acrtwo: ["web"], nowhere: ["web"] });
    expect(closed.get("acrOne")!.repositories.get("web")).toHaveLength(1);
    expect(closed.get("acrtwo")!.unread).toMatchObject({ name: "acrtwo", why: "denied" });
    expect(closed.get("acrtwo")!.unread!.detail).toContain("is not allowed access");
    expect(closed.get("nowhere")!.unread).toMatchObject({ why: "gone" });
    for (const permission of Object.values(azure.estate.permissions).flat())
      permission.actions = permission.actions.filter((action) => !action.includes("pull"));
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.unread).toMatchObject({ why: "denied" });
  });

  it("reads a registry in ABAC mode under a data action only, and says which role it needs", async () => {
    push("web", ["1"]);
    acr.properties.roleAssignmentMode = "AbacRepositoryPermissions";
    const { azure: port } = portTo(azure.resourceManagerUrl);
    const checked = async (language: "en" | "ja" = "en") =>
      (await port.checks(language)).filter(({ name }) => /^Azure (registry|のレジストリ) /.test(name));
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.unread).toMatchObject({ why: "denied" });
    expect(await checked()).toMatchObject([
      {
        name: "Azure registry acrOne (ABAC mode)",
        state: "failed",
        said: expect.stringContaining("AcrPull and the custom role have no effect there"),
        fix: expect.stringMatching(/--role "Container Registry Repository Reader".*registries\/acrOne$/),
      },
    ]);
    const japanese = {
      name: "Azure のレジストリ acrOne (ABAC モード)",
      said: expect.stringContaining("このモードでは無効"),
    };
    expect(await checked("ja")).toMatchObject([japanese]);
    const { actions, missing } = {
      actions: ["importImage/action", "pull/read", "artifacts/delete"].map(
        (action) => `Microsoft.ContainerRegistry/registries/${action}`,
      ),
      missing: ["metadata/read", "content/delete", "metadata/delete"].map(
        (action) => `Microsoft.ContainerRegistry/registries/repositories/${action}`,
      ),
    };
    expect(await port.missingActions(acr.id, actions)).toEqual(missing);
    expect(await port.missingActions(azure.estate.registries[1]!.id, actions)).toEqual([]);
    for (const [reader] of Object.values(azure.estate.permissions))
      reader!.dataActions = ["Microsoft.ContainerRegistry/registries/repositories/*/read"];
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.repositories.get("web")).toHaveLength(1);
    expect(await checked()).toMatchObject([{ state: "ok" }]);
    expect(await port.missingActions(acr.id, actions)).toEqual(missing.slice(1));
  });

  it("tries again what may pass, and says so where it does not", async () => {
    push("web", ["1"]);
    azure.registries.faults.add({ kind: "status", status: 503, times: 1, match: { path: /_manifests/ } });
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.unread).toBeUndefined();
    azure.registries.faults.add({ kind: "status", status: 429, retryAfter: 600 });
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.unread).toMatchObject({ why: "throttled" });
    azure.registries.faults.clear();
    azure.registries.faults.add({ kind: "reset" });
    expect((await read({ acrOne: ["web"] })).get("acrOne")!.unread).toMatchObject({ why: "unreachable" });
  });
});

describe("a registry that says whatever its documentation allows", () => {
  const running: { stop(): Promise<unknown> }[] = [];
  afterEach(async () => void (await Promise.all(running.splice(0).map((one) => one.stop()))));
  const digests = ["a", "b", "c"].map((letter) => `sha256:${letter.repeat(64)}`);
  /** Resource Manager and registry in one: `say` answers for the registry once the caller has shown a token. */
  const start = async (say: (path: string, url: URL) => Scripted | undefined, challenge = "") => {
    const subscription = "00000000-0000-0000-0000-000000000001";
    const jwt = `e30.${Buffer.from(JSON.stringify({ exp: Date.now() })).toString("base64url")}.x`;
    let signed = false;
    const server = await scriptedAzure((path, _, url) => {
      const { host } = new URL(server.url);
      if (path === "/subscriptions") return { body: { value: [{ subscriptionId: subscription }] } };
      if (path.includes("ResourceGraph")) {
        const id = `/subscriptions/${subscription}/providers/Microsoft.ContainerRegistry/registries/acrOne`;
        const data = [
          { id, name: "acrOne", subscriptionId: subscription, loginServer: ` ${host.toUpperCase()}` },
        ];
        return { body: { totalRecords: 1, count: 1, resultTruncated: "false", data } };
      }
      const said = say(path, url);
      if (said) return said;
      if (path === "/oauth2/exchange") return { body: { refresh_token: jwt } };
      if (path === "/oauth2/token") {
        signed = true;
        return { body: { access_token: jwt } };
      }
      const scope = challenge || 'scope="repository:web:metadata_read,pull repository:other:pull"';
      const authenticate = `Bearer realm="https://example.com/oauth2/token",service="${host}",${scope}`;
      return signed
        ? { status: 404, body: {} }
        : { status: 401, headers: { "www-authenticate": authenticate } };
    });
    running.push(server);
    const read = async () => {
      const wanted = new Map([["acrOne", new Set(["web"])]]);
      return (await portTo(server.url).azure.registryImages(wanted)).get("acrOne")!;
    };
    return { ...server, read };
  };
  const list = /^\/acr\/v1\/web\/_manifests$/;

  it("is read through pages without manifests, tags or times, by relative and absolute links, after a byte order mark", async () => {
    let server: Awaited<ReturnType<typeof start>> | undefined;
    const pages: object[] = [
      { manifests: null },
      { manifests: [{ digest: digests[0], tags: null, createdTime: "yesterday" }, { tags: ["lost"] }] },
      {
        manifests: [
          { digest: digests[1]!.toUpperCase(), tags: ["1"], createdTime: "2026-11-20T08:30:00.1234567Z" },
        ],
      },
      { imageName: "web" },
    ];
    let signed = false;
    server = await start((path, url) => {
      if (path === "/oauth2/token") signed = true;
      if (!list.test(path) || !signed) return undefined;
      const page = Number(url.searchParams.get("last") ?? 0);
      const next = `/acr/v1/web/_manifests?last=${page + 1}&n=100`;
      const link = `<${page === 1 ? server?.url : ""}${next}>; rel="next"`;
      return { text: `\uFEFF${JSON.stringify(pages[page])}`, headers: page < 3 ? { link } : undefined };
    });
    expect(await server.read()).toEqual({
      repositories: new Map([
        [
          "web",
          [
            { digest: digests[0], tags: [] },
            { digest: digests[1], tags: ["1"], pushed: "2026-11-20T08:30:00.123Z" },
          ],
        ],
      ]),
    });
  });

  it.each([
    ["ends where its pages lead back", "", "_manifests?last=x", "does not end"],
    [
      "is not followed to another host, with its token",
      "https://example.com",
      "_manifests?last=x",
      "another host",
    ],
  ])("%s", async (_, host, next, said) => {
    let signed = false;
    const { read, requests } = await start((path) => {
      if (path === "/oauth2/token") signed = true;
      const link = `<${host}/acr/v1/web/${next}>; rel="next"`;
      return list.test(path) && signed ? { body: { manifests: null }, headers: { link } } : undefined;
    });
    expect((await read()).unread).toMatchObject({ name: "acrOne", detail: expect.stringContaining(said) });
    expect(requests.filter((one) => one.includes("_manifests")).length).toBeLessThan(5);
  });

  it("does not get the Entra token sent on to where its token exchange is redirected", async () => {
    const foreign = await start(() => ({ body: {} }));
    const { read } = await start((path) =>
      path === "/oauth2/exchange"
        ? { status: 307, headers: { location: `${foreign.url}/oauth2/exchange` } }
        : undefined,
    );
    expect((await read()).unread).toMatchObject({ name: "acrOne" });
    expect(foreign.requests).toEqual([]);
  });

  it.each([
    [
      "refuses the exchange",
      { status: 401, body: { errors: [{ code: "UNAUTHORIZED", message: "no" }] } },
      "denied",
    ],
    [
      "does not know the tenant",
      { status: 400, body: { errors: [{ code: "INVALID", message: "no" }] } },
      "failed",
    ],
  ])("is reported as unread where it %s", async (_, answer, why) => {
    const { read } = await start((path) => (path === "/oauth2/exchange" ? answer : undefined));
    expect((await read()).unread).toMatchObject({ why, detail: expect.stringContaining("no") });
  });

  it("is reported as unread where it asks for a way of signing in that is not ours", async () => {
    const { read } = await start((path) =>
      list.test(path)
        ? { status: 401, headers: { "www-authenticate": 'Basic realm="registry"' } }
        : undefined,
    );
    expect((await read()).unread).toMatchObject({
      why: "failed",
      detail: expect.stringContaining("challenge"),
    });
  });
});
