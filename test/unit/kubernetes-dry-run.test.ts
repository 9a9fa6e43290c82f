import { expect, it } from "vitest";
import { marked } from "../../src/domain/simulations/objects.ts";
import { trouble } from "../../src/kubernetes/connection/refusal.ts";
import type { Answered, Ask, Transport } from "../../src/kubernetes/connection/transport.ts";
import { trier } from "../../src/kubernetes/objects/dry-run.ts";
import { resourcesOf } from "../../src/kubernetes/objects/resources.ts";

const [pod] = marked(
  [{ apiVersion: "v1", kind: "Pod", metadata: { name: "victim", namespace: "breakwater-simulation" } }],
  { id: "r-mine", namespace: "breakwater-simulation" },
  "2000-01-01T00:00:00.000Z",
);

const refused = (status: number, said: string): Answered => ({
  error: trouble("Refused", `Kubernetes answered ${status}: ${said}`, false, status),
});

/** An API server that has the pod from its second request on, as another run creates it just then. */
function racing(ofTrials: (path: string) => Answered) {
  const asked: string[] = [];
  let there: unknown;
  const answer = (ask: Ask): Answered => {
    asked.push(`${ask.kind} ${ask.path}`);
    if (ask.kind === "get") return there ? { body: there } : refused(404, "pods not found");
    there = { ...pod, metadata: { ...pod!.metadata, uid: "u-1" } };
    return ofTrials(ask.path);
  };
  const transport = {
    how: "direct",
    ask: async (asks: readonly Ask[]) => asks.map(answer),
  } as unknown as Transport;
  return { asked, dryRun: trier({ transport, resources: resourcesOf(transport) }) };
}

it("an object that another run creates between the look and the trial is tried under an unused name", async () => {
  const { asked, dryRun } = racing((path) =>
    path.includes("/victim") ? refused(422, "pod updates may not change fields") : { body: {} },
  );
  expect(await dryRun([pod!])).toEqual([]);
  expect(asked.at(-1)).toMatch(/^apply .*\/pods\/breakwater-trial-[0-9a-f]{8}/);
});

it("what admission refuses under any name stays refused, in its words", async () => {
  const { dryRun } = racing(() => refused(422, "ValidatingAdmissionPolicy 'no-pods' denied request"));
  expect(await dryRun([pod!])).toEqual([
    { object: "Pod breakwater-simulation/victim", said: expect.stringContaining("no-pods") },
  ]);
});
