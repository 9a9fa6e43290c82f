import { readlinkSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { findingsParser } from "./parser.ts";
import type { Answered, Asked } from "./thread.ts";

/**
 * The thread that parses pages of findings, so that megabytes of JSON never hold up an answer to Slack. It lives for one
 * reading and knows nothing but the names of the subscriptions and the clusters of node pools.
 */
giveWay();
const parser = findingsParser(...(workerData as Parameters<typeof findingsParser>));

/**
 * A scan has time: where a machine has few cores, whoever waits for an answer comes first. Linux takes the number of a
 * thread for that of a process [setpriority(2), notes]; elsewhere nothing happens.
 */
function giveWay(): void {
  try {
    const thread = Number(readlinkSync("/proc/thread-self").split("/").at(-1));
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // A system without threads by number, or that does not allow it.
  }
}

function answer({ id, kind, bytes }: Asked): Answered {
  const room = bytes.buffer as ArrayBuffer;
  try {
    const page = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return { id, room, page: parser.read(kind, page) };
  } catch (error) {
    if (error instanceof SyntaxError) return { id, room };
    throw error;
  }
}

parentPort?.on("message", (asked: Asked) => {
  const made = answer(asked);
  const moved = made.page?.parts.map(({ pairs }) => pairs.buffer as ArrayBuffer) ?? [];
  parentPort?.postMessage(made, [made.room, ...moved]);
});
