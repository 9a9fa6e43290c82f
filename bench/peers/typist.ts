import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** People who type commands, and what takes their answers: milliseconds until each has its own. */
export type Typist = {
  /** Says a line; resolves with the milliseconds until its answer, which is none that says "working". */
  say(url: string, text: string, user: string): Promise<number>;
  end(): void;
};

const patienceMs = 600_000;

export async function openTypist(secret: string): Promise<Typist> {
  const waiting = new Map<string, () => void>();
  let numbered = 0;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    response.end("ok");
    if (!/"text":"(Working on|\/defender [^"]*実行)/.test(body)) waiting.get(request.url ?? "")?.();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    async say(url, text, user) {
      const path = `/response/${numbered++}`;
      const answered = new Promise<void>((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`no answer to ${text}`)), patienceMs);
        waiting.set(path, () => {
          clearTimeout(late);
          waiting.delete(path);
          resolve();
        });
      });
      const body = new URLSearchParams({
        ...{ team_id: "T0BREAKWTR", channel_id: "C0SECURITY1", channel_name: "security" },
        ...{ user_id: user, command: "/defender", text, response_url: `${base}${path}` },
        trigger_id: `${Date.now()}.${path}`,
      }).toString();
      const time = String(Math.floor(Date.now() / 1000));
      const signature = createHmac("sha256", secret).update(`v0:${time}:${body}`).digest("hex");
      const started = performance.now();
      const { status } = await fetch(url, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-slack-request-timestamp": time,
          "x-slack-signature": `v0=${signature}`,
        },
        body,
      });
      if (status !== 200) throw new Error(`${text}: ${status}`);
      await answered;
      return performance.now() - started;
    },
    end: () => void server.close(),
  };
}
