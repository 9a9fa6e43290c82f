import { type Container, type Image, runImage, stopImage } from "../../estate/contents.ts";
import type { Estate } from "../../estate/estate.ts";
import type { Cluster } from "../cluster.ts";
import { type KubeObject, listAt } from "../object.ts";

/** The registry's host, repository, and tag or digest of an image. */
function parts(image: string) {
  const [, host = "", repository = "", tag, digest] =
    /^([^/]+)\/([^@]+?)(?::([\w][\w.-]*))?(?:@(sha256:\w+))?$/.exec(image) ?? [];
  return { host, repository, tag: tag ?? "latest", digest };
}

const registryAt = (estate: Estate, host: string) =>
  estate.registries.find((one) => String(one.properties.loginServer).toLowerCase() === host.toLowerCase());

function imageIn(estate: Estate, reference: string): Image | undefined {
  const { host, repository, tag, digest } = parts(reference);
  const registry = registryAt(estate, host);
  return estate.contents.images.find(
    (one) =>
      one.registry === registry &&
      one.repository === repository &&
      (digest ? one.digest === digest : one.tags.includes(tag)),
  );
}

/** Why an image of one of the estate's registries cannot be pulled; undefined for images from elsewhere. */
export function absentImage(estate: Estate, reference: string): string | undefined {
  if (!registryAt(estate, parts(reference).host) || imageIn(estate, reference)) return undefined;
  return `failed to pull and unpack image "${reference}": failed to resolve reference "${reference}": ${reference}: not found`;
}

/** Keeps the estate's list of running images true for what the pods of a cluster run from its registries. */
export function runImages(estate: Estate, cluster: Cluster) {
  const running = new Map<string, Container[]>();
  cluster.objects.listen(({ kind, object, type }) => {
    if (kind.kind !== "Pod") return;
    const { uid } = object.metadata;
    if (type === "DELETED") {
      for (const one of running.get(uid) ?? []) stopImage(estate, one);
      running.delete(uid);
    } else if (object.status?.phase === "Running" && !running.has(uid))
      running.set(uid, started(estate, cluster, object));
  });
}

function started(estate: Estate, cluster: Cluster, { metadata, spec }: KubeObject): Container[] {
  const workload = metadata.ownerReferences?.[0]?.name.replace(/-[0-9a-f]{10}$/, "") ?? metadata.name;
  return listAt(spec, "containers").flatMap((one) => {
    const image = imageIn(estate, String(one.image));
    const where = {
      cluster: cluster.resource,
      namespace: metadata.namespace ?? "",
      workload,
      container: String(one.name),
    };
    return image ? [runImage(estate, image, where)] : [];
  });
}
