import type { Container, Found, Image, NodePool } from "./contents.ts";
import type { Estate, Resource } from "./estate.ts";
import { azureTime, guid } from "./identifiers.ts";
import type { Cve } from "./packages.ts";

/** Where a row is found: the scope of its id, and the asset that its details name. */
type Asset = { scope: string; id: string; type: string; more: Record<string, unknown> };

/**
 * One row for each software package and asset: how findings are told since May 2026 [Defender docs, individual
 * recommendations]. Only open rows carry the details of their vulnerabilities.
 */
export function individualRows(estate: Estate): Resource[] {
  const { images, containers, pools, individual } = estate.contents;
  if (!individual) return [];
  return [
    ...images.flatMap((image) => rows(estate, registryAsset(image), image.packages)),
    ...containers.flatMap((one) => rows(estate, containerAsset(one), one.image.packages)),
    ...pools.flatMap((pool) => rows(estate, poolAsset(pool), pool.packages)),
  ];
}

const rows = (estate: Estate, asset: Asset, packages: readonly Found[]) =>
  packages.map((one) => row(estate, asset, one));

export function imageId({ registry, repository, digest }: Image): string {
  return `${registry.id}/repositories/${repository.replaceAll("/", "-")}/images/${digest}`;
}

export function containerId({ cluster, namespace, workload, container }: Container): string {
  return `${cluster.id}/namespaces/${namespace}/deployments/${workload}/containers/${container}`;
}

export function poolId({ cluster, name }: NodePool): string {
  const subscription = cluster.id.split("/").slice(0, 3).join("/");
  const group = cluster.properties.nodeResourceGroup as string;
  const number = Number.parseInt(guid(cluster.name).slice(0, 6), 16);
  return `${subscription}/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachineScaleSets/aks-${name}-${number}-vmss`;
}

function registryAsset(image: Image): Asset {
  return {
    scope: image.registry.id,
    id: imageId(image),
    type: ".containerimage",
    more: {
      Digest: image.digest,
      RepositoryDetails: {
        RepositoryName: image.repository,
        LastPushedToRegistryUTC: azureTime(new Date(image.pushed)),
      },
    },
  };
}

function containerAsset(running: Container): Asset {
  const { cluster, namespace, workload, container, image } = running;
  return {
    scope: cluster.id,
    id: containerId(running),
    type: "k8s-container",
    more: {
      Digest: image.digest,
      ImageName: `${loginServer(image)}/${image.repository}`,
      RepositoryDetails: { RepositoryName: image.repository },
      ClusterName: cluster.name,
      Namespace: namespace,
      WorkloadName: workload,
      ContainerName: container,
    },
  };
}

const loginServer = (image: Image) => String(image.registry.properties.loginServer);

function poolAsset(pool: NodePool): Asset {
  const id = poolId(pool);
  return { scope: id, id, type: "microsoft.compute/virtualmachinescalesets", more: {} };
}

function row(estate: Estate, asset: Asset, found: Found): Resource {
  const name = guid(`${asset.id} ${found.name} ${found.version}`);
  const cves = found.cves.map((id) => estate.contents.cves.get(id)!).filter(Boolean);
  const worst = cves.toSorted((a, b) => (b.base ?? 0) - (a.base ?? 0))[0];
  const seen = azureTime(new Date(found.since));
  const closed = found.closed === "exempted" ? "Exempt" : found.closed === "disabled" ? "OffByPolicy" : "";
  const fix = found.fixed ? "FixAvailable" : "NoFixAvailable";
  return {
    id: `${asset.scope}/providers/Microsoft.Security/assessments/${name}`,
    name,
    type: "Microsoft.Security/assessments",
    properties: {
      resourceDetails: {
        source: "Azure",
        id: asset.id,
        resourceType: asset.type,
        nativeResourceId: asset.id,
      },
      displayName: `Update ${found.name}`,
      status: {
        code: closed ? "NotApplicable" : "Unhealthy",
        ...(closed && { cause: closed, description: `${closed}: not counted` }),
        statusChangeDate: seen,
        firstEvaluationDate: seen,
      },
      additionalData: {
        SoftwareName: found.name,
        PackageType: found.type,
        FixStatus: fix,
        MaxCvssScore: String(worst?.base ?? ""),
        ...(!closed && { CvesDetails: JSON.stringify(cves.map((one) => detail(one, found.fixed))) }),
        ScannersDetails: {
          mdvm: {
            category: "SoftwareUpdate",
            PackageType: found.type,
            DetectedSoftwareVersions: [found.version],
            FixStatus: fix,
          },
        },
      },
      resourceAdditionalData: JSON.stringify(asset.more),
      metadata: {
        displayName: `Update ${found.name}`,
        assessmentType: "BuiltIn",
        recommendationCategory: "SoftwareUpdate",
        severity: worst?.severity === "Critical" ? "High" : (worst?.severity ?? "Low"),
        categories: ["Container"],
        assessmentKey: name,
      },
    },
  };
}

function detail({ id, severity, base, exploit = false, published }: Cve, fixed: string) {
  return {
    CveId: id,
    AdditionalIdentifiers: [],
    Description: `${id}: see its entry in the CVE list.`,
    Cvss: base === undefined ? null : [{ Key: "3.1", Value: { Base: base, CvssVectorString: "" } }],
    Severity: severity,
    PublishedDate: published ?? null,
    FixStatus: fixed ? "FixAvailable" : "NoFixAvailable",
    FixedVersion: fixed,
    ExploitabilityDetails: {
      IsInExploitKit: false,
      IsPubliclyDisclosed: exploit,
      IsVerified: exploit,
    },
    References: [`https://nvd.nist.gov/vuln/detail/${id}`],
    Tags: [],
  };
}
