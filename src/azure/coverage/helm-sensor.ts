import { type ClusterCoverage, helmInstalled, type PlanState } from "../../domain/coverage/coverage.ts";

/**
 * The cluster with its profile read for what it says: a sensor that comes by Helm does not show there, so "off" is then
 * unknown [Defender docs, deploy the sensor by Helm; AKS Automatic].
 */
export function withHelmSensor(cluster: ClusterCoverage, plan: PlanState | undefined): ClusterCoverage {
  const { sensorProfile } = cluster;
  if (!sensorProfile.known || sensorProfile.value === "on") return cluster;
  const said = helmInstalled(cluster, plan);
  if (!said) return cluster;
  const evidence = { ...sensorProfile.evidence, said: `${said}; ${sensorProfile.evidence.said}` };
  const why = `the sensor is installed by Helm, which the profile does not show (${said})`;
  return { ...cluster, sensorProfile: { known: false, why, evidence } };
}
