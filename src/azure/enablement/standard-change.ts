import { isCisAks } from "../../domain/compliance/standards.ts";
import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import type { ClusterStandard } from "../../domain/enablement/plan-input.ts";
import type { Client } from "../client/client.ts";
import { field, text } from "../fields.ts";
import type { Operations } from "../simulations/operations.ts";

/** [securityStandards and standardAssignments 2024-08-01] */
const version = "2024-08-01";

const security = (subscription: string) => `/subscriptions/${subscription}/providers/Microsoft.Security`;

type Standard = { id: string; key: string; name: string };

/** The newest CIS standard for AKS of a subscription, and whether one of them is assigned. */
export async function clusterStandard(client: Client, subscription: string): Promise<ClusterStandard> {
  const listed = (await client.list(`${security(subscription)}/securityStandards`, version))
    .map(readStandard)
    .filter(({ id, name }) => id !== "" && isCisAks(name))
    .sort((a, b) => b.name.localeCompare(a.name, "en", { numeric: true }));
  const assigned = await assignedKeys(client, subscription);
  const there = listed.find(({ key }) => assigned.has(key));
  const [newest] = listed;
  return {
    ...(there && { assigned: there.name }),
    ...(newest && { offered: { id: newest.id, name: newest.name } }),
  };
}

function readStandard(value: unknown): Standard {
  const id = text(field(value, "id"), 2000);
  return { id, key: keyOf(id), name: text(field(value, "properties", "displayName"), 200) };
}

async function assignedKeys(client: Client, subscription: string): Promise<Set<string>> {
  const all = await client.list(`${security(subscription)}/standardAssignments`, version);
  const audits = all.filter(
    (one) => !/^(exempt|attest)$/i.test(text(field(one, "properties", "effect"), 50)),
  );
  return new Set(audits.map((one) => keyOf(text(field(one, "properties", "assignedStandard", "id"), 2000))));
}

/** A standard has the same key under each scope. */
function keyOf(id: string): string {
  return (id.split("/").at(-1) ?? "").toLowerCase();
}

export async function standardValues(client: Client, step: PlannedStep): Promise<Values> {
  const assigned = await assignedKeys(client, step.subscription.id);
  const value = assigned.has(keyOf(step.standard ?? "")) ? "assigned" : "none";
  return Object.fromEntries(Object.keys(step.after).map((name) => [name, value]));
}

/** Assigns it under its own key, as the published example does. */
export async function assignStandard(operations: Operations, step: PlannedStep): Promise<void> {
  const [displayName = ""] = Object.keys(step.after);
  const path = `${security(step.subscription.id)}/standardAssignments/${keyOf(step.standard ?? "")}`;
  await operations.callOnce("PUT", path, version, {
    properties: {
      displayName,
      description: "Assigned by Breakwater",
      assignedStandard: { id: step.standard },
      effect: "Audit",
      excludedScopes: [],
    },
  });
}
