import type { Read, Unread } from "../domain/reading/reading.ts";
import type { Settings } from "../domain/settings.ts";
import type { Subscription } from "../ports/azure.ts";
import type { Clock } from "../ports/process.ts";
import { each } from "../text/each.ts";
import type { Client } from "./client/client.ts";
import { detailOf, problem, whyUnread } from "./client/problem.ts";
import { field, text } from "./fields.ts";

/** Minutes for which a process uses what it read. */
const freshMinutes = 1;
const managementGroups = "/providers/Microsoft.Management/managementGroups";

/** `minutes`: how old the list may be. */
export type Subscriptions = (options?: { minutes?: number }) => Promise<Read<Subscription[]>>;

/** Subscriptions that the credential sees and the settings want, with their state; read at most once a minute. */
export function subscriptionReader(settings: Settings, client: Client, clock: Clock): Subscriptions {
  let last: { at: number; reading: Promise<Read<Subscription[]>> } | undefined;
  return ({ minutes = freshMinutes } = {}) => {
    const now = Date.parse(clock.now());
    if (last && now - last.at < minutes * 60_000) return last.reading;
    const reading = read(settings.scope, client, clock);
    const mine = { at: now, reading };
    last = mine;
    reading.catch(() => {
      if (last === mine) last = undefined;
    });
    return reading;
  };
}

async function read(scope: Settings["scope"], client: Client, clock: Clock): Promise<Read<Subscription[]>> {
  const listed = (await client.list("/subscriptions", "2022-12-01"))
    .map(readSubscription)
    .filter((subscription) => subscription.id !== "");
  // A list that changes while its pages are read may name one twice.
  const visible = [...new Map(listed.map((one) => [one.id, one])).values()];
  const all = scope.managementGroups.length === 0 && scope.subscriptions.length === 0;
  const groups = await each(scope.managementGroups, (group) => members(group, client));
  const wanted = groups.flatMap((group) => group.members);
  const named = scope.subscriptions.flatMap((name): (Subscription | string)[] => {
    const matching = matches(name, visible);
    return matching.length > 0 ? matching : [name];
  });
  const value = visible.filter(
    (subscription) => all || named.includes(subscription) || wanted.some(({ id }) => id === subscription.id),
  );
  const unread: Unread[] = [
    ...groups.flatMap((group) => group.unread),
    ...named
      .filter((name) => typeof name === "string")
      .map((name): Unread => ({ id: name, name, why: "gone", detail: "no such subscription is visible" })),
    ...wanted
      .filter(({ id }) => !visible.some((subscription) => subscription.id === id))
      .map(
        ({ id, name }): Unread => ({
          id,
          name,
          why: "denied",
          detail: "in the management group, but not readable",
        }),
      ),
  ];
  const failure = groups.find((group) => group.error)?.error;
  if (value.length === 0 && failure) throw failure;
  return { value, asOf: clock.now(), subscriptions: value.length + unread.length, unread };
}

/** Subscriptions below a management group, at any depth [Management Groups 2023-04-01, descendants]. */
async function members(group: string, client: Client) {
  try {
    const path = `${managementGroups}/${group}/descendants`;
    const members = (await client.list(path, "2023-04-01"))
      .filter((item) => /\/subscriptions$/i.test(text(field(item, "type"))))
      .map((item) => ({
        id: text(field(item, "name"), 100).toLowerCase(),
        name: text(field(item, "properties", "displayName"), 200) || text(field(item, "name"), 100),
      }));
    return { members, unread: [] };
  } catch (error) {
    const about = { id: group, name: group, why: whyUnread(error), detail: detailOf(error) };
    const unread: Unread = { ...about, group: true };
    return { members: [], unread: [unread], error: problem(error) };
  }
}

/** The one of that id, else all of that name: Azure lets several have the same one. */
function matches(wanted: string, visible: Subscription[]): Subscription[] {
  const lower = wanted.trim().toLowerCase();
  const same = visible.filter(({ id }) => id === lower);
  return same.length > 0 ? same : visible.filter(({ name }) => name.toLowerCase() === lower);
}

/** One subscription of the list; `id` is "" where there is none. */
export function readSubscription(value: unknown): Subscription {
  const fallback = text(field(value, "id"), 200).split("/").at(-1) ?? "";
  const id = (text(field(value, "subscriptionId"), 100) || fallback).toLowerCase();
  return {
    id,
    name: text(field(value, "displayName"), 200) || id,
    state: text(field(value, "state"), 50) || "Unknown",
  };
}

/** Names by id, for values that know the id only. */
export function namesOf(subscriptions: readonly Pick<Subscription, "id" | "name">[]): Map<string, string> {
  return new Map(subscriptions.map(({ id, name }) => [id, name]));
}
