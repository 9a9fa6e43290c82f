import type { ContainerRegistryClient } from "@azure/container-registry";
import { UpstreamError } from "../../errors.ts";
import type { SimulationAzure } from "../../ports/azure.ts";
import type { Client } from "../client/client.ts";
import { problem } from "../client/problem.ts";
import { field, text } from "../fields.ts";
import { isWorking, type Operations } from "./operations.ts";

const apiVersion = "2023-07-01";
/** Most manifests of a repository of ours: an image for many platforms has one for each, and a list above them. */
const mostManifests = 100;

type Images = Pick<SimulationAzure, "importImage" | "deleteImage">;
type Manifest = { digest: string; tags: readonly string[]; list: boolean };
export type OpenRegistry = (loginServer: string) => Promise<ContainerRegistryClient>;

/** Bringing a public image into a registry, and taking it out again. */
export function simulationImages(client: Client, operations: Operations, open: OpenRegistry): Images {
  /** Operations that Azure works on, by registry and image; after a restart the registry itself is asked. */
  const running = new Map<string, string>();
  return {
    async importImage(registry, source, repository, tag) {
      const key = `${registry.toLowerCase()} ${repository}:${tag}`;
      const location = running.get(key);
      const ended = location === undefined ? undefined : await operations.follow(location).catch(forget);
      if (ended && isWorking(ended)) return { done: false };
      running.delete(key);
      const there = await manifests(open, await loginServerOf(client, registry), repository);
      const image = there.find(({ tags }) => tags.includes(tag));
      if (image) return { digest: image.digest, done: true };
      failIfFailed(ended?.body);
      const next = await start(operations, registry, source, `${repository}:${tag}`);
      if (next !== undefined) running.set(key, next);
      return { done: false };
    },
    async deleteImage(loginServer, repository, tag) {
      const before = await manifests(open, loginServer, repository);
      // The repository is the run's own; if others put something into it, only what carries our tag goes.
      const foreign = before.some(({ tags }) => tags.some((one) => one !== tag));
      const ours = before.filter(({ tags }) => !foreign || (tags.includes(tag) && tags.length === 1));
      const registry = await open(loginServer);
      // A list before what it lists, which the registry would not let go else.
      for (const { digest } of ours.toSorted((a, b) => Number(b.list) - Number(a.list)))
        await gone(() => registry.getArtifact(repository, digest).delete());
      if (foreign) await gone(() => registry.getArtifact(repository, tag).deleteTag(tag));
      const left = await manifests(open, loginServer, repository);
      return !left.some(
        ({ digest, tags }) => tags.includes(tag) || ours.some((one) => one.digest === digest),
      );
    },
  };
}

/**
 * `NoForce`: a tag that somebody else has meanwhile is not taken from them [importImage 2023-07-01, mode]. That it is
 * there already may be the end of an import that was asked for before a restart: the registry is asked again.
 */
async function start(operations: Operations, registry: string, source: string, target: string) {
  const [host = "", ...path] = source.split("/");
  const body = {
    source: { registryUri: host, sourceImage: path.join("/") },
    targetTags: [target],
    mode: "NoForce",
  };
  try {
    return (await operations.call("POST", `${registry}/importImage`, apiVersion, body)).location;
  } catch (error) {
    if (problem(error).status === 409) return undefined;
    throw error;
  }
}

/** An operation that Azure has forgotten: the registry says how it ended. */
function forget(error: unknown): undefined {
  if (problem(error).status !== 404) throw error;
}

/** An operation that ended badly answers 200 with its error inside [ARM docs, asynchronous operations]. */
function failIfFailed(body: unknown) {
  const state = text(field(body, "status"), 50);
  if (!/^(?:failed|canceled|cancelled)$/i.test(state)) return;
  const code = text(field(body, "error", "code"), 100) || state;
  throw new UpstreamError(
    `Azure did not import the image (${code}): ${text(field(body, "error", "message"), 500)}`,
    {
      system: "azure",
      status: 200,
      code,
      retryable: false,
    },
  );
}

async function loginServerOf(client: Client, registry: string): Promise<string> {
  const server = text(field(await client.get(registry, apiVersion), "properties", "loginServer"), 300);
  if (server) return server;
  throw new UpstreamError("Azure names no login server for the registry", {
    system: "azure",
    status: 200,
    code: "NoLoginServer",
    retryable: false,
  });
}

/** None where there is no such repository. */
async function manifests(open: OpenRegistry, loginServer: string, repository: string): Promise<Manifest[]> {
  const all: Manifest[] = [];
  try {
    const registry = await open(loginServer);
    for await (const one of registry.getRepository(repository).listManifestProperties()) {
      all.push({ digest: one.digest, tags: one.tags ?? [], list: (one.relatedArtifacts ?? []).length > 0 });
      if (all.length >= mostManifests) break;
    }
  } catch (error) {
    const known = problem(error);
    if (known.status !== 404) throw known;
  }
  return all;
}

/** What is not there any more is gone as well. */
async function gone(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const known = problem(error);
    if (known.status !== 404) throw known;
  }
}
