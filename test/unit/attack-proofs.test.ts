import { describe, expect, it } from "vitest";
import { findAlertType, knownAlertTypes } from "../../src/domain/catalogue/alert-types/alert-types.ts";
import { findTechnique, matrixTactics, techniques } from "../../src/domain/catalogue/threat-matrix.ts";
import { attackProofs } from "../../src/domain/simulations/proofs/attack-proofs.ts";
import { navigatorLayer } from "../../src/domain/simulations/proofs/navigator-layer.ts";
import type { ExpectationVerdict, Run, Sighting } from "../../src/domain/simulations/simulation.ts";
import { definitions } from "../dispatch-parts.ts";
import { runOf, time } from "../runs.ts";

const { scenarios } = definitions;
const sighting = (about: Partial<Sighting>): Sighting => ({
  ...{
    id: "a1",
    resource: "/a1",
    type: "",
    title: "",
    severity: "medium",
    seen: time(9),
    generated: time(8),
  },
  ...about,
});
const missing = (title: string): ExpectationVerdict => ({
  ...{ index: 0, title: { en: title, ja: title }, required: true, verdict: "missing" },
});
const imds = "Access to cloud metadata service detected";
const detected = (id: string, minutes: number, about: Partial<Run> = {}) =>
  runOf({
    ...{ id, started: time(minutes), state: "reported" },
    sightings: [sighting({ type: "k8s.node_imdscall", title: imds, generated: time(minutes + 8) })],
    ...about,
  });
const failed = (id: string, minutes: number) =>
  runOf({ id, started: time(minutes), state: "reported", verdicts: [missing(imds)] });
const other = {
  id: "/clusters/aks-2",
  name: "aks-2",
  private: false,
  tags: {},
  subscription: { id: "s2", name: "開発" },
};
/** `proven aks-shop` for each cluster of a technique. */
const proofsOf = (id: string, ...runs: Run[]) =>
  attackProofs(runs, scenarios)
    .find(({ technique }) => technique.id === id)!
    .proofs.map(({ state, cluster, run }) => `${state} ${cluster} ${run}`);

describe("the catalogue of alert types and techniques", () => {
  it("knows each once, with both languages, and only techniques of the matrix", () => {
    const ids = knownAlertTypes.flatMap(({ id }) => (id ? [id.toLowerCase()] : []));
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(58);
    for (const { means, techniques: named } of knownAlertTypes) {
      expect(means.en).not.toMatch(/[ぁ-んァ-ヶ]/);
      expect(means.ja).toMatch(/[ぁ-んァ-ヶ]/);
      for (const id of named) expect(findTechnique(id), id).toBeDefined();
    }
    expect(techniques).toHaveLength(40);
    for (const { tactics, attack } of techniques) {
      expect(tactics.every((one) => matrixTactics.includes(one))).toBe(true);
      for (const id of attack) expect(id).toMatch(/^T\d{4}(\.\d{3})?$/);
    }
  });

  it("finds a type by id or title in any letter case, a sample's remark aside", () => {
    expect(findAlertType("k8s.node_IMDSCALL")?.title).toBe(imds);
    expect(findAlertType("unknown", `[SAMPLE ALERT] ${imds}`)?.id).toBe("K8S.NODE_ImdsCall");
    expect(findAlertType("K8S.NODE_New")).toBeUndefined();
  });

  it("knows every alert that a scenario expects of a sensor", () => {
    const simulated = attackProofs([], scenarios).filter(({ scenarios }) => scenarios.length > 0);
    expect(simulated.map(({ technique }) => technique.name)).toEqual(
      expect.arrayContaining([
        "Instance Metadata API",
        "Resource hijacking",
        "Network mapping",
        "List Kubernetes secrets",
      ]),
    );
  });
});

describe("the last proof of detection", () => {
  it("is the newest run's of each cluster, whether it detected or not", () => {
    const runs = [failed("r-1", 0), detected("r-2", 60), detected("r-3", 30, { cluster: other })];
    expect(proofsOf("MS-TA9033", ...runs)).toEqual(["proven aks-shop r-2", "proven aks-2 r-3"]);
    expect(proofsOf("MS-TA9033", ...runs, failed("r-4", 90))).toEqual([
      "missed aks-shop r-4",
      "proven aks-2 r-3",
    ]);
  });

  it("counts a run that detected one of several alerts about a technique", () => {
    const both = detected("r-1", 0, { verdicts: [missing(imds)] });
    expect(proofsOf("MS-TA9033", both)).toEqual(["proven aks-shop r-1"]);
  });

  it("is none by an alert that only looks like the run's", () => {
    const about = { type: "k8s.node_imdscall", title: imds, likely: true as const };
    expect(proofsOf("MS-TA9033", detected("r-1", 0, { sightings: [sighting(about)] }))).toEqual([]);
  });

  it("is none of what never started, has no cluster or was not expected there", () => {
    const unexpected = { ...missing(imds), verdict: "not-expected" as const };
    const runs = [
      detected("r-1", 0, { started: undefined }),
      detected("r-2", 0, { cluster: undefined, scenario: "sample-alerts" }),
      runOf({ id: "r-3", started: time(0), verdicts: [unexpected] }),
    ];
    expect(proofsOf("MS-TA9033", ...runs)).toEqual([]);
  });
});

describe("the layer for ATT&CK Navigator", () => {
  const words = { name: "N", description: "D", proven: "Proven", missed: "Missed", never: "Never" };
  const layer = navigatorLayer(attackProofs([detected("r-1", 0), failed("r-2", 1)], scenarios), 4, words);

  it("has the shape of the layer file format 4.5", () => {
    expect(layer).toMatchObject({ domain: "enterprise-attack", versions: { layer: "4.5" } });
    const [major, minor] = layer.versions.navigator.split(".").map(Number);
    expect(major! * 100 + minor!).toBeGreaterThanOrEqual(409);
    expect(layer.gradient.maxValue).toBeGreaterThan(layer.gradient.minValue);
    expect(layer.gradient.colors.length).toBeGreaterThanOrEqual(2);
    const ids = layer.techniques.map(({ techniqueID }) => techniqueID);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { techniqueID, metadata, links, score } of layer.techniques) {
      expect(techniqueID).toMatch(/^T\d{4}(\.\d{3})?$/);
      for (const { name, value } of metadata) expect([name, value].every((one) => one.length > 0)).toBe(true);
      for (const { url } of links) expect(url).toMatch(/^https:\/\//);
      if (score !== undefined) expect(score).toBeLessThanOrEqual(100);
    }
  });

  it("scores the share of clusters, and leaves unscored what no run tried", () => {
    const proven = navigatorLayer(attackProofs([detected("r-1", 0)], scenarios), 4, words);
    const of = ({ techniques }: typeof layer, id: string) => techniques.find((one) => one.techniqueID === id);
    expect(of(proven, "T1552.005")).toMatchObject({ score: 25, metadata: [{ name: "aks-shop" }] });
    expect(of(layer, "T1552.005")?.score).toBe(0);
    expect(of(layer, "T1485")).toMatchObject({ metadata: [{ value: "Never" }] });
    expect(of(layer, "T1485")?.score).toBeUndefined();
  });
});
