import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Peer, startPeer } from "../peer.ts";
import type { Asked, FindingsQuestion } from "../peers/findings.ts";
import type { ScanQuestion } from "../peers/scan.ts";

/** Resource Graph with an estate of findings, and processes that read it. */
export type FindingsBed = {
  env: Record<string, string>;
  /** Makes the pages of an estate on a day: 1 % of the rows differ from those of the day before. */
  prepare(question: Exclude<FindingsQuestion, { take: string }>): Promise<unknown>;
  /** What Resource Graph was asked since the last time. */
  asked(): Promise<Asked>;
  /** A process of its own, with a Redis of its own. */
  scanner(): Promise<Scanner>;
  end(): Promise<void>;
};
export type Scanner = { ask<T>(question: ScanQuestion): Promise<T>; stop(): Promise<void> };

export async function openFindingsBed(): Promise<FindingsBed> {
  const directory = mkdtempSync(join(tmpdir(), "bw-findings-"));
  const server = await startPeer(new URL("../peers/findings.ts", import.meta.url), {
    BENCH_DIRECTORY: directory,
  });
  const peers: Peer[] = [server];
  return {
    env: server.env,
    prepare: (question) => server.ask(question),
    asked: () => server.ask<Asked>({ take: "requests" }),
    async scanner() {
      const peer = await startPeer(new URL("../peers/scan.ts", import.meta.url), server.env);
      peers.push(peer);
      return peer;
    },
    async end() {
      await Promise.all(peers.map((peer) => peer.stop()));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The slot of a day, for scans one after the other. */
export function slotOf(day: number): string {
  return new Date(Date.UTC(2026, 0, 1 + day, 8)).toISOString();
}
