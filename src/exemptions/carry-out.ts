import { lostRight } from "../approvals/decide.ts";
import { move } from "../approvals/kept.ts";
import { auditedExemption } from "../domain/audit.ts";
import { type Exemption, entered } from "../domain/exemptions/exemptions.ts";
import { UpstreamError } from "../errors.ts";
import { type ExemptionPorts, keptExemptions } from "./request.ts";

/** How long Azure may fail to answer before an approval is given up. */
const mostWaitMs = 30 * 60_000;

const over = { said: "Its end is in the past.", ja: "終了日時を過ぎています。" };

/**
 * Makes in Azure what was approved, after a new look at the permissions of both people, and audited beforehand. It may be
 * killed and run again at any moment: the PUT is the same each time.
 * @throws UpstreamError where Azure may answer later
 */
export async function carryOut(one: Exemption, ports: ExemptionPorts): Promise<void> {
  const { rights, clock, store } = ports;
  const lost = await lostRight(rights, [
    [one.approver ?? "", "approver"],
    [one.requester, "member"],
  ]);
  if (lost) return failed(one, { said: lost.why.en, ja: lost.why.ja }, ports);
  if (one.expires <= clock.now()) return failed(one, over, ports);
  const entry = auditEntry(one, clock.now());
  const begun = await store.audit.begin(entry);
  try {
    const { expires } = await ports.azure.putExemption(one, commentOf(one));
    await store.audit.append({ ...entry, outcome: "done" }, begun);
    await ports.readings.outdate(one.kind === "alert" ? "alerts" : "recommendations");
    await replaceOthers(one, ports);
    const more = expires ? { expires } : {};
    await move(one, (there, now) => entered(there, "active", now, more), keptExemptions(ports), ports);
  } catch (error) {
    if (!(error instanceof UpstreamError) || error.system !== "azure") throw error;
    await store.audit.append({ ...entry, outcome: "failed", detail: error.message }, begun);
    const waited = Date.parse(clock.now()) - Date.parse(one.at.approved ?? clock.now());
    if (error.retryable && waited < mostWaitMs) throw error;
    await failed(one, await reasonOf(error, one, ports), ports);
  }
}

async function failed(
  one: Exemption,
  failure: NonNullable<Exemption["failure"]>,
  ports: ExemptionPorts,
): Promise<void> {
  await move(one, (there, now) => entered(there, "failed", now, { failure }), keptExemptions(ports), ports);
}

/** A second request for the same thing changed its rule: the first one is over. */
async function replaceOthers({ id, resource }: Exemption, ports: ExemptionPorts): Promise<void> {
  const all = await ports.store.exemptions.list();
  const others = all.filter((one) => one.id !== id && one.resource === resource && one.state === "active");
  const end = (one: Exemption, now: string) => entered(one, "ended", now, { replacedBy: id });
  for (const other of others) await move(other, end, keptExemptions(ports), ports);
}

/** Where a permission is missing, the command that grants it too. */
async function reasonOf(error: UpstreamError, { subscription, kind }: Exemption, { azure }: ExemptionPorts) {
  const said = error.message.slice(0, 500);
  if (error.status !== 403) return { said };
  const rights = await azure.exemptionRights(subscription.id, kind).catch(() => undefined);
  return { said, ...(rights && { command: rights.command }) };
}

/** What Azure keeps beside the rule: who asked, who approved, and why. */
function commentOf({ reason, requester, approver, id }: Exemption): string {
  return `${reason} (Breakwater ${id}: requested by ${requester}, approved by ${approver})`.slice(0, 500);
}

function auditEntry(one: Exemption, at: string) {
  const command = one.kind === "alert" ? "suppress" : "exempt";
  return {
    ...{ at, person: one.approver ?? "", channel: one.channel, source: "job", command },
    line: `approval ${one.id} ${one.code} approve`,
    action: one.kind === "alert" ? "Creates a suppression rule in Azure" : "Creates an exemption in Azure",
    audited: auditedExemption("create", one),
    target: one.resource,
    outcome: "started" as const,
  };
}
