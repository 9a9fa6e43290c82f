import { getCACertificates } from "node:tls";
import { Worker } from "node:worker_threads";
import type { PipelineRequest } from "@azure/core-rest-pipeline";
import { unreadableBody } from "../client/problem.ts";
import type { Names } from "../place.ts";
import type { PageReader } from "./pages.ts";
import type { ParsedPage, RowKind } from "./parser.ts";
import type { NodeGroups } from "./read-artifact.ts";
import type { Received, Request } from "./receive.ts";

/** What the thread is started with. `authorities`: those that this thread trusts. */
export type Given = { names: Names; nodeGroups: NodeGroups; authorities: string[] };
export type Sent = { id: number; kind: RowKind; request: Request };
export type Asked = Sent | { cancel: number };
/** `taken`: undefined where the body was no JSON. */
export type Answered = { id: number } & (
  | Received<ParsedPage | undefined>
  | { error: { name: string; message: string; code: string } }
);

/**
 * MB. A page becomes millions of short-lived characters: a small young generation collects them often, instead of
 * letting them pile up. The old one holds the texts that are known and one page at a time.
 */
const limits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 };

/** Starts a thread that sends the requests for pages and parses their answers, so that neither holds up this one. */
export function readingThread(names: Names, nodeGroups: NodeGroups): PageReader {
  const given: Given = { names, nodeGroups, authorities: getCACertificates("default") };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: given,
    resourceLimits: limits,
    name: "findings",
  });
  const waiting = new Map<number, PromiseWithResolvers<Answered>>();
  let next = 0;
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const tell = (asked: Asked) => worker.postMessage(asked);
  worker.on("message", (answered: Answered) => {
    waiting.get(answered.id)?.resolve(answered);
    waiting.delete(answered.id);
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread that reads findings has ended")));

  async function answerTo(kind: RowKind, { abortSignal, ...about }: PipelineRequest): Promise<Answered> {
    if (broken) throw broken;
    const { url, method, headers, body } = about;
    const id = next++;
    const answered = Promise.withResolvers<Answered>();
    const cancel = () => tell({ cancel: id });
    waiting.set(id, answered);
    abortSignal?.addEventListener("abort", cancel);
    tell({ id, kind, request: { url, method, headers: headers.toJSON(), body: body as string } });
    try {
      return await answered.promise;
    } finally {
      abortSignal?.removeEventListener("abort", cancel);
    }
  }

  return {
    async read(kind, post) {
      const { createHttpHeaders } = await import("@azure/core-rest-pipeline");
      let page: ParsedPage | undefined;
      const { headers } = await post({
        async sendRequest(request) {
          const answered = await answerTo(kind, request);
          if ("error" in answered) throw Object.assign(new Error(), answered.error);
          const said = { request, status: answered.status, headers: createHttpHeaders(answered.headers) };
          if ("text" in answered) return { ...said, bodyAsText: answered.text };
          page = answered.taken;
          return said;
        },
      });
      if (!page) throw unreadableBody(200);
      return { headers, page };
    },
    async end() {
      await worker.terminate();
    },
  };
}
