import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request } from "node:https";
import { pipeline, type Readable } from "node:stream";
import { text as textFrom } from "node:stream/consumers";
import { createUnzip } from "node:zlib";

/** Milliseconds without a byte after which an answer is given up. */
const silence = 15_000;
/** No answer of Resource Graph is larger than 16 MB; what is, is none of its. */
const mostBytes = 64 * 1024 * 1024;

export type Request = { url: string; method: string; headers: OutgoingHttpHeaders; body: string };
/** `text`: of any answer but 200. */
export type Received<T> = { status: number; headers: Record<string, string> } & (
  | { taken: T }
  | { text: string }
);

/**
 * Sends requests, and hands the bytes of each answer over whole. They are good until `take` returns: buffers are used
 * again, for each is megabytes outside of the heap, and new ones would make the collector run all the time. Rejects where
 * no answer comes, where it is cut or has no end, and with what `take` throws.
 */
export function receiver() {
  const free: Buffer[] = [];

  async function whole<T>(body: Readable, take: (bytes: Buffer) => T): Promise<T> {
    let buffer = free.pop() ?? Buffer.allocUnsafeSlow(2 << 20);
    let length = 0;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        if (length + chunk.length > mostBytes) throw endless();
        if (length + chunk.length > buffer.length) {
          const larger = Buffer.allocUnsafeSlow(Math.max(buffer.length * 2, length + chunk.length));
          buffer.copy(larger, 0, 0, length);
          buffer = larger;
        }
        buffer.set(chunk, length);
        length += chunk.length;
      }
      return take(buffer.subarray(0, length));
    } finally {
      free.push(buffer);
    }
  }

  return async <T>(
    { url, body, ...about }: Request,
    take: (bytes: Buffer) => T,
    signal: AbortSignal,
  ): Promise<Received<T>> => {
    const answer = await answerTo(url, { ...about, signal }, body);
    const unpacked = unpackedBody(answer);
    const status = answer.statusCode ?? 0;
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name, String(value)]),
    );
    if (status !== 200) return { status, headers, text: await textFrom(unpacked) };
    return { status, headers, taken: await whole(unpacked, take) };
  };
}

function answerTo(url: string, options: object, body: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, options, resolve);
    sent.setTimeout(silence, () => sent.destroy(silent()));
    sent.on("error", reject);
    sent.end(body);
  });
}

function unpackedBody(answer: IncomingMessage): Readable {
  if (!/gzip|deflate/i.test(answer.headers["content-encoding"] ?? "")) return answer;
  // Whoever reads the one sees the error of the other.
  return pipeline(answer, createUnzip(), () => {});
}

function silent() {
  return Object.assign(new Error(`no byte for ${silence / 1000} s`), { code: "ETIMEDOUT" });
}

function endless() {
  const message = `the answer does not end: more than ${mostBytes} bytes`;
  return Object.assign(new Error(message), { code: "ERR_INVALID_BODY" });
}
