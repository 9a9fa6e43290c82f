import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AzureStandIn } from "../playground/azure/server.ts";
import { registry } from "../playground/estate/containers.ts";
import { moveTag, pushImage } from "../playground/estate/contents.ts";
import { addSubscription, emptyEstate, type Resource } from "../playground/estate/estate.ts";
import { azureStandIn, portTo, refill } from "./azure-stand-in.ts";

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
    const found = (await read({ acrOne: ["team/web", "never-pushed"] })).get("acrOne")!;
    expect(found.unread).toBeUndefined();
    expect(found.repositories.get("never-pushed")).toEqual([]);
    expect(new Map(found.repositories.get("team/web")!.map((image) => [image.digest, image]))).toEqual(
      new Map([
        [old.digest, { digest: old.digest, tags: ["1.0"], pushed: at.toISOString() }],
        [rebuilt.digest, { digest: rebuilt.digest, tags: ["1.1", "latest"], pushed: at.toISOString() }],
      ]),
    );
  });

  it("reads a repository to its last page", async () => {
    for (let index = 0; index < 250; index++) push("many", [`v${index}`]);
    const found = (await read({ acrone: ["many"] })).get("acrone")!;
    expect(new Set(found.repositories.get("many")!.flatMap(({ tags }) => tags)).size).toBe(250);
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
