import { items, text } from "../objects/read.ts";
import type { Resource } from "../objects/resources.ts";
import type { Answered, Ask, Transport } from "./transport.ts";
import { encodedVersion } from "./transport.ts";

/** Kinds that only tell of other objects: core and events.k8s.io serve the same ones. */
const ignored = new Set(["v1 events", "events.k8s.io/v1 events"]);

/**
 * Every kind that goes with its namespace, as the namespace controller finds them: namespaced, and with the verb
 * `delete` [Kubernetes, namespaced_resources_deleter]. All versions of a group are looked at: the preferred one need not
 * serve every kind.
 * @throws UpstreamError where any part of the discovery fails: then what is in a namespace is not known
 */
export async function deletableKinds(transport: Transport): Promise<Resource[]> {
  const get = (path: string): Ask => ({ kind: "get", path });
  const [core, groups] = await transport.ask([get("/api/v1"), get("/apis")]);
  const versions = items(bodyOf(groups), "groups").flatMap(versionsOf);
  const answers = await transport.ask(versions.map((one) => get(`/apis/${encodedVersion(one)}`)));
  const kinds = new Map<string, Resource>();
  for (const [index, version] of ["v1", ...versions].entries())
    for (const one of items(bodyOf(index === 0 ? core : answers[index - 1]), "resources")) {
      const name = text(one, ["name"]);
      const key = `${version.includes("/") ? version.split("/")[0] : ""}/${name}`;
      if (!goesWithNamespace(one) || ignored.has(`${version} ${name}`) || kinds.has(key)) continue;
      kinds.set(key, { apiVersion: version, kind: text(one, ["kind"]), name, namespaced: true });
    }
  return [...kinds.values()];
}

/** The versions of a group, its preferred one first. */
function versionsOf(group: unknown): string[] {
  const preferred = text(group, ["preferredVersion", "groupVersion"]);
  const all = items(group, "versions").map((one) => text(one, ["groupVersion"]));
  return [...new Set([preferred, ...all])].filter((one) => one !== "");
}

function goesWithNamespace(resource: unknown): boolean {
  const { namespaced, verbs } = (resource ?? {}) as { namespaced?: unknown; verbs?: unknown };
  // A name with a slash is that of a subresource.
  const isKind = /^[a-z0-9.-]+$/.test(text(resource, ["name"])) && text(resource, ["kind"]) !== "";
  return isKind && namespaced === true && Array.isArray(verbs) && verbs.includes("delete");
}

function bodyOf(answer: Answered | undefined): unknown {
  if (answer?.error) throw answer.error;
  return answer?.body;
}
