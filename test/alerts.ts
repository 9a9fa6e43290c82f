import type { Alert } from "../src/domain/alerts/alert.ts";

/** An alert as the readers of src/azure make them, for tests of what is done with it. */
export function alertOf(id: string, about: Partial<Alert> = {}): Alert {
  return {
    id,
    resource: `/subscriptions/s1/providers/Microsoft.Security/locations/westeurope/alerts/${id}`,
    type: "K8S.NODE_ImdsCall",
    title: "Access to cloud metadata service detected",
    description: "A container asked the instance metadata service for a token.",
    severity: "medium",
    state: "active",
    place: { subscription: { id: "s1", name: "prod-east" }, resourceGroup: "rg-shop", cluster: "aks-shop" },
    compromisedEntity: "aks-shop",
    start: "2026-11-23T07:50:00.000Z",
    end: "2026-11-23T07:51:00.000Z",
    generated: "2026-11-23T07:55:00.000Z",
    tactics: ["CredentialAccess"],
    techniques: ["T1552"],
    remediation: ["Restrict access to the metadata service."],
    entities: [],
    entityCount: 1,
    extended: [],
    portal: `https://portal.azure.com/#alert/${id}`,
    sample: false,
    whole: true,
    ...about,
  };
}
