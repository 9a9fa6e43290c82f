import type { Manifest } from "../../domain/simulations/scenario.ts";
import { type ApplyDeps, applying } from "./apply.ts";
import { at, items, text } from "./read.ts";
import { objectPath, pathOf } from "./resources.ts";

/** What a quota counts pods by [Kubernetes, object count quota]. */
const podCounts = ["pods", "count/pods"];

/**
 * Why pods that are let in one by one are not let in together: a quota of their namespace. Their resources are tried as
 * those of one pod with all their containers, whose defaults and sums are the server's own; their number is compared.
 * @param pods under unused names
 * @returns the server's words, or ours in the same form; undefined where there is room
 */
export async function quotaRefusal(
  pods: readonly Manifest[],
  { transport, resources }: ApplyDeps,
): Promise<string | undefined> {
  const manifest = joined(pods);
  const pod = await resources.ofKind("v1", "Pod");
  const quotas = await resources.ofName("", "resourcequotas");
  if (!quotas) return undefined;
  const [listed, trial] = await transport.ask([
    { kind: "get", path: pathOf(quotas, manifest.metadata.namespace) },
    applying({ manifest, path: objectPath(pod, manifest.metadata) }, true),
  ]);
  if (listed?.error) throw listed.error;
  // Refused for anything else, the joined pod says nothing of the single ones.
  if (trial?.error && /exceeded quota: /.test(trial.error.message)) return trial.error.message;
  return items(listed?.body, "items")
    .map((quota) => countRefusal(quota, pods.length))
    .find((said) => said !== undefined);
}

function joined(pods: readonly Manifest[]): Manifest {
  const [first] = pods as [Manifest, ...Manifest[]];
  const containers = pods.flatMap(({ spec }) => items(spec, "containers"));
  const { volumes: _, initContainers: __, ...spec } = first.spec as Record<string, unknown>;
  return {
    ...first,
    spec: {
      ...spec,
      containers: containers.map((one, index) => {
        const { ports: _, volumeMounts: __, ...container } = one as Record<string, unknown>;
        return { ...container, name: `c${index}` };
      }),
    },
  };
}

/** Quotas with a scope count some pods only. */
function countRefusal(quota: unknown, wanted: number): string | undefined {
  if (at(quota, "spec", "scopes") !== undefined || at(quota, "spec", "scopeSelector") !== undefined)
    return undefined;
  return podCounts
    .map((name) => {
      const hard = Number(text(quota, ["status", "hard", name]) || Number.NaN);
      const used = Number(text(quota, ["status", "used", name]) || Number.NaN);
      if (!(used + wanted > hard)) return undefined;
      return `exceeded quota: ${text(quota, ["metadata", "name"], 253)}, requested: ${name}=${wanted}, used: ${name}=${used}, limited: ${name}=${hard}`;
    })
    .find((said) => said !== undefined);
}
