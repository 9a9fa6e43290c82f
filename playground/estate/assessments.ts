import type { Estate, Resource } from "./estate.ts";
import { azureTime, draw, guid } from "./identifiers.ts";
import { containerAsset } from "./individual-rows.ts";
import { type RecommendationFact, recommendationFacts } from "./recommendation-facts.ts";

export const keyOf = (fact: RecommendationFact) => guid(`assessment ${fact.name}`);

/** Those that have a container-level version as well, which answers beside the cluster-level one. */
const perContainer = recommendationFacts.filter(({ name }) =>
  /^(Privileged containers|Running containers as root|Usage of host networking)/.test(name),
);
const containerKeyOf = (fact: RecommendationFact) => guid(`container-level ${fact.name}`);

/** Metadata of the container recommendations [assessmentMetadata 2021-06-01]. */
export function metadataOf(): Resource[] {
  return [
    ...recommendationFacts.map((fact) => metadata(fact, keyOf(fact))),
    // Assessed without the policy add-on, so without a policy.
    ...perContainer.map((fact) => metadata({ ...fact, policy: undefined }, containerKeyOf(fact))),
  ];
}

function metadata(fact: RecommendationFact, key: string): Resource {
  return {
    id: `/providers/Microsoft.Security/assessmentMetadata/${key}`,
    name: key,
    type: "Microsoft.Security/assessmentMetadata",
    properties: {
      displayName: fact.name,
      ...(fact.policy
        ? { policyDefinitionId: `/providers/Microsoft.Authorization/policyDefinitions/${fact.policy}` }
        : {}),
      description: `${fact.name}. Defender for Cloud checks this on every resource of the subscription.`,
      remediationDescription: `Open the resource and follow the steps of "${fact.name}".`,
      categories: ["Container"],
      severity: fact.severity,
      userImpact: "Low",
      implementationEffort: "Low",
      threats: ["AccountBreach", "DataExfiltration"],
      publishDates: { GA: "06/01/2021", public: "06/01/2021" },
      tactics: ["Execution", "Privilege Escalation"],
      techniques: ["Container Administration Command"],
      assessmentType: "BuiltIn",
    },
  };
}

function about(fact: RecommendationFact, resource: Resource): boolean {
  const isRegistry = resource.type.includes("ContainerRegistry");
  if (/Arc-enabled|Microsoft Defender for Containers/.test(fact.name)) return false;
  return /Container registries/.test(fact.name) === isRegistry;
}

/** What Defender would say of a resource; drawn where the resource does not decide it. */
function codeOf(fact: RecommendationFact, resource: Resource): "Healthy" | "Unhealthy" | "NotApplicable" {
  const profile = resource.properties.securityProfile as { defender?: unknown } | undefined;
  const addons = resource.properties.addonProfiles as { azurepolicy?: { enabled: boolean } } | undefined;
  if (/Defender profile enabled/.test(fact.name)) return profile?.defender ? "Healthy" : "Unhealthy";
  const policy = addons?.azurepolicy?.enabled ?? true;
  if (/Azure Policy add-on/.test(fact.name)) return policy ? "Healthy" : "Unhealthy";
  // Data plane recommendations are judged by the policy add-on: without it there is nothing to say.
  if (fact.type === "data-plane" && !policy) return "NotApplicable";
  const drawn = draw(`${resource.id} ${fact.name}`, 10);
  return drawn < 6 ? "Healthy" : drawn < 9 ? "Unhealthy" : "NotApplicable";
}

function status(code: string, resource: Resource, name: string, now: Date) {
  const days = 1 + draw(`${resource.id} ${name} age`, 90);
  const changed = azureTime(new Date(now.getTime() - days * 86_400_000));
  const why = {
    cause: "OffByPolicy",
    description:
      "The effective policy for the assessment was evaluated to off - use Microsoft.Authorization/policyAssignments to turn this assessment on",
  };
  return {
    code,
    ...(code === "NotApplicable" ? why : {}),
    statusChangeDate: changed,
    firstEvaluationDate: changed,
  };
}

/** Defender CSPM's risk level, of what is open to the internet [assessments, properties.risk]. */
function riskOf(fact: RecommendationFact, resource: Resource) {
  if (fact.severity !== "High" || codeOf(fact, resource) !== "Unhealthy") return {};
  const { enablePrivateCluster } = (resource.properties.apiServerAccessProfile ?? {}) as Record<
    string,
    unknown
  >;
  return enablePrivateCluster
    ? {}
    : { risk: { level: "Critical", riskFactors: ["Exposure to the internet"] } };
}

/** Every container recommendation on every cluster and registry of the estate, and their software updates. */
export function assessmentsOf(estate: Estate, now: Date): Resource[] {
  const resources = [...estate.clusters, ...estate.registries];
  const made = resources.flatMap((resource) =>
    recommendationFacts
      .filter((fact) => about(fact, resource))
      .map((fact) => ({
        id: `${resource.id}/providers/Microsoft.Security/assessments/${keyOf(fact)}`,
        name: keyOf(fact),
        type: "Microsoft.Security/assessments",
        properties: {
          resourceDetails: { source: "Azure", id: resource.id },
          displayName: fact.name,
          status: status(codeOf(fact, resource), resource, fact.name, now),
          ...riskOf(fact, resource),
          additionalData: {},
          links: {
            azurePortal: `https://portal.azure.com/#blade/Microsoft_Azure_Security/RecommendationsBlade/assessmentKey/${keyOf(fact)}`,
          },
        },
      })),
  );
  return made;
}

/** The newer generation of data plane recommendations: one row for each container [Defender docs, July 2026]. */
export function containerAssessmentsOf(estate: Estate, now: Date): Resource[] {
  return estate.contents.containers.flatMap((running) =>
    perContainer.map((fact) => {
      const { id, type, more } = containerAsset(estate, running);
      const name = containerKeyOf(fact);
      const code = draw(`${id} ${fact.name}`, 3) === 0 ? "Unhealthy" : "Healthy";
      return {
        id: `${id}/providers/Microsoft.Security/assessments/${name}`,
        name,
        type: "Microsoft.Security/assessments",
        properties: {
          resourceDetails: { source: "Azure", id, resourceType: type, nativeResourceId: id },
          displayName: fact.name,
          status: status(code, running.cluster, `container ${fact.name}`, now),
          additionalData: {},
          resourceAdditionalData: JSON.stringify(more),
        },
      };
    }),
  );
}
