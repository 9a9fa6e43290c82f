import { ResourceGraphClient } from "@azure/arm-resourcegraph";
import { DefaultAzureCredential } from "@azure/identity";
import { answering } from "../peer.ts";

/** Reads all pages of queries of Resource Graph together, through the bot's SDK, and does nothing with them. */
export type PlainRead = { queries: readonly string[] };
/** Milliseconds that it took. */
export type PlainReadTook = { ms: number };

const endpoint = process.env.AZURE_RESOURCE_MANAGER_URL;
const scopes = ["https://management.azure.com/.default"];
const credential = new DefaultAzureCredential();
const graph = new ResourceGraphClient(credential, { endpoint, credentials: { scopes } });
// As a bot that is ready: all is loaded, and the token is there.
await credential.getToken(scopes);

async function read(query: string): Promise<void> {
  for (let skipToken: string | undefined, first = true; first || skipToken; first = false) {
    const options = { resultFormat: "table", top: 1000, skipToken } as const;
    skipToken = (await graph.resources({ query, options })).skipToken;
  }
}

answering<PlainRead>(async ({ queries }): Promise<PlainReadTook> => {
  const started = performance.now();
  await Promise.all(queries.map(read));
  return { ms: performance.now() - started };
});
console.log("ready");
