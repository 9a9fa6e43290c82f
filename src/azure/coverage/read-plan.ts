import { knownExtensions } from "../../domain/catalogue/extensions.ts";
import type { ExtensionState, OtherPlan, PlanState, Switch } from "../../domain/coverage/coverage.ts";
import type { Evidence, Known } from "../../domain/reading/reading.ts";
import { field, isoTime, list, record, someText, text, truth } from "../fields.ts";

/** Says what Azure said, as evidence: `source` is the call, `at` when it answered. */
export type Saying = (said: string) => Evidence;

const mostExtensions = 50;
const extensionNames = knownExtensions.map(({ name }) => ({ name, lower: name.toLowerCase() }));

/**
 * The Containers plan among the pricings of a scope [Pricings 2024-01-01: pricingTier `Free` or `Standard`, booleans
 * are the texts "True" and "False"]. `pricing` may be nothing: then all of it is unknown.
 */
export function readPlan(pricing: unknown, saying: Saying): PlanState {
  const properties = field(pricing, "properties");
  const plan = readTier(properties, saying);
  const inherited = truth(field(properties, "inherited")) === true;
  return {
    plan,
    extensions: readExtensions(field(properties, "extensions"), plan, saying),
    enabledSince: isoTime(field(properties, "enablementTime")),
    ...(inherited && { inheritedFrom: text(field(properties, "inheritedFrom"), 500) || "a parent scope" }),
    ...(someText(field(properties, "managedBy"), 200) && {
      managedBy: text(field(properties, "managedBy"), 200),
    }),
  };
}

function readTier(properties: unknown, saying: Saying): Known<Switch> {
  const tier = text(field(properties, "pricingTier"), 50);
  const evidence = saying(`pricingTier: ${tier || "none"}`);
  return /^(standard|free)$/i.test(tier)
    ? { known: true, value: /^standard$/i.test(tier) ? "on" : "off", evidence }
    : { known: false, why: "Azure named no tier of the plan", evidence };
}

/** A plan about which nothing could be read, and why. */
export function unknownPlan(why: string, saying: Saying): PlanState {
  const unknown: Known<Switch> = { known: false, why, evidence: saying(why) };
  return {
    plan: unknown,
    extensions: extensionNames.map(({ name }) => ({ name, state: unknown, properties: {} })),
  };
}

/** The five that the documentation names, whether Azure lists them or not, then those never seen before. */
function readExtensions(value: unknown, plan: Known<Switch>, saying: Saying): ExtensionState[] {
  const listed = list(value)
    .slice(0, mostExtensions)
    .map((extension) => {
      const name = text(field(extension, "name"), 100);
      return { name, lower: name.toLowerCase(), extension };
    });
  const states = extensionNames.map(({ name, lower }) => {
    const known = listed.find((one) => one.lower === lower);
    return known ? readExtension(name, known.extension, saying) : unlisted(name, plan, saying);
  });
  const others = listed.filter(
    ({ lower }) => lower !== "" && !extensionNames.some((one) => one.lower === lower),
  );
  return [...states, ...others.map(({ name, extension }) => readExtension(name, extension, saying))];
}

/** An extension of a plan that is off is off, whether Azure lists it or not. */
function unlisted(name: string, plan: Known<Switch>, saying: Saying): ExtensionState {
  const off = plan.known && plan.value === "off";
  const evidence = saying(off ? "the plan is off" : `extensions: no ${name}`);
  const state: Known<Switch> = off
    ? { known: true, value: "off", evidence }
    : { known: false, why: "not among the extensions that Azure listed", evidence };
  return { name, state, properties: {} };
}

function readExtension(name: string, extension: unknown, saying: Saying): ExtensionState {
  const enabled = truth(field(extension, "isEnabled"));
  const said = `${name}: isEnabled ${text(field(extension, "isEnabled"), 20) || "none"}`;
  const state: Known<Switch> =
    enabled === undefined
      ? { known: false, why: "Azure did not say whether it is on", evidence: saying(said) }
      : { known: true, value: enabled ? "on" : "off", evidence: saying(said) };
  const failed = /^failed$/i.test(text(field(extension, "operationStatus", "code")));
  const failure = text(field(extension, "operationStatus", "message"), 300) || "Failed";
  const properties = Object.entries(record(field(extension, "additionalExtensionProperties")))
    .slice(0, 20)
    .map(([key, value]) => [text(key, 100), text(value, 300)] as const);
  return { name, state, ...(failed && { failure }), properties: Object.fromEntries(properties) };
}

/**
 * Plans besides Containers that give some of the same features: Defender CSPM, Defender for Servers in its second plan,
 * and Foundational CSPM [Defender for Cloud docs, containers support matrix]. Those that Azure does not list are left out.
 */
export function readOverlapping(pricings: readonly unknown[], saying: Saying): OtherPlan[] {
  return (["CloudPosture", "VirtualMachines", "FoundationalCspm"] as const).flatMap((name) => {
    const pricing = pricings.find((one) => text(field(one, "name")).toLowerCase() === name.toLowerCase());
    if (pricing === undefined) return [];
    const properties = field(pricing, "properties");
    const sayingName: Saying = (said) => saying(`${name}: ${said}`);
    const tier = readTier(properties, sayingName);
    const plan = name === "VirtualMachines" ? secondPlan(tier, properties, sayingName) : tier;
    const extensions = list(field(properties, "extensions"))
      .slice(0, mostExtensions)
      .map((one) => readExtension(text(field(one, "name"), 100), one, sayingName));
    return [{ name, plan, extensions }];
  });
}

/** Only the second plan of Defender for Servers scans machines without an agent. */
function secondPlan(tier: Known<Switch>, properties: unknown, saying: Saying): Known<Switch> {
  if (!tier.known || tier.value === "off") return tier;
  const subPlan = text(field(properties, "subPlan"), 50);
  const evidence = saying(`subPlan: ${subPlan || "none"}`);
  if (subPlan === "") return { known: false, why: "Azure named no sub-plan", evidence };
  return { known: true, value: /^p2$/i.test(subPlan) ? "on" : "off", evidence };
}

/** True where a plan has its tier, and where it is on, its extensions: only then it needs no further question. */
export function tellsPlan(pricing: unknown): boolean {
  const properties = field(pricing, "properties");
  const tier = text(field(properties, "pricingTier"), 50);
  return /^free$/i.test(tier) || (/^standard$/i.test(tier) && Array.isArray(field(properties, "extensions")));
}

/**
 * True where single clusters may have a plan of their own that matters: Azure says "partially covered" or nothing, or
 * an extension is off, which one cluster may have switched on for itself. `listed`: Resource Graph, which lists plans of
 * clusters too, has this one and none below it.
 */
export function mayDiffer(pricing: unknown, listed = false): boolean {
  const properties = field(pricing, "properties");
  const uniform = /^(fully|not)covered$/i.test(text(field(properties, "resourcesCoverageStatus")));
  const isOn = /^standard$/i.test(text(field(properties, "pricingTier")));
  const off = list(field(properties, "extensions")).some((one) => truth(field(one, "isEnabled")) === false);
  return !uniform || (isOn && off && !listed);
}
