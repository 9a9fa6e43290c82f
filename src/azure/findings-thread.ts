import { Worker } from "node:worker_threads";
import type { ParsedPage, RowKind } from "./findings-parser.ts";
import type { Names } from "./place.ts";
import { unreadableBody } from "./problem.ts";

export type Asked = { id: number; kind: RowKind; bytes: Uint8Array };
/** No page: the bytes were no JSON. */
export type Answered = { id: number; page?: ParsedPage };

/** What parses pages, in the order in which they are handed over. */
export type PageParser = {
  /** Takes the bytes away. Throws a retryable `UpstreamError` where they are no JSON. */
  read(kind: RowKind, bytes: Uint8Array): Promise<ParsedPage>;
  end(): Promise<void>;
};

/**
 * MB. A page becomes millions of short-lived characters: a small young generation collects them often, instead of
 * letting them pile up. The old one holds the texts that are known and one page at a time.
 */
const limits = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 512 };

/** Starts the thread. */
export function parsingThread(names: Names): PageParser {
  const worker = new Worker(new URL("./findings-worker.ts", import.meta.url), {
    workerData: names,
    resourceLimits: limits,
    name: "findings",
  });
  const waiting = new Map<number, PromiseWithResolvers<ParsedPage>>();
  let next = 0;
  let broken: Error | undefined;
  const fail = (error: Error) => {
    broken = error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  worker.on("message", ({ id, page }: Answered) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (page) asked?.resolve(page);
    else asked?.reject(unreadableBody(200));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread that parses findings has ended")));
  return {
    read(kind, bytes) {
      if (broken) return Promise.reject(broken);
      const asked = Promise.withResolvers<ParsedPage>();
      const message: Asked = { id: next++, kind, bytes };
      waiting.set(message.id, asked);
      worker.postMessage(message, [bytes.buffer as ArrayBuffer]);
      return asked.promise;
    },
    async end() {
      await worker.terminate();
    },
  };
}
