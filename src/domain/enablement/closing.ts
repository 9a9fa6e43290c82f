import { findExtension } from "../catalogue/extensions.ts";
import { type Gap, type GapKind, isOfOwnPlan } from "../coverage/gap.ts";
import type { LossSort } from "../coverage/watch/watch-state.ts";

/** What `enable` takes to close a gap, or to turn on again what was lost; none of these: it can't. */
const words: Partial<Record<GapKind | LossSort, string>> = {
  "plan-off": "plan",
  "sensor-off": "sensor",
  "workspace-missing": "sensor",
  "policy-off": "policy-addon",
  "foundational-off": "foundational-cspm",
  "provisioning-missing": "provisioning",
  "provisioning-localised": "provisioning",
  "standard-off": "cis-standard",
  "gating-off": "gated-deployment",
};

/** The scope of `enable` and the feature, none for everything that is off there. */
export type Closing = { scope: string; feature?: string };

/** Places by their ids: of two clusters with one name each is meant for itself. */
type Place = { kind: Gap["on"]["kind"]; id: string; subscription: Gap["subscription"] };

/** @param what the extension, where the kind is about one */
export function closingOf(
  kind: GapKind | LossSort,
  { kind: where, id, subscription }: Place,
  what = "",
): Closing | undefined {
  const scope = scopeOf({ kind: where, id, subscription });
  if (kind === "uncovered") return { scope };
  const extension = kind === "extension-off" || kind === "extension-failed" ? findExtension(what) : undefined;
  const assigned = kind === "workspace-missing" && where === "subscription";
  const feature = extension?.name ?? (assigned ? "provisioning" : words[kind]);
  return feature ? { scope, feature } : undefined;
}

function scopeOf({ kind, id, subscription }: Place): string {
  return kind === "subscription" ? `sub:${subscription.id}` : `${kind}:${id}`;
}

/**
 * What closes the gaps of one cause: each place for itself where they are few, or have a plan of their own; else the
 * subscriptions that they lie in.
 */
export function closingsOf(gaps: readonly Gap[], most: number): (Closing & { name: string })[] {
  const of = ({ kind, what, subscription, on: place }: Gap, on: Gap["on"]) => {
    const closing = closingOf(kind, { ...place, subscription }, what);
    return closing ? [{ ...closing, scope: scopeOf({ ...on, subscription }), name: on.name }] : [];
  };
  const each = gaps.flatMap((gap) => of(gap, gap.on));
  const whole = gaps.flatMap((gap) =>
    of(gap, isOfOwnPlan(gap) ? gap.on : { kind: "subscription", ...gap.subscription }),
  );
  const unique = (some: typeof each) => [...new Map(some.map((one) => [one.scope, one])).values()];
  const single = unique(each);
  return single.length <= most ? single : unique(whole).slice(0, most);
}
