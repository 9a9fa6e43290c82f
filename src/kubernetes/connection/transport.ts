import type { Manifest } from "../../domain/simulations/scenario.ts";
import type { UpstreamError } from "../../errors.ts";

/** One request to an API server; `path` with its query. */
export type Ask =
  /** `partial`: of a list, metadata is enough [Kubernetes API concepts, PartialObjectMetadataList]; more may come. */
  | { kind: "get"; path: string; partial?: boolean }
  | { kind: "post"; path: string; body: unknown }
  | { kind: "delete"; path: string; body: unknown }
  /** Server-side apply. `force`: fields that others changed are taken back. */
  | { kind: "apply"; path: string; manifest: Manifest; dryRun: boolean; force: boolean };

export type Answered = { body: unknown; error?: undefined } | { error: UpstreamError };

/** A way to an API server: straight, or with Azure running kubectl beside the cluster. */
export type Transport = {
  how: "direct" | "run-command";
  /**
   * The answers in the order of the requests, which are made in that order. A failed one does not stop the others,
   * unless `stop` says so: then the answers end with it.
   */
  ask(asks: readonly Ask[], options?: { stop: boolean }): Promise<Answered[]>;
  /** The answer as text, at most `most` bytes of it. */
  read(path: string, most: number): Promise<string>;
  exec(
    pod: { namespace: string; name: string; container: string },
    command: readonly string[],
  ): Promise<{ exitCode: number; output: string }>;
};

/** The manager that owns the fields that we apply [Kubernetes docs, server-side apply]. */
export const fieldManager = "breakwater";

/** A single request. Throws its error. */
export async function askOne(transport: Transport, ask: Ask): Promise<unknown> {
  const [answer] = await transport.ask([ask]);
  if (answer?.error) throw answer.error;
  return answer?.body;
}

/** As `askOne`, undefined where there is no such object. */
export async function askIfThere(transport: Transport, path: string): Promise<unknown> {
  const [answer] = await transport.ask([{ kind: "get", path }]);
  if (answer?.error?.status === 404) return undefined;
  if (answer?.error) throw answer.error;
  return answer?.body;
}

/** A query with its values escaped; those that are undefined are left out. */
export function query(values: Record<string, string | number | undefined>): string {
  const set = Object.entries(values).filter(([, value]) => value !== undefined);
  return set.length === 0
    ? ""
    : `?${set.map(([name, value]) => `${name}=${encodeURIComponent(value!)}`).join("&")}`;
}

export function encodedVersion(version: string): string {
  return version.split("/").map(encodeURIComponent).join("/");
}
