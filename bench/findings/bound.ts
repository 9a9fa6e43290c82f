import { Agent, request } from "node:https";
import { partRows } from "../../src/azure/findings/kind.ts";
import { partOf, queryText } from "../../src/azure/graph/queries.ts";

const atOnce = 3;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

/**
 * The least that anybody must do who has these pages: receive them, parse each as JSON, and parse each distinct text of
 * details once. As many requests on their way as the product has.
 */
export async function receiveAndParse(base: string, rows: number): Promise<{ rows: number; bytes: number }> {
  const text = await queryText("findings-individual");
  const parts = Math.max(1, Math.ceil(rows / partRows));
  const known = new Set<string>();
  const sum = { rows: 0, bytes: 0 };
  let next = 0;
  const work = async () => {
    while (next < parts) {
      const body = await post(base, JSON.stringify({ query: partOf(text, next++, parts) }));
      sum.bytes += body.length;
      const page = JSON.parse(body.toString()) as { data: { rows: string[][] } };
      sum.rows += page.data.rows.length;
      for (const row of page.data.rows) {
        const details = row.at(-1)!;
        if (known.has(details)) continue;
        known.add(details);
        JSON.parse(details);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return sum;
}

function post(base: string, body: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const url = new URL("/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", base);
    const sent = request(url, { method: "POST", agent, headers: { "content-type": "application/json" } });
    sent.on("response", (answer) => {
      const buffer = Buffer.allocUnsafe(Number(answer.headers["content-length"]));
      let length = 0;
      answer.on("data", (chunk: Buffer) => {
        length += chunk.copy(buffer, length);
      });
      answer.on("end", () => resolve(buffer));
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
