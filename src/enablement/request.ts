import { randomBytes } from "node:crypto";
import { type Decided, decideKept } from "../approvals/decide.ts";
import { approvableUntil } from "../approvals/expiry.ts";
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

/** Stores a request and posts it with its buttons; nothing is changed in Azure before someone else approves. */
export async function requestEnablement(
  ports: Pick<EnablementPorts, "store" | "publish" | "clock">,
  plan: EnablementPlan,
): Promise<Enablement> {
  const now = ports.clock.now();
  const one: Enablement = {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, state: "waiting" })),
    id: `e-${randomBytes(8).toString("hex")}`,
    revision: 0,
    code: enablementCode(plan),
    approvable: approvableUntil(now),
    state: "requested",
    at: { requested: now },
  };
  await ports.store.enablements.add(one);
  await announceEnablement(one, ports);
  return one;
}

/** Brings the message of a request up to date; repeating it changes nothing. */
export async function announceEnablement(
  one: Enablement,
  { publish }: Pick<EnablementPorts, "publish">,
): Promise<void> {
  await publish("enablement", [one], { revision: one.revision });
}

/** Approves or refuses a request. */
export async function decideEnablement(
  ports: Pick<EnablementPorts, "store" | "publish" | "queue" | "rights" | "clock">,
  asked: { id: string; code: string; decision: "approve" | "refuse"; person: string },
): Promise<Decided<Enablement>> {
  const kept = { store: ports.store.enablements, codeOf: enablementCode, entered };
  const decided = await decideKept(asked, kept, ports);
  if (decided.kind !== "done") return decided;
  const { one } = decided;
  if (one.state === "approved") await ports.queue.enqueue(enablementsJob, { id: one.id });
  await announceEnablement(one, ports);
  return decided;
}

/** Moves a request on by a pure function, unless someone else moved it meanwhile, and shows it. */
export async function move(
  one: Enablement,
  next: (one: Enablement, now: string) => Enablement | undefined,
  ports: Pick<EnablementPorts, "store" | "publish" | "clock">,
): Promise<Enablement> {
  const now = ports.clock.now();
  const moved = await ports.store.enablements.change(one.id, (there) =>
    there.state === one.state ? next(there, now) : undefined,
  );
  if (moved?.changed) await announceEnablement(moved.one, ports);
  return moved?.one ?? one;
}
