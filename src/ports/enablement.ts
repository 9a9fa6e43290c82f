import type { PlannedStep, Values } from "../domain/enablement/enablement.ts";
import type { ClusterStandard } from "../domain/enablement/plan-input.ts";
import type { AssignedPolicy } from "../domain/recommendations/policy-parameters.ts";

/**
 * What became of a change. `moved`: someone else changed one of its settings since it was shown, and nothing was done.
 * `changed` with `failed`: Azure did it in part, and said of each setting why not.
 */
export type TurnedOn =
  | { kind: "changed"; failed: Values }
  | { kind: "already" }
  | { kind: "moved"; now: Values };

/** What `enable` reads and changes in Azure. Each call throws `UpstreamError`. */
export type EnablementAzure = {
  /** The settings of a step as Azure has them now; of a cluster also its `provisioningState`. */
  valuesNow(step: PlannedStep): Promise<Values>;
  /**
   * Looks at the settings again and turns them on, unless they are on or someone else changed them.
   * @param options.again the step was begun before: what is there in part may be ours
   */
  turnOn(step: PlannedStep, options?: { again?: boolean }): Promise<TurnedOn>;
  /** Actions that each step needs and those that the bot lacks; where some are lacking, the command that grants them. */
  enablementRights(
    steps: readonly PlannedStep[],
  ): Promise<{ needed: string[][]; missing: string[][]; command?: string }>;
  /** The CIS standard for AKS: whether one is assigned, and the newest that could be. */
  clusterStandard(subscription: string): Promise<ClusterStandard>;
  /**
   * Where a policy (GUID of its definition) is assigned that holds for a subscription, with the parameters that the
   * catalogue knows of it, their current values and defaults. None: it isn't assigned there.
   */
  policyParameters(subscription: string, policy: string): Promise<AssignedPolicy[]>;
};
