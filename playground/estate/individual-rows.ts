import type { Container, Image, NodePool, ScannedPackage } from "./contents.ts";
import type { Estate, Resource } from "./estate.ts";
import { azureTime, draw, guid } from "./identifiers.ts";
import type { Cve } from "./packages.ts";

const nodeType = "microsoft.compute/virtualmachinescalesets";

/** Where a row is found: the scope of its id, and the asset that its details name. */
type Asset = { scope: string; id: string; type: string; more: Record<string, unknown>; exposed?: boolean };

/**
 * One row for each software package and asset: how findings are reported since May 2026 [Defender docs, individual
 * recommendations]. Only open rows carry the details of their vulnerabilities.
 */
export function individualRows(estate: Estate): Resource[] {
  const { images, containers, pools, individual } = estate.contents;
  if (!individual) return [];
  return [
    ...images.flatMap((image) => rows(estate, registryAsset(image), image.packages)),
    ...containers.flatMap((one) =>
      rows(estate, { ...containerAsset(estate, one), exposed: one.exposed }, one.image.packages),
    ),
    ...pools.flatMap((pool) => rows(estate, poolAsset(pool), pool.packages)),
  ];
}

const rows = (estate: Estate, asset: Asset, packages: readonly ScannedPackage[]) =>
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

export function containerAsset(estate: Estate, running: Container): Asset {
  const { cluster, namespace, workload, container, image } = running;
  if (shapeOf(estate, containerId(running)) === "today") {
    const pod = `${workload}-${guid(workload).slice(0, 8)}-${guid(container).slice(0, 5)}`;
    return {
      scope: cluster.id,
      id: `${cluster.id}/securityentitydata/namespace-${namespace}-pod-${pod}-container-${container}`,
      type: "k8s-container",
      more: {
        ControllerName: workload,
        ControllerType: "Deployment",
        PodName: pod,
        Namespace: namespace,
        ImageUri: `${loginServer(image)}/${image.repository}`,
        Repo: image.repository,
        Digest: image.digest,
        K8sClusterName: cluster.name,
      },
    };
  }
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
  return { scope: id, id, type: nodeType, more: {} };
}

type Shape = "today" | "older";

/** The shape of a row; in a mixed tenant each has its own. */
function shapeOf({ contents: { shape } }: Estate, name: string): Shape {
  return shape === "mixed" ? (draw(name, 2) === 0 ? "today" : "older") : shape;
}

function row(estate: Estate, asset: Asset, installed: ScannedPackage): Resource {
  const name = guid(`${asset.id} ${installed.name} ${installed.version}`);
  const shape = shapeOf(estate, name);
  const cves = installed.cves.map((id) => estate.contents.cves.get(id)!).filter(Boolean);
  const worst = cves.toSorted((a, b) => (b.base ?? 0) - (a.base ?? 0))[0];
  const seen = azureTime(new Date(installed.since));
  const closed =
    installed.closed === "exempted" ? "Exempt" : installed.closed === "disabled" ? "OffByPolicy" : "";
  const node = asset.type === nodeType;
  const about = shape === "today" ? todays(installed, cves, worst, node) : older(installed, cves, worst);
  const { CvesDetails, ...withoutCves } = about;
  // Some tenants have all of it in camelCase.
  const camelCase = estate.contents.shape === "mixed" && shape === "today";
  const written = camelCase ? camelKeys : <T>(value: T) => value;
  return {
    id: `${asset.scope}/providers/Microsoft.Security/assessments/${name}`,
    name,
    type: "Microsoft.Security/assessments",
    ...(camelCase && { camelCase }),
    properties: {
      resourceDetails: {
        source: "Azure",
        id: asset.id,
        resourceType: asset.type,
        nativeResourceId: asset.id,
      },
      displayName: `Update ${installed.name}`,
      ...(asset.exposed && { risk: { level: "Critical", riskFactors: ["Exposure to the internet"] } }),
      status: {
        code: closed ? "NotApplicable" : "Unhealthy",
        ...(closed && { cause: closed, description: `${closed}: not counted` }),
        statusChangeDate: seen,
        firstEvaluationDate: seen,
      },
      additionalData: written(closed ? withoutCves : about),
      resourceAdditionalData: written(JSON.stringify(asset.more)),
      metadata: {
        displayName: `Update ${installed.name}`,
        assessmentType: "BuiltIn",
        recommendationCategory: node && shape === "today" ? "ServiceUpgrade" : "SoftwareUpdate",
        severity: worst?.severity === "Critical" ? "High" : (worst?.severity ?? "Low"),
        categories: ["Container"],
        assessmentKey: name,
      },
    },
  };
}

/** The same with names in camelCase, in JSON texts too. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value === "string")
    return /^[[{]/.test(value) ? JSON.stringify(camelKeys(JSON.parse(value))) : value;
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  return Object.fromEntries(
    entries.map(([name, one]) => [name[0]!.toLowerCase() + name.slice(1), camelKeys(one)]),
  );
}

const fixStatus = (fixed: string) => (fixed ? "FixAvailable" : "NoFixAvailable");

/** As since August 2026: entries name the CVE only, and the scanners' details are JSON in a text. */
function todays(
  { name, type, version, fixed }: ScannedPackage,
  cves: readonly Cve[],
  worst: Cve | undefined,
  node: boolean,
) {
  const scanner = {
    category: "SoftwareUpdate",
    PackageType: type,
    DetectedSoftwareVersions: [version],
    FixStatus: fixStatus(fixed),
  };
  const entry = ({ id }: Cve) => ({ CveId: id, FixStatus: fixStatus(fixed), FixedVersion: fixed });
  return {
    SoftwareName: name,
    PackageType: type,
    FixStatus: fixStatus(fixed),
    FixedVersion: fixed,
    DetectedSoftwareVersions: version,
    HighestSeverity: worst?.severity ?? "",
    CvesCount: String(cves.length),
    CvesDetails: JSON.stringify(cves.map(entry)),
    ScannersDetails: JSON.stringify(node ? { agentlessmdvm: scanner } : { mdvm: scanner }),
  };
}

/** As before: each entry has everything. */
function older({ name, type, version, fixed }: ScannedPackage, cves: readonly Cve[], worst: Cve | undefined) {
  return {
    SoftwareName: name,
    PackageType: type,
    FixStatus: fixStatus(fixed),
    MaxCvssScore: String(worst?.base ?? ""),
    CvesDetails: JSON.stringify(cves.map((one) => detail(one, fixed))),
    ScannersDetails: {
      mdvm: {
        category: "SoftwareUpdate",
        PackageType: type,
        DetectedSoftwareVersions: [version],
        FixStatus: fixStatus(fixed),
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
