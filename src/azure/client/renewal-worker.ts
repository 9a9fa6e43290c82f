import { parentPort, workerData } from "node:worker_threads";
import { DefaultAzureCredential } from "@azure/identity";
import { identityOptions } from "./credential.ts";
import type { Got, Wanted } from "./renewal.ts";

/** The thread that asks for one token; it knows nothing of those that were there before. */
async function ask({ scopes, authorityHost }: Wanted): Promise<Got> {
  try {
    return { token: await new DefaultAzureCredential(identityOptions(authorityHost)).getToken(scopes) };
  } catch (error) {
    const { name, message, statusCode } = error as Error & { statusCode?: number };
    return { error: { name, message, statusCode } };
  }
}

parentPort?.postMessage(await ask(workerData as Wanted));
