import type { Readable } from "node:stream";
import { UpstreamError } from "../../errors.ts";
import type { Streamed } from "../client/client.ts";
import { mostBytes } from "../client/packed.ts";
import { problem } from "../client/problem.ts";

/** Milliseconds without a byte after which an answer is given up. */
const silence = 15_000;

/** Room for so many bytes, in a buffer of its own. */
export type Room = (bytes: number) => Buffer;
/** Does one piece of work after the other. */
export type Turns = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Answers come in one at a time, however many are asked for: several at once would hand the event loop megabytes in one
 * go, and everything else would wait for all of them.
 */
export function turns(): Turns {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => {});
    return mine;
  };
}

/**
 * The bytes of an answer, in a buffer that can be handed to another thread. Throws a retryable `UpstreamError` where
 * they stop coming, and one that is not where there is no end. `cancel` ends the request.
 */
export async function receive(
  { headers, body }: Streamed,
  cancel: () => void,
  { room, turn }: { room: Room; turn: Turns },
): Promise<Buffer> {
  // Listened to from now on: it may break before its turn comes.
  const end = endOf(body);
  end.catch(() => {});
  return turn(() => received(headers, body, end, cancel, room));
}

async function received(
  headers: Streamed["headers"],
  body: Readable,
  end: Promise<void>,
  cancel: () => void,
  room: Room,
): Promise<Buffer> {
  const announced = Number(headers.get("content-length") ?? 0);
  // Only a first guess: what is packed while it is sent announces none.
  let buffer = room(announced > 0 && announced < mostBytes ? announced : 1 << 20);
  let length = 0;
  const timer = setTimeout(cancel, silence);
  body.on("data", (chunk: Buffer) => {
    timer.refresh();
    if (length + chunk.length > mostBytes) {
      body.destroy(endless());
      return;
    }
    if (length + chunk.length > buffer.length) {
      const larger = room(Math.max(buffer.length * 2, length + chunk.length));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    buffer.set(chunk, length);
    length += chunk.length;
  });
  try {
    await end;
  } catch (error) {
    cancel();
    throw problem(error);
  } finally {
    clearTimeout(timer);
  }
  return buffer.subarray(0, length);
}

function endOf(body: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
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
