/** How the values of the compliance watch are read. */
import { z } from "zod";
import { controlStates } from "../../domain/compliance/compliance.ts";
import type {
  ComplianceState,
  DayCompliance,
  WatchedSubscription,
} from "../../domain/compliance/watch/state.ts";
import { count, format, time, words } from "./format-parts.ts";

const state = z.enum(controlStates);
const text = z.string();
const days = z.array(
  z.looseObject({
    slot: time,
    standards: z.array(
      z.looseObject({ key: text, name: text, subscriptions: count, counts: z.record(state, count) }),
    ),
  }),
);
const change = z.looseObject({
  standard: text,
  name: text,
  control: text,
  title: text,
  from: state,
  to: state,
  subscriptions: words,
});
const pending = z.looseObject({
  slot: time,
  asOf: time,
  before: time.optional(),
  weekly: z.boolean(),
  changes: z.array(change),
  assignments: z.array(
    z.looseObject({ name: text, how: z.enum(["assigned", "unassigned"]), subscriptions: words }),
  ),
  added: count,
  removed: count,
  renewed: words.optional(),
  unread: z.array(z.looseObject({ id: text, name: text, why: text })),
  subscriptions: count,
});

export const complianceFormats = {
  head: format<Pick<ComplianceState, "slot" | "asOf" | "week" | "channels" | "pending">>("compliance", {
    slot: time,
    asOf: time,
    week: text,
    channels: words,
    pending: pending.optional(),
  }),
  subscription: format<WatchedSubscription>("compliance", {
    name: text,
    at: time,
    standards: z.record(
      text,
      z.looseObject({
        name: text,
        controls: z.record(text, state),
        missing: z.literal(true).optional(),
        partial: z.literal(true).optional(),
      }),
    ),
  }),
  titles: format<{ titles: Record<string, string> }>("compliance", { titles: z.record(text, text) }),
  days: format<{ days: DayCompliance[] }>("compliance", { days }),
};
