import { readFileSync } from "node:fs";
import { request } from "node:https";

/** Reads all pages of queries of Resource Graph together, and does nothing with them but parse them; milliseconds that it took. */
export type PlainReader = (...queries: readonly string[]) => Promise<number>;

type Page = { $skipToken?: string };

/** @param env what a bot needs to find Azure */
export async function plainReader(env: Record<string, string>): Promise<PlainReader> {
  const ca = readFileSync(env.NODE_EXTRA_CA_CERTS!);
  const url = new URL(
    "/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01",
    env.AZURE_RESOURCE_MANAGER_URL,
  );
  const identity = `${env.IDENTITY_ENDPOINT}?api-version=2019-08-01&resource=https://management.azure.com`;
  const answer = await fetch(identity, { headers: { "X-IDENTITY-HEADER": env.IDENTITY_HEADER! } });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const ask = (body: string) =>
    new Promise<{ status: number; text: string; retryAfter: number }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      const sent = request(url, { method: "POST", ca, headers }, async (response) => {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += String(chunk);
        const retryAfter = Number(response.headers["retry-after"] ?? 1);
        resolve({ status: response.statusCode ?? 0, text, retryAfter });
      });
      sent.on("error", reject).end(body);
    });
  const read = async (query: string) => {
    for (let skipToken: string | undefined, first = true; first || skipToken; first = false) {
      const options = { resultFormat: "table", $top: 1000, ...(skipToken && { $skipToken: skipToken }) };
      const { status, text, retryAfter } = await ask(JSON.stringify({ query, options }));
      if (status === 429) {
        await new Promise((resolve) => setTimeout(resolve, retryAfter * 1000));
        first = !skipToken;
        continue;
      }
      if (status !== 200) throw new Error(`Resource Graph: ${status}`);
      skipToken = (JSON.parse(text) as Page).$skipToken;
    }
  };
  return async (...queries) => {
    const started = performance.now();
    await Promise.all(queries.map(read));
    return performance.now() - started;
  };
}
