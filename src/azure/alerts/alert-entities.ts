import type { AlertEntity } from "../../domain/alerts/alert.ts";
import { compact, field, list, record, someText, text, truth } from "../fields.ts";

const mostEntities = 50;
const mostFacts = 12;
/** References and Kubernetes objects are looked for among so many. */
const mostLooked = 1000;
/** Nesting below an entity in which `$id` is looked for; published alerts have one or two levels. */
const mostDepth = 6;
/** Fields that name an entity, the most telling first [Microsoft's alert schemas, entities reference]. */
const naming = [
  "name",
  "hostName",
  "address",
  "imageId",
  "imageName",
  "commandLine",
  "domainName",
  "url",
  "value",
  "displayName",
  "resourceName",
  "resourceId",
  "cloudResource",
  "image",
  "fileName",
  "processId",
];

/**
 * Entities of any kind, of which at most 50 are kept, with their own fields as facts. One that is only a reference
 * repeats an object of another entity, and is left out.
 */
export function readEntities(value: unknown): AlertEntity[] {
  const raw = list(value).slice(0, mostLooked);
  const references = referencesIn(raw);
  return raw
    .filter((entity) => referenceOf(entity) === "")
    .slice(0, mostEntities)
    .map((entity) => readEntity(entity, references))
    .filter((entity) => entity !== undefined);
}

type References = ReadonlyMap<string, unknown>;

/** Every object with an `$id`, at any depth: Azure also numbers objects inside an entity (`cloudResource`). */
function referencesIn(raw: readonly unknown[]): References {
  const references = new Map<string, unknown>();
  const waiting: { value: unknown; depth: number }[] = raw.map((value) => ({ value, depth: 0 }));
  // A list that grows while it is read: breadth first, so that whole entities come before what is inside them.
  for (let at = 0; at < waiting.length && at < mostLooked * 5; at++) {
    const { value, depth } = waiting[at]!;
    if (typeof value !== "object" || value === null) continue;
    const id = text(field(value, "$id"));
    if (id !== "" && !references.has(id)) references.set(id, value);
    if (depth < mostDepth)
      for (const inner of Object.values(value)) waiting.push({ value: inner, depth: depth + 1 });
  }
  return references;
}

/** The `$id` that an object refers to, where it is nothing but a reference; "" otherwise. */
function referenceOf(entity: unknown): string {
  const fields = record(entity);
  return Object.keys(fields).length === 1 ? text(field(fields, "$ref")) : "";
}

/** The object that is meant: itself, or the one that it refers to. */
function resolved(entity: unknown, references: References): unknown {
  const reference = referenceOf(entity);
  return reference === "" ? entity : references.get(reference);
}

function readEntity(entity: unknown, references: References): AlertEntity | undefined {
  if (typeof entity === "string")
    return entity.trim() ? { kind: "other", name: text(entity, 300), facts: [] } : undefined;
  const fields = record(entity);
  if (Object.keys(fields).length === 0) return undefined;
  const kind = text(field(fields, "type"), 60) || text(field(fields, "kind"), 60) || "other";
  const name = nameOf(fields, references);
  const facts: [string, string][] = [];
  for (const [key, value] of Object.entries(fields)) {
    if (facts.length === mostFacts) break;
    if (key.startsWith("$") || /^(type|kind)$/i.test(key)) continue;
    // Azure writes `Asset: false` into every entity that is none: it says nothing.
    if (/^asset$/i.test(key) && truth(value) === false) continue;
    const said = describe(value, references);
    if (said !== "" && said !== name) facts.push([text(key, 60), said]);
  }
  return { kind, name: name || kind, facts };
}

/** One value: a reference to another entity is that entity's name. */
function describe(value: unknown, references: References): string {
  const reference = text(field(value, "$ref"));
  if (reference !== "") return nameOf(references.get(reference), references, 1);
  if (Array.isArray(value) && value.every((part) => typeof part !== "object"))
    return text(value.slice(0, 50).join(", "), 300);
  return nameOf(value, references, 1) || scalars(value) || compact(value);
}

/** A small record in words: `countryCode: nl, city: …`. */
function scalars(value: unknown): string {
  const fields = Object.entries(record(value)).slice(0, 10);
  const plain = fields.filter(([key, said]) => !key.startsWith("$") && text(said) !== "");
  return text(plain.map(([key, said]) => `${text(key, 60)}: ${text(said, 100)}`).join(", "), 300);
}

/** `depth` ends chains of references that lead back to themselves. */
function nameOf(entity: unknown, references: References, depth = 0): string {
  if (depth > 3) return "";
  for (const key of naming) {
    const value = field(entity, key);
    const named =
      typeof value === "object" && value !== null
        ? describeDeep(value, references, depth)
        : text(value, 300).replace(/^\/subscriptions\/.*\/([^/]+)$/i, "$1");
    if (named !== "") return named;
  }
  return "";
}

function describeDeep(value: object, references: References, depth: number): string {
  const reference = text(field(value, "$ref"));
  return nameOf(reference === "" ? value : references.get(reference), references, depth + 1);
}

/** Namespace, workload and cluster that Kubernetes entities name; `extended` where only that names them. */
export function kubernetesOf(value: unknown, extended: readonly [string, string][]) {
  const raw = list(value).slice(0, mostLooked);
  const references = referencesIn(raw);
  const entities = raw.map((entity) => resolved(entity, references));
  const named = (wanted: RegExp, ...path: string[]) => {
    for (const entity of entities) {
      if (!wanted.test(text(field(entity, "type")) || text(field(entity, "kind")))) continue;
      const at = path.length === 0 ? entity : field(entity, ...path);
      const named = typeof at === "string" ? text(at, 253) : describe(at, references);
      if (named !== "") return named;
    }
    return undefined;
  };
  const extendedFact = (wanted: RegExp) =>
    someText(extended.find(([key, said]) => wanted.test(key) && said !== "")?.[1], 253);
  return {
    namespace:
      named(/namespace$/i) ??
      named(/pod$|service-?account$|service$/i, "namespace") ??
      extendedFact(/^(kubernetes )?namespace( name)?$/i),
    workload:
      named(/pod$/i, "controller") ??
      named(/(deployment|daemon-?set|stateful-?set|job|controller|workload)$/i) ??
      named(/pod$/i) ??
      extendedFact(/^(kubernetes )?(controller|workload|deployment)( name)?$/i) ??
      extendedFact(/^(kubernetes )?pod( name)?$/i),
    cluster: named(/(k8s|kubernetes)-?cluster$/i) ?? extendedFact(/^(kubernetes |aks )?cluster( name)?$/i),
  };
}
