import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AzureStandIn, startAzure } from "../../playground/azure/server.ts";
import { estateOf } from "../../playground/estate/estate.ts";

const estate = estateOf({ subscriptions: 2, clusters: 2, alerts: 30 }, new Date("2026-11-23T12:00:00Z"));
let azure: AzureStandIn;

beforeAll(async () => {
  azure = await startAzure({ estate, pageSize: 4 });
});
afterAll(() => azure.stop());

/** Runs a module in a process of its own: NODE_EXTRA_CA_CERTS is read when a process starts. */
async function child(code: string): Promise<unknown> {
  const { PATH, HOME } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], {
    env: { PATH, HOME, ...azure.env },
    cwd: dirname(import.meta.dirname),
  });
  return JSON.parse(stdout);
}

const credential = (kind: string) =>
  `import { ${kind} } from "@azure/identity"; const credential = new ${kind}(); const endpoint = process.env.AZURE_RESOURCE_MANAGER_URL; const credentialScopes = [endpoint + "/.default"];`;

describe("Microsoft's own packages", () => {
  it("read Resource Graph in pages with DefaultAzureCredential", { timeout: 90_000 }, async () => {
    const code = `${credential("DefaultAzureCredential")}
      import { ResourceGraphClient } from "@azure/arm-resourcegraph";
      const client = new ResourceGraphClient(credential, { endpoint, credentials: { scopes: credentialScopes } });
      const query = "securityresources | where type =~ 'microsoft.security/locations/alerts' | project id | order by id asc";
      const ids = [];
      let skipToken;
      do {
        const page = await client.resources({ query, options: { top: 12, skipToken, resultFormat: "objectArray" } });
        ids.push(...page.data.map((row) => row.id));
        skipToken = page.skipToken;
      } while (skipToken);
      console.log(JSON.stringify(ids));`;
    expect(await child(code)).toEqual(estate.alerts.map((one) => one.id).sort());
  });

  it("list and change alerts with arm-security and a managed identity", { timeout: 90_000 }, async () => {
    const [first] = estate.subscriptions;
    const code = `${credential("ManagedIdentityCredential")}
      import { SecurityCenter } from "@azure/arm-security";
      const client = new SecurityCenter(credential, "${first?.subscriptionId}", { endpoint, credentialScopes });
      const names = [];
      for await (const alert of client.alerts.list()) names.push(alert.name);
      const pricing = await client.pricings.get("Containers");
      await client.alerts.updateSubscriptionLevelStateToDismiss("japaneast", names[0]);
      console.log(JSON.stringify({ names, tier: pricing.pricingTier }));`;
    const { names, tier } = (await child(code)) as { names: string[]; tier: string };
    const own = estate.alerts.filter((one) => one.id.startsWith(`${first?.id}/`));
    expect(names.sort()).toEqual(own.map((one) => one.name).sort());
    expect(tier).toBe("Standard");
    expect(own.filter((one) => one.properties.status === "Dismissed")).toHaveLength(1);
  });

  it("call newer api-versions through the plain pipeline", { timeout: 90_000 }, async () => {
    const code = `${credential("ManagedIdentityCredential")}
      import { createPipelineFromOptions, createDefaultHttpClient, createPipelineRequest, bearerTokenAuthenticationPolicy } from "@azure/core-rest-pipeline";
      const pipeline = createPipelineFromOptions({});
      pipeline.addPolicy(bearerTokenAuthenticationPolicy({ credential, scopes: credentialScopes }));
      const url = endpoint + "${estate.subscriptions[0]?.id}/providers/Microsoft.Security/pricings/Containers?api-version=2024-01-01";
      const answer = await pipeline.sendRequest(createDefaultHttpClient(), createPipelineRequest({ url }));
      console.log(JSON.stringify(JSON.parse(answer.bodyAsText).properties.extensions.map((one) => one.isEnabled)));`;
    expect(await child(code)).toEqual(["True", "True", "True", "True", "True"]);
  });

  it("do not trust it without its authority", { timeout: 90_000 }, async () => {
    const code = `console.log(JSON.stringify(await fetch("${azure.resourceManagerUrl}").then(() => "trusted", () => "refused")));`;
    const { PATH } = process.env;
    const args = ["--input-type=module", "--eval", code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { env: { PATH } });
    expect(JSON.parse(stdout)).toBe("refused");
  });
});
