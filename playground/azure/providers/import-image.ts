import { randomUUID } from "node:crypto";
import { pushImage } from "../../estate/contents.ts";
import { knownPackage } from "../../estate/packages.ts";
import { isRecord } from "../../kubernetes/object.ts";
import { type Answer, failure, resourceNotFound } from "../errors.ts";
import type { Call, Route } from "../routes.ts";
import { registryVersions } from "./containers.ts";

const group = "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry";
/** How long an import and the first scan of an image take, in seconds of Azure's time. */
const importSeconds = 20;

type Operation = { done: boolean };

/** Imports of public images [registries 2023-07-01, importImage]; an old image brings what scanners know of it. */
export function importImageRoutes(
  later: (seconds: number, work: () => void) => void,
  clock: () => Date,
): Route[] {
  const operations = new Map<string, Operation>();
  return [
    {
      method: "POST",
      path: `${group}/registries/{name}/importImage`,
      versions: registryVersions,
      action: "Microsoft.ContainerRegistry/registries/importImage/action",
      handle: (call) => begin({ call, operations, later, clock }),
    },
    {
      method: "GET",
      path: "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.ContainerRegistry/locations/{location}/operationResults/{operation}",
      versions: registryVersions,
      handle: (call) => result(call, operations),
    },
  ];
}

type Beginning = {
  call: Call;
  operations: Map<string, Operation>;
  later: (seconds: number, work: () => void) => void;
  clock: () => Date;
};

function begin({ call, operations, later, clock }: Beginning): Answer {
  const { estate, params, body } = call;
  const path = `/subscriptions/${params.subscription}/resourceGroups/${params.group}/providers/microsoft.containerregistry/registries/${params.name}`;
  const registry = estate.registries.find((one) => one.id.toLowerCase() === path.toLowerCase());
  if (!registry) return resourceNotFound(`Microsoft.ContainerRegistry/registries/${params.name}`);
  const source = isRecord(body) && isRecord(body.source) ? body.source : {};
  const tags = isRecord(body) && Array.isArray(body.targetTags) ? body.targetTags.map(String) : [];
  const image = String(source.sourceImage ?? "");
  if (!source.registryUri && !source.resourceId)
    return failure(400, "InvalidImportSource", "The source is missing a registry.");
  if (image === "" || tags.length === 0)
    return failure(400, "ImageImportInvalid", "Required image reference is missing.");
  const [target = "", tag = "latest"] = tags[0]!.split(":");
  const there = estate.contents.images.find(
    (one) => one.registry === registry && one.repository === target && one.tags.includes(tag),
  );
  if (there && (body as { mode?: string }).mode !== "Force")
    return failure(409, "Conflict", `Tag ${target}:${tag} already exists in target registry.`);
  const id = randomUUID();
  const operation: Operation = { done: false };
  operations.set(id, operation);
  later(importSeconds, () => {
    pushImage(estate, {
      registry,
      repository: target,
      tags: [tag],
      at: clock(),
      packages: packagesOf(image),
    });
    operation.done = true;
  });
  const location = `/subscriptions/${params.subscription}/resourceGroups/${params.group}/providers/Microsoft.ContainerRegistry/locations/${registry.location}/operationResults/${id}`;
  const next = new URL(location, call.base);
  next.search = call.url.search;
  return { status: 202, headers: { Location: next.href, "Retry-After": "1" } };
}

function result(call: Call, operations: Map<string, Operation>): Answer {
  const operation = operations.get(call.params.operation ?? "");
  if (!operation) return resourceNotFound(call.url.pathname);
  if (operation.done) return { status: 200 };
  return { status: 202, headers: { Location: new URL(call.url.href, call.base).href, "Retry-After": "1" } };
}

/** What scanners find in an image: much in an old one, nothing in a recent one. */
function packagesOf(image: string) {
  const old = /(nginx:1\.1[0-9]|ubuntu:1[0-9]\.)/.test(image);
  return old ? ["openssl", "zlib", "curl"].map((name) => knownPackage(name)) : [];
}
