import { readlinkSync } from "node:fs";
import { setGlobalProxyFromEnv } from "node:http";
import { constants, setPriority } from "node:os";
import { setDefaultCACertificates } from "node:tls";
import { parentPort, workerData } from "node:worker_threads";
import { field, text } from "../fields.ts";
import { findingsParser } from "./parser.ts";
import { receiver } from "./receive.ts";
import type { Answered, Asked, Given, Sent } from "./thread.ts";

/**
 * The thread that receives and parses pages of findings. It lives for one reading, and knows no secret but the token of
 * each request: who may ask, how often, and what follows a refusal is decided where it was started.
 */
giveWay();
const { names, nodeGroups, authorities } = workerData as Given;
// What the process set up for itself counts for each thread alone.
setDefaultCACertificates(authorities);
setGlobalProxyFromEnv();
const parser = findingsParser(names, nodeGroups);
const receive = receiver();
const sent = new Map<number, AbortController>();

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

async function answer({ id, kind, request }: Sent): Promise<Answered> {
  const cancel = new AbortController();
  sent.set(id, cancel);
  try {
    return { id, ...(await receive(request, (bytes) => pageOf(kind, bytes), cancel.signal)) };
  } catch (error) {
    // Whatever has no code is a bug: it ends the thread, and is reported whole.
    const code = text(field(error, "code"), 100);
    if (!code) throw error;
    const [name, message] = [text(field(error, "name"), 100), text(field(error, "message"), 1000)];
    return { id, error: { name, message, code } };
  } finally {
    sent.delete(id);
  }
}

/** Undefined where the bytes are no JSON. .NET may write a byte order mark before it, which no parser takes. */
function pageOf(kind: Sent["kind"], bytes: Buffer) {
  const marked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  try {
    return parser.read(kind, bytes.toString("utf8", marked ? 3 : 0));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

parentPort?.on("message", async (asked: Asked) => {
  if ("cancel" in asked) return sent.get(asked.cancel)?.abort();
  const made = await answer(asked);
  const page = "taken" in made ? made.taken : undefined;
  parentPort?.postMessage(made, page?.parts.map(({ pairs }) => pairs.buffer as ArrayBuffer) ?? []);
});
