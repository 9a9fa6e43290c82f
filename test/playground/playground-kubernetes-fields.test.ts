import {
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  property,
  record,
  string,
  uniqueArray,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { applied, type Manager, updated } from "../../playground/kubernetes/fields/managers.ts";
import { fromFields, pathsOf, toFields } from "../../playground/kubernetes/fields/paths.ts";
import { plural } from "../../playground/kubernetes/kinds.ts";
import type { Json, KubeObject } from "../../playground/kubernetes/object.ts";

const now = new Date("2026-11-23T12:00:00Z");
const by = (name: string, force = false): Manager => ({ name, force, now });
const pods = plural("pods");
const pod = (containers: Json[], more: Json = {}): Json => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "a", namespace: "b", ...more },
  spec: { containers },
});
const containersOf = (object: KubeObject) => (object.spec as { containers: Json[] }).containers;

/** Objects that a person might apply. */
const word = string({ minLength: 1, maxLength: 8, unit: constantFrom("a", "b", "c", "/", ".", "~", '"') });
const wishes = record({
  labels: dictionary(word, word),
  finalizers: uniqueArray(word, { maxLength: 3 }),
  containers: uniqueArray(record({ name: word, image: word, args: uniqueArray(word) }), {
    selector: ({ name }) => name,
    minLength: 1,
    maxLength: 4,
  }),
}).map(({ labels, finalizers, containers }) => pod(containers, { labels, finalizers }));

describe("server-side apply", () => {
  it("merges lists by their keys, and takes away what its manager no longer gives", () => {
    const first = applied(
      pods,
      undefined,
      pod(
        [
          { name: "x", image: "1" },
          { name: "y", image: "1" },
        ],
        { labels: { a: "1", b: "1" } },
      ),
      by("one"),
    );
    const both = applied(pods, first, pod([{ name: "z", image: "1" }], { labels: { c: "1" } }), by("two"));
    expect(containersOf(both).map(({ name }) => name)).toEqual(["x", "y", "z"]);
    const less = applied(pods, both, pod([{ name: "x", image: "2" }], { labels: { a: "1" } }), by("one"));
    expect(containersOf(less)).toEqual([
      { name: "x", image: "2" },
      { name: "z", image: "1" },
    ]);
    expect(less.metadata.labels).toEqual({ a: "1", c: "1" });
  });

  it("shares what two say alike, refuses what they say otherwise, and hands it over when forced", () => {
    const first = applied(pods, undefined, pod([{ name: "x", image: "1" }]), by("one"));
    const shared = applied(pods, first, pod([{ name: "x", image: "1" }]), by("two"));
    expect(shared.metadata.managedFields?.map(({ manager }) => manager)).toEqual(["one", "two"]);
    const other = pod([{ name: "x", image: "2" }]);
    expect(() => applied(pods, shared, other, by("two"))).toThrow(
      'conflict with "one": .spec.containers[name="x"].image',
    );
    const taken = applied(pods, shared, other, by("two", true));
    expect(containersOf(taken)).toEqual([{ name: "x", image: "2" }]);
    // The first manager has lost the field: that it gives it no longer takes nothing away.
    const after = applied(pods, taken, { ...pod([]), spec: {} }, by("one"));
    expect(containersOf(after)).toEqual([{ name: "x", image: "2" }]);
  });

  it("meets what was changed without it as a conflict with that manager's version", () => {
    const first = applied(pods, undefined, pod([{ name: "x", image: "1" }]), by("one"));
    const changed = updated(
      first,
      { ...first, spec: { containers: [{ name: "x", image: "2" }] } },
      by("kubectl-edit"),
    );
    expect(() => applied(pods, changed, pod([{ name: "x", image: "3" }]), by("one"))).toThrow(
      'conflict with "kubectl-edit" using v1',
    );
  });

  it("changes nothing when the same is applied again", () => {
    assert(
      property(wishes, (wish) => {
        const once = applied(pods, undefined, wish, by("one"));
        expect(applied(pods, once, wish, by("one"))).toEqual(once);
      }),
    );
  });

  it("ends with exactly what was given last, whatever was given before", () => {
    assert(
      property(wishes, wishes, (before, after) => {
        const once = applied(pods, undefined, before, by("one"));
        const twice = applied(pods, once, after, by("one"));
        const sorted = (object: { spec?: unknown }) =>
          ((object.spec as { containers: Json[] }).containers ?? []).toSorted((a, b) =>
            String(a.name) < String(b.name) ? -1 : 1,
          );
        expect(sorted(twice)).toEqual(sorted(after as { spec: unknown }));
        const { labels } = after.metadata as { labels: Json };
        expect(twice.metadata.labels ?? {}).toEqual(labels);
      }),
    );
  });

  it("keeps the owned paths through FieldsV1 and back", async () => {
    await assert(
      asyncProperty(wishes, async (wish) => {
        const paths = pathsOf(wish);
        expect([...fromFields(toFields(paths))].sort()).toEqual([...paths].sort());
      }),
    );
  });
});
