import { createHash } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest("hex");

/** A GUID that is always the same for the same text. */
export function guid(text: string): string {
  const hex = digest(text);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** A number of 0 to `below` − 1 that is always the same for the same text. */
export function draw(text: string, below: number): number {
  return Number.parseInt(digest(text).slice(0, 12), 16) % below;
}

/** Azure's times: seven decimals. */
export function azureTime(time: Date): string {
  return time.toISOString().replace(/\.(\d{3})Z$/, ".$10000Z");
}
