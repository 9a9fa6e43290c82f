import { begun, type Kept, keep } from "../approvals/kept.ts";
import type { Ports } from "../definitions/ports.ts";
import { type Exemption, type ExemptionPlan, entered, exemptionCode } from "../domain/exemptions.ts";

/** What exemptions use of the ports. */
export type ExemptionPorts = Pick<
  Ports,
  "azure" | "readings" | "store" | "publish" | "queue" | "rights" | "clock" | "log"
>;

/** Suppressions and exemptions, as requests that another person approves. */
export function keptExemptions({ store }: Pick<Ports, "store">): Kept<Exemption> {
  const { exemptions } = store;
  return { store: exemptions, notifier: "exemption", job: "exemptions", codeOf: exemptionCode, entered };
}

/** Stores a request and posts it with its buttons. */
export function requestExemption(
  ports: Pick<ExemptionPorts, "store" | "publish" | "clock">,
  plan: ExemptionPlan,
  about: Pick<Exemption, "before" | "matches">,
): Promise<Exemption> {
  const one = { ...plan, ...about, ...begun("x", exemptionCode(plan), ports.clock.now()) };
  return keep(one, keptExemptions(ports), ports);
}
