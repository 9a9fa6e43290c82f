import type { Words } from "./words.ts";

/** What of a node can keep the sensor away. */
export type NodeLimit = "windows" | "taint" | "kernel" | "arm64";

/** Versions that the sensor needs at least [Defender for Cloud documentation, containers support matrix]. */
export const sensorKernel = "5.4";
/** "Above 1.28". */
export const arm64Kubernetes = "1.29";

const matrix = "Containers support matrix (2026-06-02)";

/** In the order in which they are looked for on a node without a pod of the sensor. */
export const nodeLimits: readonly { limit: NodeLimit; name: Words; needs: Words; source: string }[] = [
  {
    limit: "windows",
    name: { en: "Windows", ja: "Windows" },
    needs: {
      en: "not supported: not counted where the sensor has to be ready",
      ja: "非対応 (センサーの準備完了の対象に含めません)",
    },
    source: matrix,
  },
  {
    limit: "kernel",
    name: { en: "old Linux kernel", ja: "古い Linux カーネル" },
    needs: { en: `Linux kernel ${sensorKernel} or newer`, ja: `Linux カーネル ${sensorKernel} 以降` },
    source: matrix,
  },
  {
    limit: "arm64",
    name: { en: "arm64", ja: "arm64" },
    needs: {
      en: `Kubernetes ${arm64Kubernetes} or newer on AKS`,
      ja: `AKS の Kubernetes ${arm64Kubernetes} 以降`,
    },
    source: matrix,
  },
  {
    limit: "taint",
    name: { en: "taint", ja: "taint" },
    needs: {
      en: "no NoSchedule or NoExecute taint that the sensor's pods don't tolerate",
      ja: "センサーのポッドが許容しない NoSchedule または NoExecute の taint がないこと",
    },
    source: "Defender for Cloud documentation, troubleshoot the sensor",
  },
];
