import type { ContainerRegistryClient } from "@azure/container-registry";
import type { RegistryImage, RegistryRead } from "../../domain/findings/model/finding.ts";
import type { Unread } from "../../domain/reading/reading.ts";
import type { Settings } from "../../domain/settings.ts";
import type { FindingsAzure } from "../../ports/azure.ts";
import type { Log, Metrics } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { detailOf, problem, whyUnread } from "../client/problem.ts";
import { field, text } from "../fields.ts";
import type { GraphDeps } from "../graph/from-graph.ts";
import { type ListedImage, withTagsOfLists } from "./manifest-lists.ts";
import { openRegistry } from "./registry.ts";

type Deps = GraphDeps & { log: Log; metrics: Metrics };
type Registry = { id: string; loginServer: string };

/** Registries, and repositories of one of them, that are asked at the same time. */
const atOnce = { registries: 4, repositories: 4 };
const pageSize = 100;
/** A repository's name [OCI distribution specification]: it becomes a part of a path. */
const repositoryName = /^[a-z0-9]+(?:[._/-]+[a-z0-9]+)*$/;

/** The registries' part of the port; see `FindingsAzure`. The package is loaded at first use. */
export function registryReader(
  settings: Settings,
  client: Client,
  deps: Deps,
): FindingsAzure["registryImages"] {
  return async (wanted) => {
    const known = await registriesByName(deps).catch((error: unknown) => problem(error));
    const read = await each(
      [...wanted],
      async ([name, repositories]): Promise<[string, RegistryRead]> => {
        if (known instanceof Error) return [name, unreadable(name, name, known)];
        const registry = known.get(name.toLowerCase());
        if (!registry) return [name, gone(name)];
        try {
          const opened = await openRegistry(settings, client, deps, registry);
          return [name, { repositories: await imagesOf(opened, repositories) }];
        } catch (error) {
          deps.log.debug({ registry: name, detail: detailOf(error) }, "A registry could not be asked");
          return [name, unreadable(registry.id, name, error)];
        }
      },
      atOnce.registries,
    );
    return new Map(read);
  };
}

/** Names of registries are unique in a cloud; those that are not found are not readable or no longer there. */
async function registriesByName({ graph, subscriptions }: GraphDeps): Promise<Map<string, Registry>> {
  const { rows } = await graph("registries", (await subscriptions()).value);
  return new Map(
    rows.map((row) => [
      text(field(row, "name"), 100).toLowerCase(),
      { id: text(field(row, "id"), 2000), loginServer: text(field(row, "loginServer"), 300) },
    ]),
  );
}

/** Every manifest of the repositories with its tags; a repository that is not there is empty. */
async function imagesOf(registry: ContainerRegistryClient, repositories: ReadonlySet<string>) {
  const names = [...repositories].filter((name) => name.length <= 255 && repositoryName.test(name));
  const listed = await each(
    names,
    async (name): Promise<[string, RegistryImage[]]> => {
      try {
        return [name, await manifestsOf(registry, name)];
      } catch (error) {
        if (problem(error).status === 404) return [name, []];
        throw error;
      }
    },
    atOnce.repositories,
  );
  return new Map(listed);
}

async function manifestsOf(registry: ContainerRegistryClient, name: string): Promise<RegistryImage[]> {
  const images: ListedImage[] = [];
  const pages = registry.getRepository(name).listManifestProperties().byPage({ maxPageSize: pageSize });
  for await (const page of pages)
    for (const { digest, tags, createdOn, relatedArtifacts } of page) {
      if (typeof digest !== "string") continue;
      const time = createdOn instanceof Date ? createdOn.getTime() : Number.NaN;
      images.push({
        digest: digest.trim().toLowerCase(),
        tags: (tags ?? []).filter((tag) => typeof tag === "string"),
        parts: (relatedArtifacts ?? []).map((part) => text(part.digest, 200).toLowerCase()),
        ...(time > 0 && { pushed: new Date(time).toISOString() }),
      });
    }
  return withTagsOfLists(images);
}

function unreadable(id: string, name: string, error: unknown): RegistryRead {
  const unread: Unread = { id, name, why: whyUnread(error), detail: detailOf(error) };
  return { repositories: new Map(), unread };
}

function gone(name: string): RegistryRead {
  const unread: Unread = { id: name, name, why: "gone", detail: "no such registry is visible" };
  return { repositories: new Map(), unread };
}
