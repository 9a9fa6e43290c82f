import { deleteImage, type Image } from "../../estate/contents.ts";
import type { Estate, Resource } from "../../estate/estate.ts";
import { azureTime, draw } from "../../estate/identifiers.ts";
import type { Answer } from "../errors.ts";
import { refusal } from "./tokens.ts";

export type RegistryCall = { estate: Estate; registry: Resource; method: string; url: URL };
/** `scope`: what an access token must be for, and `action`: the right that it needs in Azure. */
export type RegistryRoute = { scope: string; action: string; answer: (call: RegistryCall) => Answer };

const [pull, remove] = [
  "Microsoft.ContainerRegistry/registries/pull/read",
  "Microsoft.ContainerRegistry/registries/artifacts/delete",
];
const attributes = { deleteEnabled: true, writeEnabled: true, readEnabled: true, listEnabled: true };
/** Of a list without `n` [Azure Container Registry API 2021-07-01]. */
const defaultPage = 100;

/** The route of a request; undefined for a path that the registry does not have. */
export function registryRoute(method: string, path: string): RegistryRoute | undefined {
  const at = (pattern: RegExp) => pattern.exec(path)?.slice(1).map(decodeURIComponent);
  if (method === "GET" && path === "/v2/")
    return { scope: "", action: pull, answer: () => ({ status: 200, body: {} }) };
  if (method === "GET" && path === "/acr/v1/_catalog")
    return { scope: "registry:catalog:*", action: pull, answer: catalog };
  const [listed, kind] = at(/^\/acr\/v1\/(.+)\/_(manifests|tags)$/) ?? [];
  if (method === "GET" && listed)
    return {
      scope: `repository:${listed}:metadata_read`,
      action: pull,
      answer: (call) => (kind === "tags" ? tags(call, listed) : manifests(call, listed)),
    };
  const [repository, digest] = at(/^\/v2\/(.+)\/manifests\/([^/]+)$/) ?? [];
  if (method === "DELETE" && repository)
    return {
      scope: `repository:${repository}:delete`,
      action: remove,
      answer: (call) => deleteManifest(call, repository, digest ?? ""),
    };
  const [tagged, tag] = at(/^\/acr\/v1\/(.+)\/_tags\/([^/]+)$/) ?? [];
  if (method === "DELETE" && tagged)
    return {
      scope: `repository:${tagged}:delete`,
      action: remove,
      answer: (call) => deleteTag(call, tagged, tag ?? ""),
    };
  return undefined;
}

const imagesOf = ({ estate, registry }: RegistryCall, repository?: string): Image[] =>
  estate.contents.images.filter(
    (one) => one.registry === registry && (repository === undefined || one.repository === repository),
  );

/** Items after `last`, at most `n`, with a `Link` to the rest. */
function page<T>(call: RegistryCall, all: T[], nameOf: (item: T) => string, body: (items: T[]) => object) {
  const count = Number(call.url.searchParams.get("n") ?? defaultPage);
  const last = call.url.searchParams.get("last");
  const from = last === null ? 0 : all.findIndex((one) => nameOf(one) === last) + 1;
  const shown = all.slice(from, from + count);
  const more = from + count < all.length && shown.length > 0;
  const next = new URLSearchParams(call.url.searchParams);
  if (more) next.set("last", nameOf(shown.at(-1)!));
  const link = `<${call.url.pathname}?${next}>; rel="next"`;
  return { status: 200, body: body(shown), ...(more && { headers: { Link: link } }) };
}

function catalog(call: RegistryCall): Answer {
  const names = [...new Set(imagesOf(call).map((one) => one.repository))].sort();
  return page(
    call,
    names,
    (name) => name,
    (repositories) => ({ repositories }),
  );
}

function manifests(call: RegistryCall, repository: string): Answer {
  const images = imagesOf(call, repository);
  if (images.length === 0) return unknownName(repository);
  const sorted = images.toSorted((a, b) => (a.digest < b.digest ? -1 : 1));
  return page(
    call,
    sorted,
    ({ digest }) => digest,
    (shown) => ({ ...about(call, repository), manifests: shown.map(manifest) }),
  );
}

function manifest({ digest, pushed, tags }: Image) {
  const time = azureTime(new Date(pushed));
  return {
    digest,
    imageSize: 1_000_000 + draw(digest, 200_000_000),
    createdTime: time,
    lastUpdateTime: time,
    architecture: "amd64",
    os: "linux",
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    configMediaType: "application/vnd.docker.container.image.v1+json",
    // A manifest without a tag has no such field.
    ...(tags.length > 0 && { tags }),
    changeableAttributes: attributes,
  };
}

function tags(call: RegistryCall, repository: string): Answer {
  const images = imagesOf(call, repository);
  if (images.length === 0) return unknownName(repository);
  const all = images
    .flatMap((image) => image.tags.map((name) => ({ name, image })))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return page(
    call,
    all,
    ({ name }) => name,
    (shown) => ({
      ...about(call, repository),
      tags: shown.map(({ name, image }) => ({
        name,
        digest: image.digest,
        createdTime: azureTime(new Date(image.pushed)),
        lastUpdateTime: azureTime(new Date(image.pushed)),
        signed: false,
        changeableAttributes: attributes,
      })),
    }),
  );
}

const about = ({ registry }: RegistryCall, imageName: string) => ({
  registry: registry.properties.loginServer,
  imageName,
});

function deleteManifest(call: RegistryCall, repository: string, digest: string): Answer {
  const image = imagesOf(call, repository).find((one) => one.digest === digest);
  if (!image) return refusal(404, "MANIFEST_UNKNOWN", `manifest ${digest} is not found`);
  deleteImage(call.estate, image);
  return { status: 202 };
}

function deleteTag(call: RegistryCall, repository: string, tag: string): Answer {
  const image = imagesOf(call, repository).find((one) => one.tags.includes(tag));
  if (!image) return refusal(404, "TAG_UNKNOWN", `the specified tag does not exist: ${tag}`);
  image.tags = image.tags.filter((one) => one !== tag);
  call.estate.revision++;
  return { status: 202 };
}

const unknownName = (name: string) =>
  refusal(404, "NAME_UNKNOWN", `repository name not known to registry`, { name });
