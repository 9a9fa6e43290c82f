import { expect, it } from "vitest";
import { rightsReader } from "../../src/kubernetes/connection/access-reviews.ts";
import type { Ask, Transport } from "../../src/kubernetes/connection/transport.ts";
import { labelledReader, remover } from "../../src/kubernetes/objects/remove.ts";
import { createdKinds, resourcesOf } from "../../src/kubernetes/objects/resources.ts";

const namespace = "breakwater-simulation";
const labels = { "app.kubernetes.io/managed-by": "breakwater", "breakwater/run": "r-1" };
const reviews = /selfsubjectaccessreviews$/;

/** An API server that has every object, refuses every permission, and remembers what was asked of it. */
function recording() {
  const asked: Ask[] = [];
  const answer = (ask: Ask) => {
    asked.push(ask);
    const object = { metadata: { name: "x", uid: "u-1", labels } };
    return { body: { ...object, items: [], resources: [], groups: [] } };
  };
  const transport = {
    how: "direct",
    ask: async (asks: readonly Ask[]) => asks.map(answer),
  } as unknown as Transport;
  const now = () => "2026-11-23T08:00:00.000Z";
  const deps = { transport, resources: resourcesOf(transport), more: [], now, ending: new Map() };
  return { asked, deps };
}

/** `list pods`, with the namespace where it is of one, as an access review names it. */
function permissionOf({ kind, path }: Ask): string | undefined {
  const [, version, below = ""] = /^\/(?:api|apis)\/(v1|[^/]+\/[^/]+)\/([^?]*)/.exec(path) ?? [];
  if (version === undefined || reviews.test(path)) return undefined;
  const [, of, rest = below] = /^namespaces\/([^/]+)\/(.+)$/.exec(below) ?? [];
  const [resource, name] = rest.split("/");
  const verb = kind === "get" && name === undefined ? "list" : kind;
  return [verb, resource, of].filter(Boolean).join(" ");
}

it("the check of permissions asks for each one that clean-up uses", async () => {
  const cleaning = recording();
  await labelledReader(cleaning.deps)("r-1");
  for (const { apiVersion, kind, namespaced } of createdKinds)
    await remover(cleaning.deps)({ apiVersion, kind, name: "x", ...(namespaced && { namespace }) }, "r-1");
  const used = [...new Set(cleaning.asked.map(permissionOf).filter((one) => one !== undefined))].sort();
  expect(used).toContain("list services");
  expect(used).toContain(`delete pods ${namespace}`);

  const checking = recording();
  const refused = await rightsReader(checking.deps)([], namespace);
  type Review = { spec: { resourceAttributes: { verb: string; resource: string; namespace?: string } } };
  const wanted = checking.asked.flatMap((ask) => {
    if (ask.kind !== "post" || !reviews.test(ask.path)) return [];
    const { verb, resource, namespace: of } = (ask.body as Review).spec.resourceAttributes;
    return [[verb, resource, of].filter(Boolean).join(" ")];
  });
  expect(wanted.sort()).toEqual(used);
  expect(refused).toHaveLength(wanted.length);
});
