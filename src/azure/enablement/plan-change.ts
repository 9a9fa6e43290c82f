import { knownExtensions } from "../../domain/catalogue/extensions.ts";
import type { PlannedStep, Values } from "../../domain/enablement/enablement.ts";
import { extensionValue, propertyValue } from "../../domain/enablement/plan-steps.ts";
import { extensionsAt } from "../../domain/enablement/wanted.ts";
import { readPlan } from "../coverage/read-plan.ts";
import { field, list, record, text, truth } from "../fields.ts";

const saying = (said: string) => ({ source: "pricings", said, at: "" });

/** The settings of a plan that a step is about, of `GET …/pricings/NAME` [Pricings 2024-01-01]. */
export function planValues(pricing: unknown, { after }: Pick<PlannedStep, "after">): Values {
  const state = readPlan(pricing, saying);
  const tier = !state.plan.known ? "unlisted" : state.plan.value === "on" ? "Standard" : "Free";
  const valueNow = (name: string) => {
    if (name === "pricingTier") return tier;
    return isExtension(name) ? extensionValue(state, name) : propertyValue(state, name);
  };
  return Object.fromEntries(Object.keys(after).map((name) => [name, valueNow(name)]));
}

/**
 * The body of a PUT that turns on what the step names. A plan that is turned on without a list turns on every extension
 * [Pricings 2024-01-01, example PutPricingByName], so all of them are listed: those that are on with their properties,
 * those that were not asked for as they are.
 */
export function planBody(pricing: unknown, { on, after }: PlannedStep): object {
  const properties = field(pricing, "properties");
  const listed = list(field(properties, "extensions"));
  const nameOf = (one: unknown) => text(field(one, "name"), 100);
  const turningOn = after.pricingTier !== undefined;
  const names = [
    ...listed.map(nameOf),
    ...Object.keys(after).filter(isExtension),
    ...(turningOn ? extensionsAt(on) : []),
  ];
  const wanted = Object.keys(after).filter((name) => !isExtension(name) && name !== "pricingTier");
  const unique = new Map(names.filter(Boolean).map((name) => [name.toLowerCase(), name]));
  const extensions = [...unique.values()].map((name) => {
    const there = listed.find((one) => nameOf(one).toLowerCase() === name.toLowerCase());
    const asked = Object.keys(after).some((one) => one.toLowerCase() === name.toLowerCase());
    const isOn = !turningOn && truth(field(there, "isEnabled")) === true;
    const more = { ...defaults(name, asked), ...record(field(there, "additionalExtensionProperties")) };
    const chosen = name === "ContainerSensor" ? { ...more, ...trueOf(wanted) } : more;
    return {
      name,
      isEnabled: asked || isOn ? "True" : "False",
      ...((asked || isOn) && Object.keys(chosen).length > 0 && { additionalExtensionProperties: chosen }),
    };
  });
  const subPlan = text(field(properties, "subPlan"), 50);
  const enforce = on.kind === "subscription" ? text(field(properties, "enforce"), 10) : "";
  return {
    properties: {
      pricingTier: "Standard",
      ...(subPlan && { subPlan }),
      ...(enforce && { enforce }),
      ...(extensions.length > 0 && { extensions }),
    },
  };
}

/** What Azure said of each extension that the step turns on and that failed: the answer is 200 all the same. */
export function failedExtensions(pricing: unknown, { after }: Pick<PlannedStep, "after">): Values {
  const failed = readPlan(pricing, saying).extensions.filter(
    ({ name, failure }) =>
      failure && Object.keys(after).some((one) => one.toLowerCase() === name.toLowerCase()),
  );
  return Object.fromEntries(failed.map(({ name, failure = "" }) => [name, failure]));
}

function isExtension(name: string): boolean {
  return knownExtensions.some((one) => one.name === name);
}

/** As the published example of one cluster has it [Pricings 2026-07-01]. */
function defaults(name: string, asked: boolean): Record<string, unknown> {
  return asked && name === "AgentlessVmScanning" ? { ExclusionTags: "[]" } : {};
}

function trueOf(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, "True"]));
}
