import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { knownRecommendations } from "../../src/domain/catalogue/recommendations.ts";
import type { Settings } from "../../src/domain/settings.ts";
import type { Manifest, ScenarioRun } from "../../src/domain/simulations/scenario.ts";
import { forRun } from "../../src/domain/simulations/scenario.ts";
import { expiryOf, verifySeconds } from "../../src/simulations/parts.ts";
import { definitions } from "../dispatch-parts.ts";
import { runOf, time } from "../runs.ts";
import { sourceFiles } from "../source-files.ts";

const run: ScenarioRun = {
  id: "r-bcdfghjkmn",
  cluster: "aks-demo",
  namespace: "breakwater-simulation",
  images: {
    attacker: "mirror/attacker@sha256:1",
    victim: "mirror/victim@sha256:2",
    busybox: "mirror/busybox:3",
  },
  parameters: { node: "aks-node-1", registry: "contosolab", image: "nginx:1.14" },
  loginServer: "contosolab.azurecr.io",
};
const scenarios = [...definitions.scenarios];
type Spec = { containers: { image: string; securityContext?: object; resources?: object }[] };
const podOf = ({ kind, spec }: Manifest) =>
  (kind === "Deployment" ? (spec as { template: { spec: Spec } }).template.spec : spec) as Spec;
const resourceOf: Record<string, string> = {
  ServiceAccount: "serviceaccounts",
  Service: "services",
  Pod: "pods",
  Deployment: "deployments",
};

describe.each(scenarios)("%s says before approval what it does", (_name, definition) => {
  const manifests = definition.manifests(run);

  it("declares every object that it makes, and the right to make and remove it", () => {
    for (const { kind, metadata } of manifests) {
      expect(definition.creates).toContainEqual(expect.objectContaining({ kind, name: metadata.name }));
      const right = definition.rights.find(({ resource }) => resource === resourceOf[kind]);
      expect(right?.verbs, `${kind} ${metadata.name}`).toEqual(
        expect.arrayContaining(["create", "get", "delete"]),
      );
    }
  });

  it("has the right for each of its steps, and a step for each way of undoing", () => {
    const steps = [...forRun(definition.steps, run), ...forRun(definition.undoSteps ?? [], run)];
    const rights = definition.rights.map(({ resource }) => resource);
    if (steps.some(({ kind }) => kind === "exec")) expect(rights).toContain("pods/exec");
    if (steps.some(({ kind }) => kind === "follow-log")) expect(rights).toContain("pods/log");
    const kinds: string[] = steps.map(({ kind }) => kind);
    expect(kinds.includes("delete-image")).toBe(kinds.includes("import-image"));
  });

  it("stays in the namespace of the run, takes its images from the settings, and bounds its containers", () => {
    for (const manifest of manifests) {
      expect(manifest.metadata.namespace).toBe(run.namespace);
      if (manifest.kind !== "Pod" && manifest.kind !== "Deployment") continue;
      for (const { image, securityContext, resources } of podOf(manifest).containers) {
        expect(image).toMatch(/^(mirror\/|contosolab\.azurecr\.io\/)/);
        // The one exception is wrong on purpose, and says so.
        if (manifest.metadata.name === "breakwater-misconfigured") expect(definition.outside).toBeDefined();
        else {
          expect(securityContext).toMatchObject({ allowPrivilegeEscalation: false });
          expect(resources).toHaveProperty("limits.memory");
        }
      }
    }
  });

  it("marks what it makes with the time that is said before approval, and half an hour for the clean-up", () => {
    const settings = { simulations: { verifyMinutes: 75 } } as Settings;
    const asked = runOf({ verifySeconds: verifySeconds(definition, settings) });
    expect(expiryOf(asked, definition, time(0))).toBe(time(definition.minutes + 30));
  });

  it("expects something, and says in both languages what it cannot tell", () => {
    const expects = forRun(definition.expects, run);
    expect(expects.some(({ required }) => required)).toBe(true);
    for (const one of expects)
      if (one.kind === "recommendation")
        expect(knownRecommendations.map(({ name }) => name)).toContain(one.title);
    for (const { summary, happens, cannotTell } of [definition.texts.en, definition.texts.ja])
      for (const text of [summary, happens, cannotTell]) expect(text.length).toBeGreaterThan(10);
  });
});

it("all expects what the other scenarios of the tool expect together", () => {
  const expectedOf = (name: string) => forRun(definitions.scenarios.get(name)!.expects, run);
  const parts = ["web-shell", "reconnaissance", "lateral-movement", "secrets-gathering", "crypto-mining"];
  const union = new Set(
    [...parts, "threat-intelligence-domain"].flatMap(expectedOf).map((one) => JSON.stringify(one)),
  );
  expect(new Set(expectedOf("all").map((one) => JSON.stringify(one)))).toEqual(union);
});

it("the EICAR test string is whole on the node, and nowhere in the source", () => {
  const steps = forRun(definitions.scenarios.get("node-malware")!.steps, run);
  const write = steps.find((step) => step.kind === "exec");
  const written = write?.kind === "exec" ? write.command.slice(-2).join("") : "";
  expect(written).toHaveLength(68);
  expect(written).toMatch(/^X5O!P%@AP.+\$H\+H\*$/);
  const files = sourceFiles(join(import.meta.dirname, "..", "..", "src"));
  expect(files.filter(({ text }) => text.includes(written))).toEqual([]);
});

it("the misconfigured twin breaks what it should, and the other one nothing of it", () => {
  const [bad, good] = definitions.scenarios.get("misconfigured-workload")!.manifests(run).map(podOf);
  expect(bad).toMatchObject({ hostNetwork: true, hostPID: true, automountServiceAccountToken: true });
  expect(bad!.containers[0]!.securityContext).toMatchObject({ privileged: true, runAsUser: 0 });
  expect(good).not.toHaveProperty("hostNetwork");
  expect(good!.containers[0]!.securityContext).toMatchObject({
    privileged: false,
    runAsNonRoot: true,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
  });
});
