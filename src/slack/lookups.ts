import { z } from "zod";
import type { Log } from "../ports/process.ts";
import type { Chat } from "../ports/slack.ts";
import type { OncePort } from "../ports/store.ts";
import type { SlackCalls } from "./web-api.ts";

/** One look-up for all who ask for the same while it is under way. Its outcome is not kept. */
export function inFlight<T>(look: (id: string) => Promise<T>): (id: string) => Promise<T> {
  const under = new Map<string, Promise<T>>();
  return (id) => {
    const before = under.get(id);
    if (before) return before;
    const looked = look(id).finally(() => under.delete(id));
    under.set(id, looked);
    return looked;
  };
}

/** A person who leaves a group keeps what it allows for this long. */
const groupSeconds = 5;

/**
 * The members of a user group. Slack allows about 20 look-ups a minute for all groups and processes together [docs.slack.dev
 * "usergroups.users.list", tier 2]: the processes share what was read, for the length of a burst of clicks.
 */
export function membersOf(
  call: SlackCalls,
  { once, log }: { once: Pick<OncePort, "keep" | "peek">; log: Log },
): Chat["group"] {
  return inFlight(async (id) => {
    const key = `group:${id}`;
    const warn = (error: unknown) => log.warn({ error }, "a group's members could not be shared");
    const shared = await once.peek(key, z.array(z.string())).catch(warn);
    if (shared) return shared;
    const { users = [] } = await call<{ users?: string[] }>("usergroups.users.list", { usergroup: id });
    await once.keep(key, users, groupSeconds).catch(warn);
    return users;
  });
}
