import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import { createHttpHeaders, createPipelineRequest, type PipelineRequest } from "@azure/core-rest-pipeline";
import { describe, expect, it } from "vitest";
import { jsonOf, packedHttp } from "../../src/azure/client/packed.ts";

const answer = { data: { rows: [["長い", "ü"]] } };
const packed = gzipSync(JSON.stringify(answer));

describe("packed answers", () => {
  it.each([
    ["packed", packed],
    ["plain", Buffer.from(JSON.stringify(answer))],
    ["with a byte order mark", Buffer.from(`\uFEFF${JSON.stringify(answer)}`)],
    ["packed with a byte order mark", gzipSync(`\uFEFF${JSON.stringify(answer)}`)],
  ])("are read as others are (%s)", (_, bytes) => expect(jsonOf(bytes)).toEqual(answer));

  it.each([
    ["cut", packed.subarray(0, -10)],
    ["without anything", packed.subarray(0, 2)],
    ["broken", Buffer.concat([packed.subarray(0, 12), Buffer.alloc(20)])],
    ["of a page that is no JSON", gzipSync("<html>")],
    ["larger than any answer", gzipSync(Buffer.alloc(65 * 1024 * 1024))],
  ])("are no JSON where they are %s", (_, bytes) => expect(() => jsonOf(bytes)).toThrow(SyntaxError));

  const sent = async (status: number, bytes: Buffer) => {
    const requests: PipelineRequest[] = [];
    const http = packedHttp({
      async sendRequest(request) {
        requests.push(request);
        return { request, status, headers: createHttpHeaders(), readableStreamBody: Readable.from([bytes]) };
      },
    });
    const request = createPipelineRequest({ url: "https://localhost/", timeout: 60_000 });
    request.headers.set("Authorization", "Bearer x");
    request.headers.set("Accept-Encoding", "gzip,deflate");
    const response = await http.sendRequest(request);
    return { response, request: requests[0]! };
  };

  it("are asked for in a way that keeps the client from unpacking them", async () => {
    const { request, response } = await sent(200, packed);
    // The client looks at the headers, and sends those of the overrides.
    expect(request.headers.has("Accept-Encoding")).toBe(false);
    expect(request.requestOverrides).toEqual({
      headers: { Authorization: "Bearer x", "Accept-Encoding": "gzip" },
    });
    expect(await buffer(response.readableStreamBody as Readable)).toEqual(packed);
  });

  it.each([
    ["packed", gzipSync("too many rows")],
    ["plain", Buffer.from("too many rows")],
  ])("say what is wrong where they are refusals (%s)", async (_, bytes) => {
    const { response } = await sent(400, bytes);
    expect(response).toMatchObject({ status: 400, bodyAsText: "too many rows" });
    expect(response.readableStreamBody).toBeUndefined();
  });
});
