import type {
  AffectedObject,
  AffectedObjects,
  Assessment,
} from "../../domain/recommendations/recommendation.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { field, isoTime, list, text } from "../fields.ts";

const apiVersion = "2019-10-01";
const path = "providers/Microsoft.PolicyInsights/policyStates/latest/queryResults";
/** `*` is the type of what has no kind [policyStates, $expand=components]. */
const violating = "components($filter=complianceState eq 'NonCompliant' and type ne '*')";
const mostClusters = 10;
const atOnce = 4;
const mostAssignments = 3;
const mostObjects = 500;

/** The affected objects part of the port: asked only when a person opens one recommendation. */
export function affectedObjectsReader(client: Client) {
  return async (clusters: readonly Assessment[]): Promise<AffectedObjects> => {
    const asked = clusters.slice(0, mostClusters);
    const unread: AffectedObjects["unread"] = [];
    const pages = await each(
      asked,
      async ({ resource: { id, name }, policy }): Promise<AffectedObject[]> => {
        try {
          return policy ? await objectsOf(client, { id, name, policy }) : [];
        } catch (error) {
          unread.push(unreadOf({ id, name }, error));
          return [];
        }
      },
      atOnce,
    );
    const objects = pages.flatMap((some) => some.slice(0, mostObjects));
    const left = pages.reduce((sum, { length }) => sum + length, 0) - objects.length;
    return { objects, left, asked: asked.length, unread };
  };
}

async function objectsOf(client: Client, cluster: { id: string; name: string; policy: string }) {
  const definition = `policyDefinitionId eq '/providers/Microsoft.Authorization/policyDefinitions/${cluster.policy}'`;
  const ask = ($filter: string) =>
    client.query(`${cluster.id}/${path}`, apiVersion, { $filter, $expand: violating });
  const states = (await ask(definition)).filter((state) => violates(state, cluster.policy));
  // The published examples name the assignment wherever they expand: asked so where nothing was expanded.
  const unexpanded = states.filter((state) => field(state, "components") === undefined);
  const assignments = new Set(unexpanded.map((state) => text(field(state, "policyAssignmentId"), 1000)));
  const again = await each(
    [...assignments].filter(Boolean).slice(0, mostAssignments),
    (assignment) => ask(`policyAssignmentId eq '${assignment.replaceAll("'", "''")}' and ${definition}`),
    1,
  );
  const objects = [...states, ...again.flat()]
    .flatMap((state) => list(field(state, "components")))
    .map((component) => readComponent(component, cluster.name))
    .filter((object) => object !== undefined);
  // Several assignments of one policy each name the same object.
  const distinct = new Map(objects.map((object) => [`${object.kind} ${object.name}`, object]));
  return [...distinct.values()];
}

/** What is asked for may not be what is answered: a filter that was not understood answers everything. */
function violates(state: unknown, policy: string): boolean {
  const named =
    text(field(state, "policyDefinitionId"), 1000) || text(field(state, "policyDefinitionName"), 200);
  const compliant = /^compliant$/i.test(text(field(state, "complianceState"), 50));
  return named.toLowerCase().endsWith(policy) && !compliant;
}

/** One component of a policy state [PolicyStates_QueryResourceScopeExpandComponents, 2019-10-01]. */
function readComponent(component: unknown, cluster: string): AffectedObject | undefined {
  const kind = text(field(component, "type"), 100);
  const short = text(field(component, "name"), 300);
  const id = text(field(component, "id"), 500).replace(/^\//, "");
  const name = id.includes(short) ? id || short : short;
  const state = text(field(component, "complianceState"), 50);
  if (name === "" || kind === "*" || !/^noncompliant$/i.test(state)) return undefined;
  return { cluster, kind, name, evaluated: isoTime(field(component, "timestamp")) };
}
