import type { Ports } from "../../definitions/ports.ts";
import { UpstreamError } from "../../errors.ts";
import type { Language } from "../../locales/language.ts";
import type { ChannelInfo } from "../../ports/slack.ts";
import { isDirectMessage } from "../../text/direct-message.ts";
import { lookAtClusters } from "./look-at-clusters.ts";
import type { ScanState } from "./scan-checks.ts";
import { lookAtScopes } from "./scope-checks.ts";

type Store = Ports["store"];
export type PollReading = Awaited<ReturnType<Store["alerts"]["reading"]>>;
export type ChannelDepth = Awaited<ReturnType<Store["outbox"]["depth"]>>[number];
export type Durability = Awaited<ReturnType<Store["sizes"]["durability"]>>;
export type Lag = Awaited<ReturnType<Store["outbox"]["lag"]>>;

/** A thing that was looked at, or why it could not be. */
export type Seen<T> = { value: T } | { failed: string };

export type ChannelHealth = { name: string; state: "ok" | "open" | "absent" | "archived" };

export type Examination = Awaited<ReturnType<typeof examine>>;

/** Looks at everything at once; what cannot be looked at fails nothing else. */
export async function examine(ports: Ports, language: Language) {
  const { azure, chat, queue, settings, store } = ports;
  const seen = await seeAll({
    slack: () => chat.checks(language),
    azure: () => azure.checks(language),
    reading: () => store.alerts.reading(),
    depth: () => store.outbox.depth(),
    lag: () => store.outbox.lag(),
    queue: () => queue.counts(),
    late: () => queue.late(),
    channels: () => channelsOf({ chat, store }),
    scopes: () => lookAtScopes(ports),
    troubles: () => store.trouble.list(),
    unreadable: () => store.quarantine.list(),
    sizes: () => store.sizes.sizes(),
    durability: () => store.sizes.durability(),
    /** Milliseconds that a test write took. */
    written: () => store.ping(),
    scan: () => scanOf(store),
    clusters: () => lookAtClusters(ports),
  });
  const { operators, approvers, admin } = settings.access;
  // How many operators and approvers are named, and whether somebody hears of trouble.
  const access = { operators: operators.length, approvers: approvers.length, admin: admin !== undefined };
  return { ...seen, access, schedules: settings.schedules };
}

type Looks = Record<string, () => Promise<unknown>>;

async function seeAll<All extends Looks>(
  looks: All,
): Promise<{ [Name in keyof All]: Seen<Awaited<ReturnType<All[Name]>>> }> {
  const seen = Object.entries(looks).map(async ([name, look]) => [name, await see(look)] as const);
  return Object.fromEntries(await Promise.all(seen)) as Awaited<ReturnType<typeof seeAll<All>>>;
}

async function scanOf({ findings }: Store): Promise<ScanState> {
  const [head, held, days] = await Promise.all([findings.current(), findings.held(), findings.days()]);
  return { ...(head && { head }), ...(held && { held }), days };
}

async function see<T>(look: () => Promise<T>): Promise<Seen<T>> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!(error instanceof Error)) return { failed: String(error) };
    if (!(error instanceof UpstreamError)) return { failed: error.message };
    // Of Redis only its own words say what is wrong.
    const said = error.system === "redis" && error.cause instanceof Error ? error.cause : error;
    return { failed: `${error.system}: ${said.message}` };
  }
}

/** Whether each subscribed channel can be posted to. */
async function channelsOf({ chat, store }: Pick<Ports, "chat" | "store">) {
  const channels = new Set((await store.subscriptions.list()).map(({ channel }) => channel));
  return Promise.all(
    [...channels].map(async (channel) => ({
      channel,
      seen: await see(async (): Promise<ChannelHealth> => {
        // A direct conversation can be neither left nor archived, and looking at it takes a right of its own.
        if (isDirectMessage(channel)) return { name: channel, state: "ok" };
        const info = await chat.channel(channel).catch((error: unknown) => {
          if (error instanceof UpstreamError && error.code === "channel_not_found") return undefined;
          throw error;
        });
        return { name: info?.name ?? channel, state: stateOf(info) };
      }),
    })),
  );
}

function stateOf(info: ChannelInfo | undefined): ChannelHealth["state"] {
  if (info?.archived) return "archived";
  if (info?.member) return "ok";
  return info?.open ? "open" : "absent";
}
