import type { Unread } from "../../domain/reading/reading.ts";
import type { Subscription } from "../../ports/azure.ts";
import type { Clock } from "../../ports/process.ts";
import { each } from "../../text/each.ts";
import type { Client } from "../client/client.ts";
import { unreadOf } from "../client/probe.ts";
import { allows, type Permission, readPermission } from "./required-actions.ts";

/** Milliseconds for which the permissions of a subscription are kept. */
const kept = 600_000;

/** Those of the subscriptions whose permissions lack one of the actions, or can't be read. */
export type Denied = (subscriptions: readonly Subscription[], needs: readonly string[]) => Promise<Unread[]>;

/**
 * Subscriptions whose permissions lack an action: Resource Graph leaves out what it may not show, without an error. What
 * was read is kept for all who ask.
 */
export function permissionReader(client: Client, clock: Clock): Denied {
  const read = new Map<string, { at: number; given: Permission[] }>();
  const givenIn = async (id: string) => {
    const now = Date.parse(clock.now());
    const last = read.get(id);
    if (last && now - last.at < kept) return last.given;
    const path = `/subscriptions/${id}/providers/Microsoft.Authorization/permissions`;
    const given = (await client.list(path, "2022-04-01")).map(readPermission);
    read.set(id, { at: now, given });
    return given;
  };
  return async (subscriptions, needs) => {
    if (needs.length === 0) return [];
    const denied = await each(subscriptions, async (one): Promise<Unread[]> => {
      try {
        const given = await givenIn(one.id);
        // Who asks was let in to something there: an empty list says nothing.
        if (given.length === 0) return [];
        const lacking = needs.filter((action) => !allows(given, action));
        if (lacking.length === 0) return [];
        const { id, name } = one;
        return [{ id, name, why: "denied", detail: `missing: ${lacking.join(", ")}` }];
      } catch (error) {
        return [unreadOf(one, error)];
      }
    });
    return denied.flat();
  };
}
