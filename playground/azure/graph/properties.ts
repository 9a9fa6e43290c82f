import type { Estate, Resource } from "../../estate/estate.ts";
import type { Value } from "../kusto/values.ts";

const names = new Map<string, string>();

function pascal(name: string): string {
  const known = names.get(name);
  if (known) return known;
  const made = name.charAt(0).toUpperCase() + name.slice(1);
  if (names.size > 10_000) names.clear();
  names.set(name, made);
  return made;
}

function pascalKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pascalKeys);
  if (typeof value !== "object" || value === null) return value;
  const made: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) made[pascal(name)] = pascalKeys(one);
  return made;
}

/** Bags whose keys are the alert's own words, not fields. */
const verbatim = new Set(["extendedProperties", "supportingEvidence"]);

/**
 * An alert's properties as Resource Graph has them: PascalCase, in ResourceIdentifiers and Entities too, while the
 * alerts API has camelCase [Defender workbooks query `ResourceIdentifiers` for `"AzureResourceId"`].
 */
export function alertProperties(properties: Record<string, unknown>): Value {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(properties))
    made[pascal(name)] = verbatim.has(name) ? value : pascalKeys(value);
  return made;
}

/** An assessment's properties in Resource Graph: with its metadata, and `resourceDetails` in PascalCase. */
export function assessmentProperties(estate: Estate, assessment: Resource): Value {
  const given = assessment.properties.resourceDetails as Record<string, unknown>;
  const details = (assessment.camelCase ? given : pascalKeys(given)) as Record<string, unknown>;
  const [, , , , , , provider = "", type = "", name = ""] = String(details.Id ?? details.id ?? "").split("/");
  return {
    ...assessment.properties,
    resourceDetails: {
      ...(!assessment.camelCase && { ResourceType: type.toLowerCase() }),
      ResourceProvider: provider.toLowerCase(),
      ResourceName: name,
      ...details,
    },
    metadata: metadataOf(estate, assessment.name) ?? assessment.properties.metadata ?? null,
  };
}

const indexes = new WeakMap<readonly Resource[], Map<string, Resource>>();

function metadataOf(estate: Estate, key: string): Record<string, unknown> | undefined {
  const list = estate.assessmentsMetadata;
  let index = indexes.get(list);
  if (!index || index.size !== list.length) {
    index = new Map(list.map((one) => [one.name, one]));
    indexes.set(list, index);
  }
  return index.get(key)?.properties;
}
