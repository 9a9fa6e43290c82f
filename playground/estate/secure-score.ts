import { keyOf } from "./assessments.ts";
import type { Estate, Resource } from "./estate.ts";
import { guid } from "./identifiers.ts";
import { recommendationFacts } from "./recommendation-facts.ts";

/** Controls with their maximum [Defender docs, secure score], and how the names of container recommendations in them look. */
const controlFacts = [
  { title: "Enable MFA", max: 10, id: "34a42fb3-e6db-409c-b56b-7b1db6b8aee0" },
  { title: "Remediate vulnerabilities", max: 6, counts: /trusted registries|Azure Policy add-on/ },
  {
    title: "Manage access and permissions",
    max: 4,
    counts: /privilege|host namespaces|root|Role-Based|CAPSYSADMIN|API credentials/i,
  },
  { title: "Remediate security configurations", max: 4, counts: /AppArmor|HostPath/ },
  { title: "Encrypt data in transit", max: 4, counts: /HTTPS/ },
  {
    title: "Restrict unauthorized network access",
    max: 4,
    counts: /API server|network access|private link|host networking|allowed ports/,
  },
  { title: "Protect applications against DDoS attacks", max: 2, counts: /CPU and memory limits/ },
  { title: "Enable enhanced security features", max: 0, counts: /Defender profile/ },
].map(({ title, max, id = guid(`secure score control ${title}`), counts }) => ({
  id,
  title,
  max,
  keys: new Set(recommendationFacts.filter(({ name }) => counts?.test(name)).map(keyOf)),
}));
type ControlFact = (typeof controlFacts)[number];

const scoreType = "Microsoft.Security/secureScores";
const controlType = `${scoreType}/secureScoreControls`;
const made = new WeakMap<Estate, { revision: number; rows: Resource[] }>();

/** Score and controls of each subscription that is assessed [secureScores and secureScoreControls 2020-01-01]. */
export function secureScoreRows(estate: Estate): Resource[] {
  const known = made.get(estate);
  if (known?.revision === estate.revision) return known.rows;
  const bySubscription = Map.groupBy(estate.assessments, ({ id }) => (id.split("/")[2] ?? "").toLowerCase());
  const rows = [...bySubscription].flatMap(([subscription, some]) => rowsOf(subscription, some));
  made.set(estate, { revision: estate.revision, rows });
  return rows;
}

function rowsOf(subscription: string, assessments: readonly Resource[]): Resource[] {
  const id = `/subscriptions/${subscription}/providers/${scoreType}/ascScore`;
  const controls = controlFacts.map((fact) => controlRow(id, fact, assessments));
  const of = (which: "max" | "current") =>
    controls.reduce((sum, { properties }) => sum + (properties.score as Record<string, number>)[which]!, 0);
  const resources = new Set(assessments.map(({ id }) => id.split("/providers/Microsoft.Security/")[0])).size;
  const properties = {
    environment: "Azure",
    displayName: "ASC score",
    score: scoreOf(of("max"), of("current")),
    weight: resources,
  };
  return [{ id, name: "ascScore", type: scoreType, properties }, ...controls];
}

function controlRow(score: string, fact: ControlFact, assessments: readonly Resource[]): Resource {
  const about = assessments.filter(({ name }) => fact.keys.has(name));
  const states = [...Map.groupBy(about, ({ id }) => id.split("/providers/Microsoft.Security/")[0])].map(
    ([, some]) => {
      const codes = some.map(({ properties }) => (properties.status as { code: string }).code);
      return codes.find((code) => code === "Unhealthy") ?? codes.find((code) => code === "Healthy");
    },
  );
  const healthy = states.filter((state) => state === "Healthy").length;
  const unhealthy = states.filter((state) => state === "Unhealthy").length;
  const applies = healthy + unhealthy > 0;
  return {
    id: `${score}/secureScoreControls/${fact.id}`,
    name: fact.id,
    type: controlType,
    properties: {
      environment: "Azure",
      displayName: fact.title,
      healthyResourceCount: healthy,
      unhealthyResourceCount: unhealthy,
      notApplicableResourceCount: states.length - healthy - unhealthy,
      score: applies ? scoreOf(fact.max, (fact.max * healthy) / (healthy + unhealthy)) : scoreOf(0, 0),
      weight: healthy + unhealthy,
      definition: {
        id: `/providers/Microsoft.Security/secureScoreControlDefinitions/${fact.id}`,
        name: fact.id,
        type: "Microsoft.Security/secureScoreControlDefinitions",
        properties: {
          source: { sourceType: "BuiltIn" },
          displayName: fact.title,
          maxScore: fact.max,
          assessmentDefinitions: [...fact.keys].map((key) => ({
            id: `/providers/Microsoft.Security/assessmentMetadata/${key}`,
          })),
        },
      },
    },
  };
}

const scoreOf = (max: number, current: number) => ({
  max,
  current: Math.round(current * 100) / 100,
  percentage: max === 0 ? 0 : Math.round((current / max) * 10_000) / 10_000,
});
