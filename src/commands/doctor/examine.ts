import type { Ports } from "../../definitions/ports.ts";
import type { Check } from "../../domain/check.ts";
import { UpstreamError } from "../../errors.ts";
import type { LateJob } from "../../ports/process.ts";
import { type ClusterStates, lookAtClusters } from "./look-at-clusters.ts";
import type { ScanState } from "./scan-checks.ts";
import { lookAtScopes, type ScopeStates } from "./scope-checks.ts";

type Store = Ports["store"];
export type PollReading = Awaited<ReturnType<Store["alerts"]["reading"]>>;
export type ChannelDepth = Awaited<ReturnType<Store["outbox"]["depth"]>>[number];
export type Durability = Awaited<ReturnType<Store["sizes"]["durability"]>>;
export type Lag = Awaited<ReturnType<Store["outbox"]["lag"]>>;
type Size = Awaited<ReturnType<Store["sizes"]["sizes"]>>[number];

/** A thing that was looked at, or why it could not be. */
export type Seen<T> = { value: T } | { failed: string };

export type ChannelHealth = {
  channel: string;
  topics: string[];
  name: string;
  state: "ok" | "absent" | "archived";
};

export type Examination = {
  slack: Seen<Check[]>;
  azure: Seen<Check[]>;
  reading: Seen<PollReading>;
  depth: Seen<ChannelDepth[]>;
  lag: Seen<Lag>;
  queue: Seen<Record<string, number>>;
  late: Seen<LateJob[]>;
  channels: Seen<Seen<ChannelHealth>[]>;
  scopes: Seen<ScopeStates>;
  troubles: Seen<Awaited<ReturnType<Store["trouble"]["list"]>>>;
  unreadable: Seen<Awaited<ReturnType<Store["quarantine"]["list"]>>>;
  sizes: Seen<Size[]>;
  durability: Seen<Durability>;
  /** Milliseconds that a test write took. */
  written: Seen<number>;
  scan: Seen<ScanState>;
  clusters: Seen<ClusterStates>;
  schedules: Pick<Ports["settings"]["schedules"], "rescan" | "timezone">;
  /** How many operators and approvers are named, and whether somebody hears of trouble. */
  access: { operators: number; approvers: number; admin: boolean };
};

/** Looks at everything at once; what cannot be looked at fails nothing else. */
export async function examine(ports: Ports): Promise<Examination> {
  const { azure, chat, queue, settings, store } = ports;
  const [
    slack,
    cloud,
    reading,
    depth,
    lag,
    counts,
    late,
    channels,
    scopes,
    troubles,
    unreadable,
    sizes,
    durability,
    written,
    scan,
    clusters,
  ] = await Promise.all([
    see(() => chat.checks()),
    see(() => azure.checks()),
    see(() => store.alerts.reading()),
    see(() => store.outbox.depth()),
    see(() => store.outbox.lag()),
    see(() => queue.counts()),
    see(() => queue.late()),
    see(() => channelsOf({ chat, store })),
    see(() => lookAtScopes(ports)),
    see(() => store.trouble.list()),
    see(() => store.quarantine.list()),
    see(() => store.sizes.sizes()),
    see(() => store.sizes.durability()),
    see(() => store.ping()),
    see(() => scanOf(store)),
    see(() => lookAtClusters(ports)),
  ]);
  const { operators, approvers, admin } = settings.access;
  const access = { operators: operators.length, approvers: approvers.length, admin: admin !== undefined };
  const { schedules } = settings;
  const stored = {
    reading,
    depth,
    lag,
    queue: counts,
    late,
    channels,
    scopes,
    troubles,
    unreadable,
    sizes,
    durability,
    written,
    scan,
  };
  return { slack, azure: cloud, ...stored, clusters, access, schedules };
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
async function channelsOf({ chat, store }: Pick<Ports, "chat" | "store">): Promise<Seen<ChannelHealth>[]> {
  const groups = Map.groupBy(await store.subscriptions.list(), ({ channel }) => channel);
  return Promise.all(
    [...groups].map(([channel, subscriptions]) =>
      see(async (): Promise<ChannelHealth> => {
        const topics = subscriptions.map(({ topic }) => topic);
        // A direct conversation can be neither left nor archived, and looking at it takes a right of its own.
        if (channel.startsWith("D")) return { channel, topics, name: channel, state: "ok" };
        const info = await chat.channel(channel).catch((error: unknown) => {
          if (error instanceof UpstreamError && error.code === "channel_not_found") return undefined;
          throw error;
        });
        const state = info?.archived ? "archived" : info?.member ? "ok" : "absent";
        return { channel, topics, name: info?.name ?? channel, state };
      }),
    ),
  );
}
