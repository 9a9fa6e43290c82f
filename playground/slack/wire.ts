import type { IncomingMessage, ServerResponse } from "node:http";

/** Reads a request whole. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** Arguments that Slack takes as JSON inside a form field. */
const structured = new Set(["attachments", "blocks", "files", "metadata", "view", "unfurls"]);

/** Decodes a form or JSON body. A structured field that is no JSON stays a string, for the method to refuse. */
export function decodeArgs(
  contentType: string,
  body: Buffer,
  query: URLSearchParams,
): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, value] of query) args[name] = value;
  if (contentType.startsWith("application/json")) Object.assign(args, parseJson(body.toString()) ?? {});
  else for (const [name, value] of new URLSearchParams(body.toString())) args[name] = value;
  for (const name of structured) {
    const value = args[name];
    if (typeof value === "string") args[name] = parseJson(value) ?? value;
  }
  return args;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-length": Buffer.byteLength(body), ...headers });
  response.end(body);
}

export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  send(response, status, JSON.stringify(value), {
    "content-type": "application/json; charset=utf-8",
    ...headers,
  });
}

/** The first part of a multipart body; any other body is the file itself. */
export function uploadedContent(contentType: string, body: Buffer): Buffer {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (!contentType.startsWith("multipart/") || !boundary) return body;
  const start = body.indexOf("\r\n\r\n");
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return start < 0 || end < 0 ? body : body.subarray(start + 4, end);
}
