import type { Readable } from "node:stream";
import { UpstreamError } from "../errors.ts";
import type { Streamed } from "./client.ts";
import { problem } from "./problem.ts";

/** Milliseconds without a byte after which an answer is given up. */
const silence = 15_000;
/** No answer of Resource Graph is larger than 16 MB; what is, is none of its. */
const mostBytes = 64 * 1024 * 1024;

/** Room for so many bytes, in a buffer of its own. */
export type Room = (bytes: number) => Buffer;

/**
 * The bytes of an answer, in a buffer that can be handed to another thread. Throws a retryable `UpstreamError` where
 * they stop coming, and one that is not where there is no end. `cancel` ends the request.
 */
export async function receive(
  { headers, body }: Streamed,
  cancel: () => void,
  room: Room = Buffer.allocUnsafeSlow,
): Promise<Buffer> {
  const announced = Number(headers.get("content-length") ?? 0);
  // An announced length is that of the packed bytes where the answer came packed: only a first guess.
  let buffer = room(announced > 0 && announced < mostBytes ? announced : 1 << 20);
  let length = 0;
  const timer = setTimeout(cancel, silence);
  const take = (chunk: Buffer) => {
    timer.refresh();
    if (length + chunk.length > buffer.length) {
      const larger = room(Math.max(buffer.length * 2, length + chunk.length));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    buffer.set(chunk, length);
    length += chunk.length;
  };
  try {
    await flowing(body, (chunk) => {
      if (length + chunk.length > mostBytes) throw endless();
      take(chunk);
    });
  } catch (error) {
    cancel();
    throw problem(error);
  } finally {
    clearTimeout(timer);
  }
  return buffer.subarray(0, length);
}

/** Hands each chunk over as it comes: thousands a second, for which a promise each would be too many. */
function flowing(body: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    body.on("data", (chunk: Buffer) => {
      try {
        take(chunk);
      } catch (error) {
        body.destroy();
        reject(error);
      }
    });
    body.once("end", resolve);
    body.once("error", reject);
    body.once("close", () => reject(Object.assign(new Error("the answer was cut"), { code: "ECONNRESET" })));
  });
}

function endless() {
  return new UpstreamError(`Azure's answer does not end: more than ${mostBytes} bytes`, {
    system: "azure",
    status: 200,
    code: "InvalidBody",
    retryable: false,
  });
}
