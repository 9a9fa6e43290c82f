import { begun, type Kept, keep, move as moveKept } from "../approvals/kept.ts";
import type { Ports } from "../definitions/ports.ts";
import {
  type Enablement,
  type EnablementPlan,
  enablementCode,
  entered,
} from "../domain/enablement/enablement.ts";

/** What enabling uses of the ports. */
export type EnablementPorts = Pick<
  Ports,
  "azure" | "clusters" | "readings" | "store" | "publish" | "queue" | "rights" | "clock" | "log"
>;

export const enablementsJob = "enablements";

/** What `enable` asked for, as requests that another person approves. */
export function keptEnablements({ store }: Pick<Ports, "store">): Kept<Enablement> {
  const { enablements } = store;
  return {
    store: enablements,
    notifier: "enablement",
    job: enablementsJob,
    codeOf: enablementCode,
    isSame: (one, other) => one.code === other.code,
    entered,
  };
}

/** Stores a request and posts it with its buttons; `again`: the same person asked for the same already. */
export function requestEnablement(
  ports: Pick<EnablementPorts, "store" | "publish" | "clock">,
  plan: EnablementPlan,
): Promise<{ one: Enablement; again: boolean }> {
  const steps = plan.steps.map((step) => ({ ...step, state: "waiting" as const }));
  const one = { ...plan, steps, ...begun("e", enablementCode(plan), ports.clock.now()) };
  return keep(one, keptEnablements(ports), ports);
}

export function move(
  one: Enablement,
  next: (one: Enablement, now: string) => Enablement | undefined,
  ports: Pick<EnablementPorts, "store" | "publish" | "clock">,
): Promise<Enablement> {
  return moveKept(one, next, keptEnablements(ports), ports);
}
