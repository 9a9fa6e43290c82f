import { keyOf } from "./assessments.ts";
import { type ControlFact, type StandardFact, standardFacts } from "./compliance-facts.ts";
import type { Estate, Resource } from "./estate.ts";
import { findingRows } from "./finding-rows.ts";
import { guid } from "./identifiers.ts";
import { recommendationFacts } from "./recommendation-facts.ts";

type State = "Passed" | "Failed" | "Skipped" | "Unsupported";
type Counts = { passed: number; failed: number; skipped: number };

const made = new WeakMap<Estate, { revision: number; rows: Resource[] }>();
const standardType = "Microsoft.Security/regulatoryComplianceStandards";
const controlType = `${standardType}/regulatoryComplianceControls`;
const assessmentType = `${controlType}/regulatoryComplianceAssessments`;

/**
 * Standards, controls and assessments as Defender derives them from the recommendations that the estate holds now
 * [regulatoryComplianceStandards, Controls and Assessments 2019-01-01-preview].
 */
export function complianceRows(estate: Estate): Resource[] {
  const known = made.get(estate);
  if (known?.revision === estate.revision) return known.rows;
  const judged = judge(estate);
  const derived = estate.standards.flatMap(({ subscriptionId, name }) => {
    const fact = standardFacts.find((one) => one.name === name);
    return fact ? standardRows(subscriptionId, fact, judged) : [];
  });
  const rows = [...derived, ...estate.complianceRows];
  made.set(estate, { revision: estate.revision, rows });
  return rows;
}

/** Resources in each state by `subscription/key of the assessment`, or of its category. */
function judge(estate: Estate): Map<string, Counts> {
  const judged = new Map<string, Counts>();
  for (const one of [...estate.assessments, ...findingRows(estate).assessments]) {
    const { status, metadata } = one.properties as {
      status: { code: string };
      metadata?: { recommendationCategory?: string };
    };
    const subscription = (one.id.split("/")[2] ?? "").toLowerCase();
    const category = metadata?.recommendationCategory;
    for (const key of [one.name, ...(category ? [category] : [])]) {
      const counts = judged.get(`${subscription}/${key}`) ?? { passed: 0, failed: 0, skipped: 0 };
      if (status.code === "Healthy") counts.passed++;
      else if (status.code === "Unhealthy") counts.failed++;
      else counts.skipped++;
      judged.set(`${subscription}/${key}`, counts);
    }
  }
  return judged;
}

function standardRows(
  subscription: string,
  { name, controls }: StandardFact,
  judged: ReadonlyMap<string, Counts>,
): Resource[] {
  const id = `/subscriptions/${subscription}/providers/${standardType}/${name}`;
  const below = controls.map((control) => controlRows(id, subscription, control, judged));
  const states = below.map(([control]) => control!.properties.state as State);
  const of = (state: State) => states.filter((one) => one === state).length;
  const properties = {
    state: states.includes("Failed") ? "Failed" : "Passed",
    passedControls: of("Passed"),
    failedControls: of("Failed"),
    skippedControls: of("Skipped"),
    unsupportedControls: of("Unsupported"),
  };
  return [{ id, name, type: standardType, properties }, ...below.flat()];
}

/** The control's row first. */
function controlRows(
  standard: string,
  subscription: string,
  { id: name, title, recommendations = [], category }: ControlFact,
  judged: ReadonlyMap<string, Counts>,
): Resource[] {
  const id = `${standard}/regulatoryComplianceControls/${name}`;
  const keys = recommendations.map((start) => {
    const fact = recommendationFacts.find((one) => one.name.startsWith(start))!;
    return { key: keyOf(fact), looked: keyOf(fact), description: fact.name, type: "Assessment" };
  });
  const categories = category
    ? [
        {
          key: guid(`category ${category}`),
          looked: category,
          description: category,
          type: "assessmentCategory",
        },
      ]
    : [];
  const assessments = [...keys, ...categories].map(({ key, looked, description, type }): Resource => {
    const counts = judged.get(`${subscription.toLowerCase()}/${looked}`) ?? {
      passed: 0,
      failed: 0,
      skipped: 0,
    };
    return {
      id: `${id}/regulatoryComplianceAssessments/${key}`,
      name: key,
      type: assessmentType,
      properties: {
        description,
        assessmentType: type,
        assessmentDetailsLink: `https://management.azure.com/subscriptions/${subscription}/providers/Microsoft.Security/securityStatuses/${key}`,
        state: stateOf(counts),
        passedResources: counts.passed,
        failedResources: counts.failed,
        skippedResources: counts.skipped,
      },
    };
  });
  const states = assessments.map((one) => one.properties.state);
  const of = (state: State) => states.filter((one) => one === state).length;
  const counts = { passed: of("Passed"), failed: of("Failed"), skipped: of("Skipped") };
  const control: Resource = {
    id,
    name,
    type: controlType,
    properties: {
      description: title,
      state: assessments.length === 0 ? "Unsupported" : stateOf(counts),
      passedAssessments: counts.passed,
      failedAssessments: counts.failed,
      skippedAssessments: counts.skipped,
    },
  };
  return [control, ...assessments];
}

function stateOf({ passed, failed }: Counts): State {
  return failed > 0 ? "Failed" : passed > 0 ? "Passed" : "Skipped";
}
