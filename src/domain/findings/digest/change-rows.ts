import { once } from "node:events";
import { finished } from "node:stream/promises";
import { createDeflate } from "node:zlib";
import type { FindingChange } from "./delta.ts";

/** More rows than this make no table that anybody reads; the message says how many there are. */
export const mostRows = 50_000;

/** Cells of a row, in this order; the first row holds their names. */
const cells: [string, (change: FindingChange) => string][] = [
  ["kind", ({ kind }) => kind],
  ["severity", ({ vulnerability }) => vulnerability.severity],
  ["vulnerability", ({ vulnerability }) => vulnerability.id],
  ["package", ({ vulnerability }) => vulnerability.package],
  ["installed", ({ vulnerability }) => vulnerability.version],
  ["fixed", ({ vulnerability }) => vulnerability.fixed ?? ""],
  ["fix", ({ vulnerability }) => vulnerability.fix],
  ["exploit", ({ vulnerability }) => (vulnerability.exploit ? "yes" : "no")],
  ["image", ({ image }) => image],
  ["kind-of-artifact", ({ kindOfArtifact }) => kindOfArtifact],
  ["artifact", ({ artifact }) => artifact],
  ["previous", ({ previous }) => previous ?? ""],
  ["registries", ({ registries }) => registries.join(" ")],
  ["clusters", ({ clusters }) => clusters.join(" ")],
  ["running", ({ running }) => (running ? "yes" : "no")],
  ["exposed", ({ exposed }) => (exposed ? "yes" : "no")],
  ["since", ({ since }) => since ?? ""],
  ["before", ({ before }) => before?.severity ?? ""],
];

/** The names of the cells, as the first line. */
export function headerLine(): string {
  return `${JSON.stringify(cells.map(([name]) => name))}\n`;
}

/** One change as a line: a JSON array of its cells. */
export function rowLine(change: FindingChange): string {
  return `${JSON.stringify(cells.map(([, cell]) => cell(change)))}\n`;
}

/** Deflates lines as they come: only what is deflated is kept. */
export function lineWriter(): { write(lines: string): Promise<void>; base64(): Promise<string> } {
  const stream = createDeflate();
  const parts: Buffer[] = [];
  stream.on("data", (part: Buffer) => parts.push(part));
  return {
    async write(lines) {
      if (!stream.write(lines)) await once(stream, "drain");
    },
    async base64() {
      stream.end();
      await finished(stream);
      return Buffer.concat(parts).toString("base64");
    },
  };
}
