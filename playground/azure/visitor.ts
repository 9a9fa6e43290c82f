import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { AzureStandIn } from "./server.ts";

export type Reply = {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  body: unknown;
};
/** Speaks to the stand-in as any client on the wire does. */
export type Visitor = {
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Sends a query to Resource Graph. */
  query(query: string, options?: Record<string, unknown>, scope?: Record<string, unknown>): Promise<Reply>;
  close(): void;
};

async function token(azure: AzureStandIn): Promise<string> {
  const url = `${azure.identityEndpoint}?api-version=2019-08-01&resource=${azure.resourceManagerUrl}`;
  const answer = await fetch(url, { headers: { "X-IDENTITY-HEADER": azure.identityHeader } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

const graph = "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01";

/** A client with a token, that trusts the stand-in's authority and nothing else. Rejects where a connection breaks. */
export async function visit(azure: AzureStandIn): Promise<Visitor> {
  const agent = new Agent({ keepAlive: true, ca: readFileSync(azure.caPath) });
  const authorization = `Bearer ${await token(azure)}`;
  const call: Visitor["call"] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const url = new URL(path, azure.resourceManagerUrl);
      const sent = request(url, { method, agent, headers: { authorization, ...headers } }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part: Buffer) => parts.push(part));
        answer.on("error", reject);
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, body: json(text) });
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
  return {
    call,
    query: (query, options, scope) => call("POST", graph, { query, options, ...scope }),
    close: () => agent.destroy(),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
