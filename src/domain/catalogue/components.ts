/** One family of pods that Defender for Containers or Azure Policy runs in a cluster. */
export type Component = {
  /** Beginning of the pods' names. */
  pods: string;
  part: "sensor" | "policy-addon";
  /** Daemon sets have one pod on every Linux node. */
  kind: "DaemonSet" | "Deployment";
  source: string;
};

const verify = "Defender for Cloud documentation, verify the deployment of Defender for Containers";
const seed = "A published verification of all features (March 2025)";

/** The five families of the add-ons, and the daemon set of the Helm chart, which runs instead of the first three. */
export const components: readonly Component[] = [
  { pods: "microsoft-defender-collector-ds", part: "sensor", kind: "DaemonSet", source: verify },
  { pods: "microsoft-defender-collector-misc", part: "sensor", kind: "Deployment", source: verify },
  { pods: "microsoft-defender-publisher-ds", part: "sensor", kind: "DaemonSet", source: verify },
  { pods: "microsoft-defender-collectors-ds", part: "sensor", kind: "DaemonSet", source: verify },
  { pods: "azure-policy-webhook", part: "policy-addon", kind: "Deployment", source: seed },
  { pods: "azure-policy", part: "policy-addon", kind: "Deployment", source: seed },
];

/** Which family a pod or daemon set belongs to; undefined for anything else. */
export function componentOf(name: string): Component | undefined {
  return components.find(({ pods }) => name === pods || name.startsWith(`${pods}-`));
}

/**
 * End of support of the Helm chart's sensor, by minor version: the last day of the month that the documentation names
 * [Defender for Cloud documentation, sensor release notes]. The add-on is updated by AKS.
 */
export const sensorSupport: readonly { version: string; until: string }[] = [
  { version: "0.8", until: "2027-02-28" },
  { version: "0.9", until: "2027-04-30" },
  { version: "0.10", until: "2027-04-30" },
  { version: "0.11", until: "2027-07-31" },
];

/** Last day (ISO) on which a version of the chart's sensor is supported; undefined where the catalogue has none. */
export function supportedUntil(version: string): string | undefined {
  const [major, minor] = version.replace(/^v/, "").split(".");
  return sensorSupport.find((one) => one.version === `${major}.${minor}`)?.until;
}
