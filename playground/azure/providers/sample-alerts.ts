import type { Defender } from "../../defender/defender.ts";
import { isRecord } from "../../kubernetes/object.ts";
import { failure } from "../errors.ts";
import type { Route } from "../routes.ts";

const bundles =
  "AppServices DNS KeyVaults KubernetesService ResourceManager SqlServers StorageAccounts VirtualMachines CosmosDbs".split(
    " ",
  );
const location = "/subscriptions/{subscription}/providers/Microsoft.Security/locations";
const home = "centralus";

/** Sample alerts [alerts 2022-01-01, simulate], and the location that Defender keeps a subscription's alerts in. */
export function sampleAlertRoutes(defender: Defender): Route[] {
  const place = (subscription: string) => ({
    id: `/subscriptions/${subscription}/providers/Microsoft.Security/locations/${home}`,
    name: home,
    type: "Microsoft.Security/locations",
    properties: { homeRegionName: home },
  });
  return [
    {
      method: "GET",
      path: location,
      versions: ["2015-06-01-preview"],
      action: "Microsoft.Security/locations/read",
      handle: ({ params }) => ({ status: 200, body: { value: [place(params.subscription!)] } }),
    },
    {
      method: "POST",
      path: `${location}/{location}/alerts/default/simulate`,
      versions: ["2021-11-01", "2022-01-01"],
      action: "Microsoft.Security/locations/alerts/simulate/action",
      handle: ({ body, params, estate, base, url }) => {
        const properties = isRecord(body) && isRecord(body.properties) ? body.properties : {};
        const asked = Array.isArray(properties.bundles) ? properties.bundles.map(String) : [];
        if (
          properties.kind !== "Bundles" ||
          asked.length === 0 ||
          asked.some((one) => !bundles.includes(one))
        )
          return failure(400, "InvalidRequest", "The request body is not a valid alert simulation.");
        const wanted = params.subscription!.toLowerCase();
        defender.sample(
          estate.subscriptions.find((one) => one.subscriptionId.toLowerCase() === wanted)!,
          asked,
        );
        const headers = { Location: new URL(`${url.pathname}Results/default${url.search}`, base).href };
        return { status: 202, headers };
      },
    },
    {
      method: "GET",
      path: `${location}/{location}/alerts/default/simulateResults/default`,
      versions: ["2021-11-01", "2022-01-01"],
      handle: () => ({ status: 200 }),
    },
  ];
}
