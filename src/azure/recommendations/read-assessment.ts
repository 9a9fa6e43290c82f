import {
  findRecommendation,
  policyGuid,
  recommendationType,
} from "../../domain/catalogue/find-recommendation.ts";
import type { Assessment, RecommendationStatus } from "../../domain/recommendations/recommendation.ts";
import { readResourceId } from "../../domain/resource-id.ts";
import { readSeverity, type Severity } from "../../domain/severity.ts";
import { field, httpsLink, isoTime, text } from "../fields.ts";
import { type Names, placeOf } from "../place.ts";
import { plainText } from "./plain-text.ts";

/** What a recommendation means, by its key; the same for each resource that it is seen on. */
export type AssessmentMetadata = {
  title: string;
  severity: string;
  policy: string;
  description: string;
  remediation: string;
};

/** [Microsoft.Security/assessments 2021-06-01, AssessmentStatusCode]. */
const statuses: Record<string, RecommendationStatus> = {
  healthy: "healthy",
  unhealthy: "unhealthy",
  notapplicable: "not-applicable",
};
const isIndividual = /^(softwareupdate|serviceupgrade)$/i;
const containerKinds = /^(\.containerimage|k8s-container)$/i;
const containerIds =
  /\/providers\/microsoft\.(containerservice\/managedclusters|containerregistry\/registries|kubernetes\/connectedclusters)\/|\/resourcegroups\/mc_|\/virtualmachinescalesets\/aks-/i;

/**
 * One row of `queries/assessments.kql` with what is known of its key. Undefined where it does not concern containers
 * (the query takes whatever has the word in its title) or has no id.
 */
export function readAssessment(
  row: unknown,
  metadata: ReadonlyMap<string, AssessmentMetadata>,
  subscriptions: Names,
): Assessment | undefined {
  const id = text(field(row, "id"), 2000);
  if (id === "") return undefined;
  const [scope = ""] = id.split(/\/providers\/microsoft\.security\/assessments\//i);
  const key = (text(field(row, "name"), 200) || (id.split("/").at(-1) ?? id)).toLowerCase();
  const known = metadata.get(key);
  const category = text(field(row, "category"), 100);
  // Metadata has today's name, rows that of their last evaluation; but only the row of an individual one has the package.
  const names = [known?.title, text(field(row, "displayName"), 300)];
  const title = (isIndividual.test(category) ? names.reverse() : names).find(Boolean) ?? "";
  const policy = text(field(row, "policy"), 500) || known?.policy || "";
  const about = { key, policy, title, category };
  const listed = findRecommendation(about);
  const resource = readResource(row, scope, isIndividual.test(category));
  const own =
    containerKinds.test(resource.kind) ||
    containerIds.test(`${scope}/`) ||
    containerIds.test(`${resource.id}/`);
  if (!listed && !own && !/defender for (containers|kubernetes|container registries)/i.test(title))
    return undefined;
  const risk = readSeverity(field(row, "risk"));
  return {
    key,
    title: title || listed?.name || key,
    ...((policyGuid(policy) ?? listed?.policy) && { policy: policyGuid(policy) ?? listed?.policy }),
    type: recommendationType(about, resource.kind),
    severity: severityOf([field(row, "severity"), known?.severity, listed?.severity, field(row, "risk")]),
    ...(risk !== "unknown" && { risk }),
    status: readStatus(field(row, "status")),
    cause: [text(field(row, "cause"), 200), plainText(field(row, "reason"), 500)].filter(Boolean).join(": "),
    since: isoTime(field(row, "changed")) ?? isoTime(field(row, "firstSeen")),
    resource,
    place: placeOf(
      [resource.id, scope].filter((part) => part.startsWith("/")),
      subscriptions,
    ),
    description: known?.description ?? "",
    remediation: known?.remediation ?? "",
    portal: httpsLink(field(row, "link")) ?? httpsLink(field(row, "longLink")),
  };
}

/** The state of an assessment, in whatever letter case and with whatever between its words. */
export function readStatus(value: unknown): RecommendationStatus {
  const word = text(value)
    .replace(/[\s_-]/g, "")
    .toLowerCase();
  return statuses[word] ?? "unknown";
}

/** The first word that says something; an individual recommendation may have only its risk level. */
function severityOf(words: unknown[]): Severity {
  return words.map(readSeverity).find((severity) => severity !== "unknown") ?? "unknown";
}

/**
 * The asset: `NativeResourceId`, `ResourceId` or `Id`, else what the row's own id lies on. An image is named by
 * repository and digest, which stand in `resourceAdditionalData`: the id has the repository's slashes as dashes. So is
 * what a container's software is about; what is about the container itself names its pod.
 */
export function readResource(row: unknown, scope: string, individual: boolean): Assessment["resource"] {
  const details = field(row, "resource");
  const id =
    ["NativeResourceId", "ResourceId", "Id"].map((name) => text(field(details, name), 2000)).find(Boolean) ||
    scope;
  const image = field(row, "image");
  const repository =
    text(field(image, "RepositoryDetails", "RepositoryName"), 300) ||
    text(field(image, "RepositoryName"), 300) ||
    text(field(image, "Repo"), 300);
  const digest = text(field(image, "Digest"), 100).replace(/^(sha256:[0-9a-f]{12})[0-9a-f]+$/i, "$1");
  const pod = [text(field(image, "Namespace"), 100), text(field(image, "PodName"), 300)].filter(Boolean);
  const read = readResourceId(id);
  const kind =
    text(field(row, "resourceType"), 100).toLowerCase() ||
    text(field(details, "ResourceType"), 100).toLowerCase();
  const named = individual || /^\.containerimage$/.test(kind) || pod.length === 0 ? repository : "";
  return {
    id,
    name: named
      ? [repository, digest].filter(Boolean).join("@")
      : pod.join("/") || (read?.name ?? id.split("/").at(-1) ?? id),
    kind: containerKinds.test(kind) ? kind : (read?.type ?? kind),
  };
}

/** One row of `queries/assessment-metadata.kql`, or one item of the API's list; undefined without a key. */
export function readMetadata(value: unknown): [string, AssessmentMetadata] | undefined {
  const about = field(value, "properties") ?? value;
  const key = text(field(value, "name"), 200).toLowerCase();
  if (key === "") return undefined;
  return [
    key,
    {
      title: text(field(about, "displayName"), 300),
      severity: text(field(about, "severity"), 50),
      policy: text(field(about, "policy"), 500) || text(field(about, "policyDefinitionId"), 500),
      description: plainText(field(about, "description"), 3000),
      remediation:
        plainText(field(about, "remediation"), 3000) ||
        plainText(field(about, "remediationDescription"), 3000),
    },
  ];
}
