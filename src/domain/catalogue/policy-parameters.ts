import type { Words } from "./words.ts";

/** How a person writes the value of a parameter. */
export type ParameterKind = "list" | "ports" | "port" | "quantity" | "boolean" | "registries" | "paths";

/** A parameter of a policy for what runs in clusters; `word`: what `enable` takes. */
export type KnownParameter = {
  word: string;
  /** GUID of the policy definition. */
  policy: string;
  /** The definition's own name of it: an initiative may have another one. */
  name: string;
  kind: ParameterKind;
  title: Words;
  example: string;
};

const limits = "e345eecc-fa47-480f-9e88-67dcc122b164";
const images = "febd0533-8e55-448f-b837-bd0e06f16469";
const appArmor = "511f5417-5d12-434d-ab2e-816901e72a5e";
const capabilities = "c26596ff-4d70-4e6a-9a30-c2506bd2f80c";
const ports = "233a2a17-77ca-4fb1-9b6b-69223d272a44";
const host = "82985f06-dc18-4a48-bc1c-b9f4f0098cfe";
const paths = "098fc59e-46c7-4d99-9b16-64990e543d75";

/** Source: Azure Policy's built-in definitions, category Kubernetes (April 2026). */
export const policyParameters: readonly KnownParameter[] = [
  {
    ...{
      word: "allowed-registries",
      policy: images,
      name: "allowedContainerImagesRegex",
      kind: "registries",
    },
    title: { en: "Allowed registries", ja: "許可するレジストリ" },
    example: "contoso.azurecr.io,mcr.microsoft.com",
  },
  {
    ...{ word: "allowed-ports", policy: ports, name: "allowedServicePortsList", kind: "ports" },
    title: { en: "Allowed service ports", ja: "許可するサービス ポート" },
    example: "80,443",
  },
  {
    ...{ word: "allowed-capabilities", policy: capabilities, name: "allowedCapabilities", kind: "list" },
    title: { en: "Allowed capabilities", ja: "許可する機能 (capability)" },
    example: "NET_BIND_SERVICE",
  },
  {
    ...{ word: "dropped-capabilities", policy: capabilities, name: "requiredDropCapabilities", kind: "list" },
    title: { en: "Capabilities to drop", ja: "削除する機能 (capability)" },
    example: "ALL",
  },
  {
    ...{ word: "allowed-apparmor-profiles", policy: appArmor, name: "allowedProfiles", kind: "list" },
    title: { en: "Allowed AppArmor profiles", ja: "許可する AppArmor プロファイル" },
    example: "runtime/default",
  },
  {
    ...{ word: "cpu-limit", policy: limits, name: "cpuLimit", kind: "quantity" },
    title: { en: "Highest CPU limit of a container", ja: "コンテナーの CPU 制限の上限" },
    example: "500m",
  },
  {
    ...{ word: "memory-limit", policy: limits, name: "memoryLimit", kind: "quantity" },
    title: { en: "Highest memory limit of a container", ja: "コンテナーのメモリ制限の上限" },
    example: "1Gi",
  },
  {
    ...{ word: "host-network", policy: host, name: "allowHostNetwork", kind: "boolean" },
    title: { en: "Host network allowed", ja: "ホスト ネットワークの使用" },
    example: "false",
  },
  {
    ...{ word: "host-min-port", policy: host, name: "minPort", kind: "port" },
    title: { en: "Lowest allowed host port", ja: "許可するホスト ポートの下限" },
    example: "30000",
  },
  {
    ...{ word: "host-max-port", policy: host, name: "maxPort", kind: "port" },
    title: { en: "Highest allowed host port", ja: "許可するホスト ポートの上限" },
    example: "32767",
  },
  {
    ...{ word: "allowed-host-paths", policy: paths, name: "allowedHostPaths", kind: "paths" },
    title: { en: "Allowed host paths", ja: "許可するホスト パス" },
    example: "/var/log:ro",
  },
];

/** The parameters of a policy; none where the catalogue has none. */
export function parametersOf(policy: string | undefined): KnownParameter[] {
  return policyParameters.filter((one) => one.policy === policy?.toLowerCase());
}

/** The parameter that a command line names. */
export function findParameter(word: string): KnownParameter | undefined {
  return policyParameters.find((one) => one.word === word.trim().toLowerCase());
}
