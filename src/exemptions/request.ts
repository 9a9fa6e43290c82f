import { begun, type Kept, keep } from "../approvals/kept.ts";
import type { Ports } from "../definitions/ports.ts";
import {
  type Exemption,
  type ExemptionPlan,
  entered,
  exemptionCode,
  isSameRequest,
} from "../domain/exemptions/exemptions.ts";

/** What exemptions use of the ports. */
export type ExemptionPorts = Pick<
  Ports,
  "azure" | "readings" | "store" | "publish" | "queue" | "rights" | "clock" | "log"
>;

export const exemptionsJob = "exemptions";

/** Suppressions and exemptions, as requests that another person approves. */
export function keptExemptions({ store }: Pick<Ports, "store">): Kept<Exemption> {
  const { exemptions } = store;
  const rules = { codeOf: exemptionCode, isSame: isSameRequest, entered };
  return { store: exemptions, notifier: "exemption", job: exemptionsJob, ...rules };
}

/** Stores a request and posts it with its buttons; `again`: the same person asked for the same already. */
export function requestExemption(
  ports: Pick<ExemptionPorts, "store" | "publish" | "clock">,
  plan: ExemptionPlan,
  about: Pick<Exemption, "before" | "matches">,
): Promise<{ one: Exemption; again: boolean }> {
  const one = { ...plan, ...about, ...begun("x", exemptionCode(plan), ports.clock.now()) };
  return keep(one, keptExemptions(ports), ports);
}
