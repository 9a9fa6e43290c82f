import { Worker } from "node:worker_threads";
import { unreadableBody } from "../client/problem.ts";
import type { Names } from "../place.ts";
import type { ParsedPage, RowKind } from "./parser.ts";
import type { NodeGroups } from "./read-artifact.ts";
import type { Room } from "./receive.ts";

export type Asked = { id: number; kind: RowKind; bytes: Uint8Array };
/** No page: the bytes were no JSON. `room`: the buffer that they came in, to be used again. */
export type Answered = { id: number; room: ArrayBuffer; page?: ParsedPage };

/** What parses pages, in the order in which they are handed over. */
export type PageParser = {
  /** Room for a page. */
  room: Room;
  /** Takes the bytes away. Throws a retryable `UpstreamError` where they are no JSON. */
  read(kind: RowKind, bytes: Uint8Array): Promise<ParsedPage>;
  end(): Promise<void>;
};

/**
 * MB. A page becomes millions of short-lived characters: a small young generation collects them often, instead of
 * letting them pile up. The old one holds the texts that are known and one page at a time.
 */
const limits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 };

/** Starts the thread. */
export function parsingThread(names: Names, nodeGroups: NodeGroups): PageParser {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    workerData: [names, nodeGroups],
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
  const rooms = roomsAgain();
  worker.on("message", ({ id, room, page }: Answered) => {
    rooms.back(room);
    const asked = waiting.get(id);
    waiting.delete(id);
    if (page) asked?.resolve(page);
    else asked?.reject(unreadableBody(200));
  });
  worker.on("error", fail);
  worker.on("exit", () => fail(new Error("the thread that parses findings has ended")));
  return {
    room: rooms.room,
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

/** Buffers that are kept, and to what their sizes are rounded up, so that one fits the next page too. */
const most = { kept: 2, step: 1 << 20 };

/**
 * Buffers of pages, used again: each is megabytes outside of the heap, and new ones for every page would make the
 * collector run all the time.
 */
function roomsAgain() {
  const free: ArrayBuffer[] = [];
  return {
    room(bytes: number): Buffer {
      const at = free.findIndex((one) => one.byteLength >= bytes);
      const view =
        at < 0 ? new ArrayBuffer(Math.ceil(bytes / most.step) * most.step) : free.splice(at, 1)[0]!;
      return Buffer.from(view);
    },
    back(room: ArrayBuffer) {
      free.push(room);
      // The largest stay.
      free.sort((a, b) => b.byteLength - a.byteLength).splice(most.kept);
    },
  };
}
