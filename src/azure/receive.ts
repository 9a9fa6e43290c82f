import { UpstreamError } from "../errors.ts";
import type { Streamed } from "./client.ts";
import { problem } from "./problem.ts";

/** Milliseconds without a byte after which an answer is given up. */
const silence = 15_000;
/** No answer of Resource Graph is larger than 16 MB; what is, is none of its. */
const mostBytes = 64 * 1024 * 1024;

/**
 * The bytes of an answer, in one buffer of its own that can be handed to another thread. Throws a retryable
 * `UpstreamError` where they stop coming or are fewer than announced, and one that is not where there is no end.
 */
export async function receive({ headers, body }: Streamed, cancel: () => void): Promise<Uint8Array> {
  const announced = Number(headers.get("content-length") ?? 0);
  // An announced length is that of the packed bytes where the answer came packed: only a first guess.
  let buffer = Buffer.allocUnsafeSlow(Math.min(announced > 0 ? announced : 1 << 20, mostBytes));
  let length = 0;
  const timer = setTimeout(cancel, silence);
  try {
    for await (const chunk of body) {
      timer.refresh();
      if (length + chunk.length > mostBytes) throw endless();
      if (length + chunk.length > buffer.length) {
        const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + chunk.length));
        buffer.copy(larger, 0, 0, length);
        buffer = larger;
      }
      buffer.set(chunk, length);
      length += chunk.length;
    }
  } catch (error) {
    cancel();
    throw problem(error);
  } finally {
    clearTimeout(timer);
  }
  return buffer.subarray(0, length);
}

function endless() {
  return new UpstreamError(`Azure's answer does not end: more than ${mostBytes} bytes`, {
    system: "azure",
    status: 200,
    code: "InvalidBody",
    retryable: false,
  });
}
