import { Agent, request } from "node:https";
import { gunzipSync } from "node:zlib";
import { partRows } from "../../src/azure/findings/kind.ts";
import { namedCves, partOf, queryText, rowsAfter } from "../../src/azure/graph/queries.ts";

const atOnce = 3;
const agent = new Agent({ keepAlive: true, maxSockets: atOnce });

type Page = { data: { rows: string[][] }; $skipToken?: string };
/** What any reader keeps from one reading to the next: the CVEs that are known, and when they were asked for last. */
const kept = { cves: new Set<string>(), at: "" };

/**
 * The least that any reader of these findings must do: receive their pages, unpack them, parse each as JSON, and parse each
 * distinct text of details once; then the same with the details of CVEs that are not known yet, and of those that changed
 * since the last reading. As many requests on their way as the product has.
 */
export async function receiveAndParse(
  base: string,
  { rows, slot }: { rows: number; slot: string },
): Promise<{ rows: number; bytes: number }> {
  const parts = Math.max(1, Math.ceil(rows / partRows));
  const texts = new Set<string>();
  const fresh = new Set<string>();
  const sum = { rows: 0, bytes: 0 };
  const ask = async (query: string, token?: string): Promise<Page> => {
    const body = await post(
      base,
      JSON.stringify({ query, ...(token && { options: { $skipToken: token } }) }),
    );
    sum.bytes += body.length;
    return JSON.parse(body.toString()) as Page;
  };
  const query = await queryText("findings-individual");
  await each(parts, async (part) => {
    let token: string | undefined;
    do {
      const page = await ask(partOf(query, part, parts), token);
      sum.rows += page.data.rows.length;
      for (const row of page.data.rows) {
        const details = row.at(-1)!;
        if (texts.has(details)) continue;
        texts.add(details);
        for (const { CveId } of JSON.parse(details) as { CveId: string }[])
          if (!kept.cves.has(CveId)) fresh.add(CveId);
      }
      token = page.$skipToken;
    } while (token);
  });
  const [ids, named] = [[...fresh], await queryText("cve-details")];
  await each(Math.ceil(ids.length / 1000), (page) =>
    ask(namedCves(named, ids.slice(page * 1000, (page + 1) * 1000))),
  );
  if (kept.at) await ask(rowsAfter(await queryText("cve-details-changed"), kept.at));
  for (const id of ids) kept.cves.add(id);
  kept.at = slot;
  return sum;
}

async function each(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const some = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: atOnce }, some));
}

function post(base: string, body: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const url = new URL("/providers/Microsoft.ResourceGraph/resources?api-version=2022-10-01", base);
    const headers = { "content-type": "application/json", "accept-encoding": "gzip" };
    const sent = request(url, { method: "POST", agent, headers });
    sent.on("response", (answer) => {
      const buffer = Buffer.allocUnsafe(Number(answer.headers["content-length"]));
      let length = 0;
      answer.on("data", (chunk: Buffer) => {
        length += chunk.copy(buffer, length);
      });
      answer.on("end", () =>
        resolve(answer.headers["content-encoding"] ? gunzipSync(buffer, { chunkSize: 1 << 21 }) : buffer),
      );
      answer.on("error", reject);
    });
    sent.on("error", reject);
    sent.end(body);
  });
}
