/** How each kind of value in Redis is read; the version of all of them is 1. */

import { z } from "zod";
import type { AlertActor, CausedBy } from "../../domain/alerts/alert.ts";
import type { Seen } from "../../domain/alerts/poll.ts";
import type { DayCoverage } from "../../domain/coverage/history.ts";
import type { Incident, WatchedSubscription, WatchState } from "../../domain/coverage/watch/watch-state.ts";
import type { DayCount } from "../../domain/findings/model/snapshot.ts";
import { type Scope, scopeKinds } from "../../domain/scope/scope.ts";
import { severities } from "../../domain/severity.ts";
import type { ClusterRef, Run } from "../../domain/simulations/simulation.ts";
import { runStates } from "../../domain/simulations/simulation.ts";
import type { StoredKind } from "../../domain/stored-kind.ts";
import type { ChannelSubscription, Mute } from "../../domain/subscription.ts";
import type { HeldScan } from "../../ports/findings.ts";
import type { ChannelId, PollReading, TakenIn, Trouble } from "../../ports/store.ts";
import type { SnapshotRef } from "../findings/snapshot-ref.ts";
import { outboxFormats } from "../outbox/formats.ts";
import { auditEntry } from "./audit-format.ts";
import { count, format, time, withVersion, words } from "./format-parts.ts";
import { requestFormats } from "./request-formats.ts";
import type { ValueFormat } from "./stored-value.ts";

const severity = z.enum(severities);
const language = z.enum(["en", "ja"]);
const scopes: z.ZodType<Scope[]> = z.array(
  z.looseObject({ kind: z.enum(scopeKinds), pattern: z.string().min(1) }),
);
const located = { subscription: z.looseObject({ id: z.string(), name: z.string() }) };
const unread = z.array(z.looseObject({ id: z.string(), name: z.string(), why: z.string() }));

/** A text that is no JSON. */
function plain(kind: StoredKind, schema: z.ZodType<string>): ValueFormat<string> {
  return { kind, schema, plain: true };
}

const cluster = z.looseObject({
  ...located,
  id: z.string().min(1),
  name: z.string(),
  private: z.boolean(),
  tags: z.record(z.string(), z.string()),
});
const commands = z.record(z.string(), z.looseObject({ location: z.string(), mark: z.string(), since: time }));
const sum = z.looseObject({ slot: time, open: z.record(z.string(), count), fixed: count, added: count });

const incidentShape = {
  id: z.string().min(1),
  sort: z.string(),
  after: time,
  opened: time,
  revision: count,
  members: z.array(
    z.looseObject({
      kind: z.string(),
      id: z.string(),
      name: z.string(),
      subscription: z.looseObject({ id: z.string(), name: z.string() }),
    }),
  ),
  by: z
    .looseObject({
      authors: z.array(z.looseObject({ caller: z.string(), at: time, subscription: z.string() })),
    })
    .optional(),
  ended: time.optional(),
};

/** Everything but subscriptions and incidents, and the names of all subscriptions: one whose value is lost is no new one. */
export type WatchHead = Omit<WatchState, "subscriptions" | "incidents"> & { known: string[] };

export const formats = {
  subscription: format<ChannelSubscription>("subscriptions", {
    channel: z.string().min(1),
    topic: z.string().min(1),
    severity: severity.optional(),
    scopes,
    immediate: severity.optional(),
    language: language.optional(),
    origin: z.enum(["file", "command"]),
    by: z.string().optional(),
    at: time.optional(),
  }),
  channelId: format<ChannelId>("channels", { to: z.string().min(1), at: time }),
  mute: format<Mute>("mutes", {
    id: z.string().min(1),
    channel: z.string().min(1),
    sort: z.string().optional(),
    scopes,
    from: time,
    until: time,
    by: z.string(),
    endedBy: z.string().optional(),
  }),
  ...requestFormats,
  seen: {
    kind: "alerts",
    // The last two came later.
    schema: z
      .tuple([z.number(), z.string(), z.string(), z.string()])
      .rest(z.union([z.string(), z.literal([0, 1])]))
      .transform(([, row, api, day, at = "", unconfirmed]) => ({
        ...{ row, api, day, at: String(at) },
        ...(unconfirmed && { unconfirmed: true as const }),
      })),
  } satisfies ValueFormat<Seen>,
  sum: {
    kind: "alerts",
    schema: z.tuple([z.number(), z.string(), count]).transform(([, sum, alerts]) => ({ sum, alerts })),
  } satisfies ValueFormat<TakenIn>,
  actor: format<AlertActor>("alerts", {
    person: z.string(),
    action: z.enum(["take", "resolve", "dismiss", "reopen"]),
    at: time,
  }),
  reading: format<PollReading>("alerts", {
    at: time,
    ok: z.boolean(),
    alerts: count,
    subscriptions: count,
    unread,
    failures: count,
    since: time.optional(),
  }),
  cursor: plain("alerts", z.string().regex(/^\d{1,15}$/, "no number")),
  trouble: format<Trouble>("trouble", {
    since: time,
    detail: z.string(),
    kind: z.string(),
    name: z.string(),
    channels: words,
  }),
  auditEntry,
  slot: plain("slots", time),
  drillSlot: plain("simulations", time),
  run: format<{ rev: string; run: Run }>("simulations", {
    rev: z.string(),
    run: z.looseObject({
      id: z.string().min(1),
      scenario: z.string(),
      cluster: cluster.optional(),
      subscription: z.looseObject({ id: z.string(), name: z.string() }),
      parameters: z.record(z.string(), z.string()),
      requester: z.string(),
      channel: z.string(),
      code: z.string(),
      approvable: time,
      state: z.enum(runStates),
      at: z.record(z.string(), time),
      namespace: z.string(),
      step: count,
      log: words,
      logged: count,
      verifySeconds: z.number(),
      sightings: z.array(z.looseObject({ id: z.string(), seen: time })),
      verdicts: z.array(z.looseObject({ index: count, verdict: z.string() })),
      undone: count,
      commands: commands.optional(),
    }),
  }),
  visited: format<{ cluster: ClusterRef; at: string; commands?: Run["commands"] }>("simulations", {
    cluster,
    at: time,
    commands: commands.optional(),
  }),
  claim: format<CausedBy>("simulations", {
    run: z.string(),
    scenario: z.string(),
    likely: z.literal(true).optional(),
    thread: z.string().optional(),
  }),
  ...outboxFormats,
  snapshot: withVersion<SnapshotRef>("findings", {
    head: z.looseObject({
      slot: time,
      asOf: time,
      unread,
      models: z.array(z.looseObject({})),
      untagged: words,
      artifacts: count,
      findings: count,
      open: z.record(z.string(), count),
    }),
    base: words,
    patches: words,
    dictionary: words,
    next: count,
    baseBytes: count,
    patchBytes: count,
  }),
  held: format<HeldScan>("findings", {
    slot: time,
    asOf: time,
    silent: words,
    before: count,
    now: count,
    scans: count,
  }),
  day: {
    kind: "findings",
    schema: sum.transform(({ v: _, ...day }) => day as DayCount),
  } satisfies ValueFormat<DayCount>,
  published: plain("findings", time),
  watchHead: format<WatchHead>("coverage", {
    revision: count,
    at: time,
    known: words,
    pending: words,
  }),
  dayCoverage: format<Omit<DayCoverage, "day">>("coverage", {
    clusters: z.looseObject({ covered: count, "not-covered": count, unknown: count }),
    unread: count,
  }),
  watchedSubscription: format<WatchedSubscription>("coverage", {
    last: time.optional(),
    things: z.record(
      z.string(),
      z.looseObject({
        facts: z.record(z.string(), z.string()),
        fresh: z.literal(true).optional(),
        missing: count.optional(),
        unreached: time.optional(),
      }),
    ),
  }),
  incident: format<Incident>("coverage", incidentShape),
};

/** A value kept for later: what it holds is known to whoever keeps it. */
export function keptFormat<T>(schema: z.ZodType<T>): ValueFormat<{ value: T }> {
  return { kind: "once", schema: z.looseObject({ value: schema }).transform(({ value }) => ({ value })) };
}
