import { type GroupedModel, groupedKeys, type ScannedPackage } from "./contents.ts";
import type { Estate, Resource } from "./estate.ts";
import { azureTime, guid } from "./identifiers.ts";
import { containerId, imageId, poolId } from "./individual-rows.ts";
import type { Cve } from "./packages.ts";

type Asset = { scope: string; id: string; key: string; about: Record<string, unknown>; scanned?: string };

/** The recommendation about nodes is published by its name only. */
const nodesName = "AKS nodes should have vulnerability findings resolved";

/**
 * Sub-assessments of the grouped recommendations, one for each vulnerability of each package, for the models that are
 * switched on [Defender docs, "Container vulnerability assessments REST API"].
 */
export function groupedRows(estate: Estate): Resource[] {
  return [...estate.contents.grouped].flatMap((model) =>
    assets(estate, model).flatMap(({ asset, packages }) =>
      packages.flatMap((one) =>
        one.cves.flatMap((id) => {
          const cve = estate.contents.cves.get(id);
          return cve ? [row(asset, one, cve)] : [];
        }),
      ),
    ),
  );
}

/** The rows of the five recommendations themselves, whose ids the sub-assessments continue. */
export function groupedParents(estate: Estate): Resource[] {
  const parents = new Map<string, Resource>();
  for (const model of estate.contents.grouped)
    for (const { asset } of assets(estate, model)) {
      const id = `${asset.scope}/providers/Microsoft.Security/assessments/${asset.key}`;
      parents.set(id, {
        id,
        name: asset.key,
        type: "Microsoft.Security/assessments",
        properties: {
          displayName: model === "nodes" ? nodesName : `Vulnerability findings (${model})`,
          resourceDetails: { source: "Azure", id: asset.scope },
          status: { code: "Unhealthy" },
        },
      });
    }
  return [...parents.values()];
}

function assets(estate: Estate, model: GroupedModel): { asset: Asset; packages: ScannedPackage[] }[] {
  const { images, containers, pools } = estate.contents;
  if (model === "nodes")
    return pools.map((pool) => {
      const id = poolId(pool);
      return { asset: { scope: id, id, key: guid(nodesName), about: {} }, packages: pool.packages };
    });
  const key = groupedKeys[model];
  if (model.startsWith("registry"))
    return images.map((image) => {
      const scope = model === "registry" ? image.registry.id : imageId(image);
      const id = `/repositories/${image.repository}/images/${image.digest}`;
      return {
        asset: { scope, id, key, about: { artifactDetails: artifact(image) }, scanned: image.scanned },
        packages: image.packages,
      };
    });
  return containers.map((one) => {
    const { cluster, namespace, workload, container, image } = one;
    const about = {
      artifactDetails: artifact(image),
      clusterDetails: { clusterName: cluster.name, clusterResourceId: cluster.id },
      kubernetesDetails: { namespace, workloadName: workload, containerName: container },
    };
    const scope = model === "running" ? cluster.id : containerId(one);
    return {
      asset: { scope, id: containerId(one), key, about, scanned: image.scanned },
      packages: image.packages,
    };
  });
}

function artifact(image: Estate["contents"]["images"][number]) {
  return {
    registryHost: String(image.registry.properties.loginServer),
    repositoryName: image.repository,
    digest: image.digest,
    tags: image.tags,
    artifactType: "ContainerImage",
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    lastPushedToRegistryUTC: azureTime(new Date(image.pushed)),
  };
}

function row(asset: Asset, installed: ScannedPackage, cve: Cve): Resource {
  const name = guid(
    `${asset.key} ${asset.scope} ${asset.id} ${installed.name} ${installed.version} ${cve.id}`,
  );
  const closed =
    installed.closed === "exempted" ? "Exempt" : installed.closed === "disabled" ? "OffByPolicy" : "";
  return {
    id: `${asset.scope}/providers/Microsoft.Security/assessments/${asset.key}/subassessments/${name}`,
    name,
    type: "Microsoft.Security/assessments/subassessments",
    properties: {
      id: cve.id,
      displayName: cve.id,
      status: {
        code: closed ? "NotApplicable" : "Unhealthy",
        severity: cve.severity,
        ...(closed && { cause: closed }),
      },
      resourceDetails: { source: "Azure", id: asset.id },
      timeGenerated: azureTime(new Date(asset.scanned ?? installed.since)),
      additionalData: {
        assessedResourceType: "AzureContainerRegistryVulnerability",
        ...asset.about,
        softwareDetails: {
          packageName: installed.name,
          version: installed.version,
          fixedVersion: installed.fixed,
          fixStatus: installed.fixed ? "FixAvailable" : "NoFixAvailable",
          category: installed.type === "OS" ? "OS" : "Language",
          language: installed.type === "OS" ? "" : installed.type,
        },
        vulnerabilityDetails: {
          cveId: cve.id,
          severity: cve.severity,
          publishedDate: cve.published ?? null,
          cvss: cve.base === undefined ? null : { "3.1": { base: cve.base, cvssVectorString: null } },
          exploitabilityAssessment: {
            isInExploitKit: false,
            exploitStepsPublished: cve.exploit ?? false,
            exploitStepsVerified: cve.exploit ?? false,
          },
          references: [],
        },
      },
    },
  };
}
