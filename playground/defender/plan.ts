import type { Estate, Resource } from "../estate/estate.ts";

type Extension = { name?: string; isEnabled?: string };

/** Whether a plan covers a resource: its own, or that of its subscription; with an extension where one is asked for. */
export function planIsOn(estate: Estate, resource: Resource, extension?: string): boolean {
  const subscription = resource.id.split("/").slice(0, 3).join("/").toLowerCase();
  const at = (scope: string, names: RegExp) =>
    estate.pricings.filter(
      (one) =>
        one.id.toLowerCase().startsWith(`${scope}/providers/microsoft.security/`) && names.test(one.name),
    );
  const holds = (plan: Resource) =>
    plan.properties.pricingTier === "Standard" &&
    (extension === undefined ||
      ((plan.properties.extensions as Extension[] | undefined) ?? []).some(
        (one) => one.name === extension && /^true$/i.test(String(one.isEnabled)),
      ));
  const own = at(resource.id.toLowerCase(), /^Containers$/i);
  if (own.length > 0) return own.some(holds);
  const names =
    extension === "AgentlessVmScanning" ? /^(Containers|CloudPosture|VirtualMachines)$/i : /^Containers$/i;
  return at(subscription, names).some(holds);
}
