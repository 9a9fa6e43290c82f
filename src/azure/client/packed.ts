import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import type { HttpClient } from "@azure/core-rest-pipeline";

/** No answer of Resource Graph is larger than 16 MB; what is, is none of its. */
export const mostBytes = 64 * 1024 * 1024;

/**
 * Hands answers over packed, for who unpacks megabytes of them in another thread. The SDK's client unpacks what the
 * headers of a request ask for, but sends those of its overrides. A refusal is unpacked here: its text says why.
 */
export function packedHttp(http: HttpClient): HttpClient {
  return {
    async sendRequest(request) {
      request.headers.delete("Accept-Encoding");
      const headers = { ...request.headers.toJSON({ preserveCase: true }), "Accept-Encoding": "gzip" };
      request.requestOverrides = { headers };
      request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY]);
      const response = await http.sendRequest(request);
      if (response.status === 200) return response;
      const body = addAbortSignal(
        AbortSignal.timeout(request.timeout),
        response.readableStreamBody as Readable,
      );
      const bodyAsText = unpacked(await buffer(body)).toString();
      return { ...response, readableStreamBody: undefined, bodyAsText };
    },
  };
}

/**
 * The JSON of an answer's bytes, packed or not: none begins as gzip does. .NET may write a byte order mark, which no
 * parser of JSON takes. Throws a SyntaxError where they are cut, or no JSON.
 */
export function jsonOf(bytes: Buffer): unknown {
  const plain = unpacked(bytes);
  const marked = plain[0] === 0xef && plain[1] === 0xbb && plain[2] === 0xbf;
  return JSON.parse((marked ? plain.subarray(3) : plain).toString());
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { chunkSize: 1 << 21, maxOutputLength: mostBytes });
  } catch (error) {
    throw new SyntaxError("an answer that cannot be unpacked", { cause: error });
  }
}
