import { expect, it } from "vitest";
import { marked } from "../../src/domain/simulations/objects.ts";
import { trouble } from "../../src/kubernetes/connection/refusal.ts";
import type { Answered, Ask, Transport } from "../../src/kubernetes/connection/transport.ts";
import { trier } from "../../src/kubernetes/objects/dry-run.ts";
import { resourcesOf } from "../../src/kubernetes/objects/resources.ts";

const wanted = marked(
  ["Service", "Pod"].map((kind) => ({ apiVersion: "v1", kind, metadata: { name: "victim" } })),
  { id: "r-mine", namespace: "breakwater-simulation" },
  "2000-01-01T00:00:00.000Z",
);
const paths = ["services/victim", "pods/victim"];

const refused = (status: number, said: string): Answered => ({
  error: trouble("Refused", `Kubernetes answered ${status}: ${said}`, false, status),
});

/** An API server on which another run creates each object just before the request of that number. */
function racing(createdBefore: readonly number[], admission?: Answered) {
  const tried: string[] = [];
  let requests = 0;
  const answer = (ask: Ask): Answered => {
    requests++;
    const index = paths.findIndex((path) => ask.path.includes(path));
    const there = index >= 0 && requests >= createdBefore[index]!;
    if (ask.kind === "get")
      return there
        ? { body: { ...wanted[index], metadata: { ...wanted[index]!.metadata, uid: "u-1" } } }
        : refused(404, "not found");
    tried.push(ask.path);
    return there ? refused(422, "updates may not change fields") : (admission ?? { body: {} });
  };
  const transport = { how: "direct", ask: async (asks: readonly Ask[]) => asks.map(answer) };
  return {
    tried,
    dryRun: trier({
      transport: transport as unknown as Transport,
      resources: resourcesOf(transport as unknown as Transport),
    }),
  };
}

const moments = Array.from({ length: 12 }, (_, index) => index + 1);

it.each(moments.flatMap((service) => moments.map((pod) => [service, pod])))(
  "objects that another run creates before request %i and %i are tried under unused names",
  async (...created) => {
    const { tried, dryRun } = racing(created);
    expect(await dryRun(wanted)).toEqual([]);
    if (created[1] === 1)
      expect(tried).toContainEqual(expect.stringMatching(/\/pods\/breakwater-trial-[0-9a-f]{8}/));
  },
);

it("what admission refuses under any name stays refused, in its words", async () => {
  const { dryRun } = racing([99, 99], refused(422, "ValidatingAdmissionPolicy 'none' denied request"));
  expect(await dryRun(wanted)).toEqual(
    ["Service", "Pod"].map((kind) => ({
      object: `${kind} breakwater-simulation/victim`,
      said: expect.stringContaining("denied request"),
    })),
  );
});
