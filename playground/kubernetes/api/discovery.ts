import { apiVersionOf, type Kind, kinds } from "../kinds.ts";
import type { ApiAnswer } from "./request.ts";

const subresources: Record<string, readonly [name: string, kind: string, verbs: string[]][]> = {
  pods: [
    ["exec", "PodExecOptions", ["create", "get"]],
    ["log", "Pod", ["get"]],
    ["status", "Pod", ["get", "patch", "update"]],
  ],
  namespaces: [["status", "Namespace", ["get", "patch", "update"]]],
};

function resources(all: readonly Kind[]) {
  return all.flatMap((kind) => {
    const main = {
      name: kind.plural,
      singularName: kind.kind.toLowerCase(),
      namespaced: kind.namespaced,
      kind: kind.kind,
      verbs: kind.verbs,
      ...(kind.short.length > 0 ? { shortNames: kind.short } : {}),
    };
    const below = (subresources[kind.plural] ?? []).map(([name, its, verbs]) => ({
      name: `${kind.plural}/${name}`,
      singularName: "",
      namespaced: kind.namespaced,
      kind: its,
      verbs,
    }));
    return [main, ...below];
  });
}

const groupOf = (group: string) => {
  const [first] = kinds.filter((one) => one.group === group);
  const version = { groupVersion: `${group}/${first!.version}`, version: first!.version };
  return { name: group, versions: [version], preferredVersion: version };
};

/** `/version`, `/healthz` and discovery; undefined where the path is of something else. */
export function discover(path: string, version: string, server: string): ApiAnswer | undefined {
  if (/^\/(healthz|livez|readyz)$/.test(path)) return { status: 200, text: "ok" };
  if (path === "/version") return { status: 200, body: versionInfo(version) };
  if (path === "/api") {
    const addresses = [{ clientCIDR: "0.0.0.0/0", serverAddress: server }];
    return {
      status: 200,
      body: { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: addresses },
    };
  }
  const groups = [...new Set(kinds.map((one) => one.group))].filter(Boolean);
  if (path === "/apis")
    return { status: 200, body: { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupOf) } };
  const [, root, first = "", second, more] = path.split("/");
  if (root === "apis" && groups.includes(first) && !second)
    return { status: 200, body: { kind: "APIGroup", apiVersion: "v1", ...groupOf(first) } };
  const groupVersion =
    root === "api" && !second ? first : root === "apis" && !more ? `${first}/${second}` : "";
  const matches = kinds.filter((one) => apiVersionOf(one) === groupVersion);
  if (matches.length === 0 || groupVersion === "") return undefined;
  return {
    status: 200,
    body: { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources: resources(matches) },
  };
}

function versionInfo(version: string) {
  const [major, minor] = version.split(".");
  return {
    major,
    minor,
    gitVersion: `v${version}`,
    gitCommit: "0000000000000000000000000000000000000000",
    gitTreeState: "clean",
    buildDate: "2026-08-12T17:03:50Z",
    goVersion: "go1.24.5",
    compiler: "gc",
    platform: "linux/amd64",
  };
}
