import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { field, list } from "../../src/azure/fields.ts";
import { readDefinition, readScore } from "../../src/azure/recommendations/secure-scores.ts";
import {
  combinedScore,
  type SecureScore,
  scoreEffects,
} from "../../src/domain/recommendations/secure-score.ts";
import {
  effectFact,
  effectParts,
  scoreFact,
  unscoredParts,
} from "../../src/message/recommendations/secure-score.ts";
import { textOf } from "../dispatch-parts.ts";
import { assessed } from "../recommendation-readings.ts";

const subscription = "20ff7fc3-e762-44dd-bd96-b71116dcdc23";
const items = (name: string) => {
  const file = new URL(`../examples/azure/security/2020-01-01/secureScores/${name}`, import.meta.url);
  return list(field(JSON.parse(readFileSync(file, "utf8")), "responses", "200", "body", "value"));
};
const controls = items("ListSecureScoreControlsForNameWithExpand_builtin_example.json");
/** What `secure-scores.kql` makes of one resource. */
const packed = (one: unknown, name = field(one, "name")) => [
  name,
  field(one, "properties", "score", "max"),
  field(one, "properties", "score", "current"),
  field(one, "properties", "healthyResourceCount") ?? null,
  field(one, "properties", "unhealthyResourceCount") ?? null,
  field(one, "properties", "weight"),
];

describe("Microsoft's published secure score is read as it is", () => {
  it("with the points and resources of each control", () => {
    const [score] = items("ListSecureScores_example.json");
    const parts = [...controls.map((one) => packed(one)), packed(score, "")];
    const read = readScore({ subscriptionId: subscription, parts }, new Map([[subscription, "Contoso"]]));
    expect(read).toMatchObject({
      subscription: { id: subscription, name: "Contoso" },
      max: 39,
      current: 23.53,
      weight: 67,
    });
    expect(read?.controls).toHaveLength(controls.length);
    expect(read?.controls[1]).toEqual({
      id: "34a42fb3-e6db-409c-b56b-7b1db6b8aee0",
      max: 10,
      current: 10,
      healthy: 1,
      unhealthy: 0,
    });
  });

  it("with the recommendations that a control counts, by their keys", () => {
    const one = controls[1];
    const row = {
      id: field(one, "name"),
      displayName: field(one, "properties", "displayName"),
      recommendations: JSON.stringify(
        field(one, "properties", "definition", "properties", "assessmentDefinitions"),
      ),
    };
    const { title, keys } = readDefinition(row);
    expect([title, keys.length, keys[0]]).toEqual(["Enable MFA", 9, "94290b00-4d0c-d7b4-7cea-064a9554e681"]);
  });

  it("and is none without a score of the subscription itself, or with nothing in it", () => {
    expect(
      readScore({ subscriptionId: subscription, parts: [["c", 6, 1, 1, 1, 1]] }, new Map()),
    ).toBeUndefined();
    expect(readScore({ subscriptionId: subscription, parts: null }, new Map())).toBeUndefined();
    expect(readScore({ subscriptionId: subscription, parts: [["", "x", null]] }, new Map())).toMatchObject({
      max: 0,
      current: 0,
    });
  });
});

const key = "remediate-me";
/** The example of Microsoft's page: 6 points over 78 resources, 4 of them healthy. */
const scoreOf = (id: string, more: Partial<SecureScore> = {}): SecureScore => ({
  subscription: { id, name: `Subscription ${id}` },
  max: 60,
  current: 29,
  weight: 1,
  controls: [{ id: "remediate", max: 6, current: 0.31, healthy: 4, unhealthy: 74 }],
  ...more,
});
const definitions = [{ id: "remediate", title: "Remediate vulnerabilities", keys: [key] }];
const affected = (count: number, subscription = "s1") =>
  Array.from({ length: count }, (_, index) => assessed("x", `aks-${index}`, { key, subscription }));
const effectOf = (scores: SecureScore[], unhealthy: ReturnType<typeof affected>) =>
  scoreEffects({ scores, definitions, unscored: [] })(unhealthy);

describe("what fixing a recommendation adds to the secure score", () => {
  it("is the control's points for a resource, for each affected resource", () => {
    const effect = effectOf([scoreOf("s1")], affected(13));
    expect(effect).toMatchObject({ kind: "gain", unknown: [] });
    if (effect.kind !== "gain") throw new Error();
    expect(effect.gains[0]?.points).toBeCloseTo(1, 10);
    expect(effect.percent).toBeCloseTo(100 / 60, 10);
  });

  it("is never more than what the control lacks, which is calculated later than recommendations", () => {
    const all = effectOf([scoreOf("s1")], affected(100));
    if (all.kind !== "gain") throw new Error();
    expect(all.gains[0]?.points).toBeCloseTo((74 * 6) / 78, 10);
    const done = scoreOf("s1", {
      controls: [{ id: "remediate", max: 6, current: 6, healthy: 3, unhealthy: 0 }],
    });
    expect(effectOf([done], affected(2))).toMatchObject({ gains: [{ points: 0 }], percent: 0 });
  });

  it("weighs subscriptions as Azure does, the greatest share first, and 0 as 1", () => {
    const scores = [scoreOf("s1", { weight: 0 }), scoreOf("s2", { weight: 3, current: 59 })];
    expect(combinedScore(scores)).toBeCloseTo(((29 / 60) * 100 + (59 / 60) * 300) / 4, 10);
    const effect = effectOf(scores, [...affected(13), ...affected(13, "s2")]);
    if (effect.kind !== "gain") throw new Error();
    expect(effect.gains.map(({ subscription }) => subscription.id)).toEqual(["s2", "s1"]);
    expect(effect.percent).toBeCloseTo(100 / 60, 10);
  });

  it("is none where no control counts it, or its control has no points", () => {
    expect(scoreEffects({ scores: [scoreOf("s1")], definitions: [], unscored: [] })([])).toEqual({
      kind: "none",
    });
    const other = affected(1).map((one) => ({ ...one, key: "other" }));
    expect(effectOf([scoreOf("s1")], other)).toEqual({ kind: "none" });
    const without = scoreOf("s1", {
      controls: [{ id: "remediate", max: 0, current: 0, healthy: 1, unhealthy: 1 }],
    });
    expect(effectOf([without], affected(1))).toEqual({ kind: "none" });
  });

  it("is unknown for subscriptions whose score was not read, and for all without the controls", () => {
    expect(effectOf([], affected(2, "s9"))).toEqual({ kind: "unknown", unknown: ["s9"] });
    expect(effectOf([scoreOf("s1")], [...affected(1), ...affected(1, "s9")])).toMatchObject({
      kind: "gain",
      unknown: ["s9"],
    });
  });
});

describe("the effect on the secure score is said", () => {
  const scores = {
    scores: [scoreOf("s1")],
    definitions,
    unscored: [
      { id: "s9", name: "Locked", detail: "" },
      { id: "s8", name: "Slow", detail: "HTTP 503" },
    ],
  };
  it("with its control, and what is unknown with the permission that may be missing", () => {
    const effect = scoreEffects(scores)([...affected(13), ...affected(1, "s9")]);
    expect(textOf(effectFact(effect, "en"))).toContain("+1.7% at most");
    const said = textOf(effectParts(effect, scores, "en"));
    expect(said).toContain(
      "Subscription s1: +1 points (+1.7%) · Remediate vulnerabilities, now 0.31 of 6, with 4 healthy and 74 unhealthy",
    );
    expect(said).toMatch(/unknown for Locked.*Microsoft\.Security\/secureScores\/read.*doctor/s);
    expect(said).not.toContain("Slow");
    expect(textOf(effectParts(effect, scores, "ja"))).toContain("6 点中 0.31 点");
  });

  it("as unknown with Azure's words where the reading failed, and small effects as small", () => {
    expect(textOf(unscoredParts(scores, "en"))).toContain("unknown for Slow: HTTP 503");
    expect(textOf(unscoredParts({ ...scores, definitions: [], unscored: [] }, "en"))).toContain(
      "Which recommendations count in the secure score couldn't be read",
    );
    expect(scoreFact({ ...scores, scores: [] }, "en")).toEqual(["Secure score", "Unknown"]);
    expect(scoreFact(scores, "en")).toEqual(["Secure score", "48.3%"]);
    const tiny = scoreEffects({ ...scores, scores: [scoreOf("s1", { max: 6000 })] })(affected(1));
    expect(effectFact(tiny, "en")[1]).toContain("< +0.1%");
    expect(effectFact({ kind: "none" }, "en")[1]).toContain("No effect");
  });
});
