import type { Estate, Resource } from "../../estate/estate.ts";
import { extension, plan as newPlan, resourcePlan } from "../../estate/pricings.ts";
import { type Answer, failure, resourceNotFound } from "../errors.ts";
import type { Call, Route } from "../routes.ts";

const versions = ["2018-06-01", "2022-03-01", "2023-01-01", "2024-01-01", "2026-07-01"];
const marker = "/providers/Microsoft.Security/pricings/";
/** Fields by the api-version that brought them [S/Security/PricingsAPI]. */
const since2024 = ["enforce", "resourcesCoverageStatus", "inherited", "inheritedFrom"];
/** Who owns a plan: the Microsoft 365 side can [pricings 2026-07-01]. */
const since2026 = ["managedBy", "originatedFrom"];

const same = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

/** The plan as an api-version shows it: 2022-03-01 has no extensions, inheritance came with 2024-01-01. */
function shown(plan: Resource, version: string): Resource {
  const properties = Object.fromEntries(
    Object.entries(plan.properties).filter(
      ([name]) =>
        (version >= "2023-01-01" || name !== "extensions") &&
        (version >= "2024-01-01" || !since2024.includes(name)) &&
        (version >= "2026-07-01" || !since2026.includes(name)),
    ),
  );
  return { id: plan.id, name: plan.name, type: plan.type, properties };
}

function atScope(estate: Estate, scope: string): Resource[] {
  return estate.pricings.filter((one) => same(one.id.slice(0, one.id.lastIndexOf(marker)), scope));
}

/** The plan in force at one resource: its own, or its subscription's as inherited. Only some plans exist there. */
function inForce(estate: Estate, scope: string): Resource[] {
  const subscription = scope.split("/").slice(0, 3).join("/");
  const own = atScope(estate, scope);
  const inherited = atScope(estate, subscription)
    .filter((one) => one.name === "Containers" && !own.some((mine) => same(mine.name, one.name)))
    .map((one) => {
      const { enforce: _, resourcesCoverageStatus: __, ...properties } = one.properties;
      const id = `${scope}${marker}${one.name}`;
      return { ...one, id, properties: { ...properties, inherited: "True", inheritedFrom: subscription } };
    });
  return [...own, ...inherited];
}

const isResource = (scope: string) => scope.split("/").length > 4;

function plans({ estate, params }: Call): Resource[] | undefined {
  const scope = `/${params.scope}`;
  if (!isResource(scope)) return atScope(estate, scope);
  const exists = [...estate.clusters, ...estate.registries].some((one) => same(one.id, scope));
  return exists ? inForce(estate, scope) : undefined;
}

/** `$filter=name in (VirtualMachines,KeyVaults)`. */
function filtered(plansHere: Resource[], call: Call): Resource[] {
  const filter = call.url.searchParams.get("$filter") ?? call.url.searchParams.get("$Filter");
  const names = /name in \(([^)]*)\)/i.exec(filter ?? "")?.[1]?.split(",");
  if (!names) return plansHere;
  return plansHere.filter((one) => names.some((name) => same(name.trim().replace(/'/g, ""), one.name)));
}

const versionOf = (call: Call) => call.url.searchParams.get("api-version") ?? "";

function list(call: Call): Answer {
  const plansHere = plans(call);
  if (!plansHere) return resourceNotFound(`/${call.params.scope}`);
  // Pricings come in one piece: PricingList has no nextLink [Pricings 2024-01-01].
  return {
    status: 200,
    body: { value: filtered(plansHere, call).map((one) => shown(one, versionOf(call))) },
  };
}

function get(call: Call): Answer {
  const plansHere = plans(call)?.find((one) => same(one.name, call.params.name!));
  return plansHere
    ? { status: 200, body: shown(plansHere, versionOf(call)) }
    : resourceNotFound(call.url.pathname);
}

type Wanted = {
  properties?: { pricingTier?: string; subPlan?: string; extensions?: { name: string; isEnabled: string }[] };
};

/**
 * Extensions that the body does not name keep their state, and all are turned on where it names none of a plan that was
 * off [Pricings 2024-01-01, PutPricingByName]; each named one tells how its change went.
 */
function merged(
  estate: Estate,
  before: unknown,
  wanted: { name: string; isEnabled: string }[] | undefined,
  turnsOn: boolean,
) {
  const known = (before ?? []) as { name: string }[];
  if (!wanted) return turnsOn ? known.map(({ name }) => extension(name, true)) : known;
  const changed = wanted.map((one) => {
    const failed = one.isEnabled === "True" ? estate.extensionFailures[one.name] : undefined;
    return {
      ...known.find((old) => same(old.name, one.name)),
      ...one,
      operationStatus: failed
        ? { code: "Failed", message: failed }
        : { code: "Succeeded", message: "Successfully enabled extension" },
    };
  });
  return [...known.filter((one) => !wanted.some((other) => same(other.name, one.name))), ...changed];
}

function put(call: Call): Answer {
  const wanted = (call.body as Wanted | undefined)?.properties;
  if (wanted?.pricingTier !== "Standard" && wanted?.pricingTier !== "Free")
    return failure(400, "BadRequest", "pricingTier must be 'Free' or 'Standard'");
  const existing = plans(call);
  if (!existing) return resourceNotFound(`/${call.params.scope}`);
  const scope = `/${call.params.scope}`;
  const on = wanted.pricingTier === "Standard";
  const before = existing.find((one) => same(one.name, call.params.name!));
  if (!before) return resourceNotFound(call.url.pathname);
  const turnsOn = on && before.properties.pricingTier !== "Standard";
  const extensions = merged(call.estate, before.properties.extensions, wanted.extensions, turnsOn);
  const enablementTime = before.properties.enablementTime ?? call.now.toISOString();
  const made = isResource(scope) ? resourcePlan(scope, on, []) : newPlan(scope, before.name, on);
  Object.assign(
    made.properties,
    on ? { enablementTime, extensions } : {},
    wanted.subPlan ? { subPlan: wanted.subPlan } : {},
  );
  const at = call.estate.pricings.findIndex((one) => same(one.id, made.id));
  if (at < 0) call.estate.pricings.push(made);
  else call.estate.pricings[at] = made;
  call.estate.revision++;
  return { status: at < 0 ? 201 : 200, body: shown(made, versionOf(call)) };
}

/** Back to what the subscription has [Pricings 2024-01-01, DeleteResourcePricing]. */
function remove(call: Call): Answer {
  const id = `/${call.params.scope}${marker}${call.params.name}`;
  const at = call.estate.pricings.findIndex((one) => same(one.id, id));
  if (at < 0 || !isResource(`/${call.params.scope}`)) return { status: 204 };
  call.estate.pricings.splice(at, 1);
  call.estate.revision++;
  return { status: 200 };
}

const path = "/{scope*}/providers/Microsoft.Security/pricings";
export const pricingRoutes: Route[] = [
  { method: "GET", path, versions, action: "Microsoft.Security/pricings/read", handle: list },
  {
    method: "GET",
    path: `${path}/{name}`,
    versions,
    action: "Microsoft.Security/pricings/read",
    handle: get,
  },
  {
    method: "PUT",
    path: `${path}/{name}`,
    versions,
    action: "Microsoft.Security/pricings/write",
    handle: put,
  },
  {
    method: "DELETE",
    path: `${path}/{name}`,
    versions: ["2024-01-01", "2026-07-01"],
    action: "Microsoft.Security/pricings/delete",
    handle: remove,
  },
];
