/** How what channels have, or will get, is read. */

import { z } from "zod";
import type { OpenMessage } from "../../domain/alerts/rollup.ts";
import { severities } from "../../domain/severity.ts";
import type { FollowUp, Intent, Lag, Pause, PlacedMessage, StoredEvent } from "../../ports/outbox.ts";
import { count, format, time, withVersion, words } from "../values/format-parts.ts";
import type { ValueFormat } from "../values/stored-value.ts";

const severity = z.enum(severities);
const language = z.enum(["en", "ja"]);
const posted = z.discriminatedUnion("kind", [
  z.looseObject({ kind: z.literal("part"), message: z.string(), index: count }),
  z.looseObject({ kind: z.literal("changed"), message: z.string(), id: z.string(), at: time }),
  z.looseObject({ kind: z.literal("joined"), message: z.string(), id: z.string(), at: time }),
]);
const follow = z.union([
  posted,
  z.looseObject({ kind: z.literal("edit"), message: z.string(), id: z.string().optional() }),
]);
const shown = z.record(
  z.string(),
  z.looseObject({ ts: z.string(), hash: z.string(), form: z.literal([0, 1, 2]) }),
);

export const outboxFormats = {
  event: withVersion<StoredEvent>("outbox", {
    revision: z.number().optional(),
    id: z.string(),
    notifier: z.string(),
    key: z.string(),
    at: z.string(),
    severity,
    again: z.string().optional(),
    below: z.string().optional(),
    keptDays: z.number().optional(),
    event: z.unknown(),
  }),
  message: withVersion<PlacedMessage>("outbox", {
    id: z.string(),
    notifier: z.string(),
    members: words,
    initial: count,
    language,
    bundle: z.boolean(),
    ts: z.string().optional(),
    posted: time.optional(),
    gone: z.literal(true).optional(),
    noReplies: z.literal(true).optional(),
    shown: shown.optional(),
  }),
  intent: withVersion<Intent>("outbox", {
    id: z.string(),
    message: z.string(),
    what: z.discriminatedUnion("kind", [
      z.looseObject({ kind: z.literal("head") }),
      z.looseObject({ kind: z.literal("follow"), follow: posted }),
    ]),
    started: time,
    looked: count,
    attempts: count,
    form: z.literal([0, 1, 2]),
  }),
  follow: {
    ...{ kind: "outbox" as const, unversioned: true as const },
    schema: follow.transform((value) => value as FollowUp),
  } satisfies ValueFormat<FollowUp>,
  open: format<OpenMessage>("outbox", { message: z.string(), last: time }, { unversioned: true }),
  paused: format<Pause>("outbox", { reason: z.string(), since: time, until: time }, { unversioned: true }),
  /** An event as it was shown; its notifier knows its shape. */
  before: {
    kind: "outbox",
    schema: z.unknown().refine((value) => value !== null, "null"),
    unversioned: true,
    version: Number.MAX_SAFE_INTEGER,
  } satisfies ValueFormat<unknown>,
  lag: withVersion<Lag>("outbox", { at: time, notifier: z.string(), seconds: z.number() }),
};
