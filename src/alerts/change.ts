import type { Ports } from "../definitions/ports.ts";
import {
  type Alert,
  type AlertAction,
  type AlertActor,
  type AlertSeen,
  fingerprint,
  homeOf,
  stateAfter,
} from "../domain/alerts/alert.ts";
import { isAnswerLost } from "../errors.ts";
import { publishAlerts } from "./publish.ts";
import { readAlert } from "./read.ts";

type ChangePorts = Pick<Ports, "azure" | "readings" | "store" | "publish" | "clock">;

/**
 * Changes an alert in Azure for a person, and shows it at once. Azure's answer (204) does not prove that the alert is
 * in that state: the next reading asks, and shows what Azure says then.
 * @returns how many messages are brought up to date
 */
export async function changeAlert(
  alert: Alert,
  asked: { action: AlertAction; person: string; reason?: string },
  { azure, readings, store, publish, clock }: ChangePorts,
): Promise<{ changed: Alert; actor: AlertActor; updated: number }> {
  const { action, person, reason } = asked;
  const before = await store.alerts.actor(alert.id);
  const actor: AlertActor = { person, action, at: clock.now(), ...(reason ? { reason } : {}) };
  // Before Azure is asked: killed right after its answer, the next reading still knows who it was.
  await store.alerts.setActor(alert.id, actor);
  await inAzure(alert, action, azure).catch(async (error: unknown) => {
    const last = await store.alerts.actor(alert.id);
    // Someone else may have changed it meanwhile.
    if (last?.person === person && last.at === actor.at) await store.alerts.setActor(alert.id, before);
    throw error;
  });
  await readings.outdate("alerts");
  const changed: Alert = { ...alert, state: stateAfter[action] };
  const updated = await show(changed, actor, clock.now(), { store, publish });
  return { changed, actor, updated };
}

/**
 * Where no answer came, the change may have been made all the same: then the alert says so.
 * @throws what the change failed with, where the alert is not seen to have the new state because of it
 */
async function inAzure(alert: Alert, action: AlertAction, azure: ChangePorts["azure"]): Promise<void> {
  try {
    await azure.changeAlert(alert.resource, action);
  } catch (error) {
    if (!isAnswerLost(error) || alert.state === stateAfter[action]) throw error;
    const now = await readAlert({ azure }, alert.resource).catch(() => undefined);
    if (now?.state !== stateAfter[action]) throw error;
  }
}

/** Shows an alert as it has just been read: a message that says otherwise is brought up to date at once. */
export async function showAlert(
  alert: Alert,
  asked: string,
  { store, publish }: Pick<ChangePorts, "store" | "publish">,
): Promise<{ actor: AlertActor | undefined }> {
  const actor = await actorOf(alert, store);
  await show(alert, actor, asked, { store, publish });
  return { actor };
}

/** Who brought an alert into its state through the bot; undefined where it came into it in another way. */
export async function actorOf(
  { id, state }: Pick<Alert, "id" | "state">,
  { alerts }: { alerts: Pick<Ports["store"]["alerts"], "actor"> },
): Promise<AlertActor | undefined> {
  const last = await alerts.actor(id);
  return last && stateAfter[last.action] === state ? last : undefined;
}

async function show(
  alert: Alert,
  actor: AlertActor | undefined,
  at: string,
  { store, publish }: Pick<ChangePorts, "store" | "publish">,
): Promise<number> {
  // Before it is shown: killed in between, the next reading shows what is so.
  await store.alerts.press(alert.id, fingerprint(alert), at, homeOf(alert));
  const simulation = (await store.runs.claims([alert.id])).get(alert.id);
  const event: AlertSeen = { alert, ...(actor && { actor }), ...(simulation && { simulation }) };
  return publishAlerts(publish, [event], { known: true, revision: Date.parse(at) });
}
