import type { Access } from "../domain/access.ts";
import type { Clock } from "../ports/process.ts";
import type { RequestsPort } from "../ports/requests.ts";
import type { Rights, Verdict } from "../ports/slack.ts";

type Deciding = { requester: string; person: string; decision: "approve" | "refuse" };

/** Why a person may not decide on a request. */
export type Undecided =
  /** The requester decided on their own request. */
  { kind: "own" } | { kind: "no-right"; why: Verdict["why"] } | { kind: "requester-lost-right" };

/**
 * The rules of every approval (design, section 9): the two are different humans, and the permissions of both are looked
 * up now. Undefined where the decision counts.
 */
export async function undecided(rights: Rights, asked: Deciding): Promise<Undecided | undefined> {
  const own = await rights.same(asked.requester, asked.person);
  if (own) return { kind: "own" };
  const may = await rights.may(asked.person, "approver");
  if (!may.allowed) return { kind: "no-right", why: may.why };
  const requesterMay = own === false && (await rights.may(asked.requester, "member")).allowed;
  return asked.decision === "approve" && !requesterMay ? { kind: "requester-lost-right" } : undefined;
}

/** Looks the permissions up again when an approval is used, which may be later. Undefined where all of them hold. */
export async function lostRight(
  rights: Pick<Rights, "may">,
  needed: readonly (readonly [person: string, access: Access])[],
): Promise<Verdict | undefined> {
  const verdicts = await Promise.all(needed.map(([person, access]) => rights.may(person, access)));
  return verdicts.find(({ allowed }) => !allowed);
}

/** A request that is kept until someone decides on it. */
type Decidable = { id: string; state: string; code: string; approvable: string; requester: string };
type Entering<One> = (
  one: One,
  state: "approved" | "refused" | "expired",
  now: string,
  more?: { approver?: string; refusedBy?: string },
) => One;

export type Decided<One> =
  | { kind: "unknown-run" }
  | ({ kind: "done" | "expired" | "used" | "changed" } & { one: One })
  | Undecided;

/**
 * Approves or refuses a request that is kept: of several who press at the same moment exactly one has decided.
 * @param kept.codeOf what the request's code must still be: an approval is bound to exactly what was shown
 */
export async function decideKept<One extends Decidable>(
  asked: { id: string; code: string; decision: "approve" | "refuse"; person: string },
  kept: { store: RequestsPort<One>; codeOf(one: One): string; entered: Entering<One> },
  { rights, clock }: { rights: Rights; clock: Clock },
): Promise<Decided<One>> {
  const { store, codeOf, entered } = kept;
  const there = await store.get(asked.id);
  if (!there) return { kind: "unknown-run" };
  if (there.state !== "requested") return over(there);
  if (there.code !== asked.code || codeOf(there) !== asked.code) return { kind: "changed", one: there };
  const not = await undecided(rights, { ...asked, requester: there.requester });
  if (not) return not;
  const now = clock.now();
  const decided = await store.change(asked.id, (one) => {
    // Shown again with other settings meanwhile: this decision was about the earlier ones.
    if (one.state !== "requested" || one.code !== asked.code) return undefined;
    if (now > one.approvable) return entered(one, "expired", now);
    return asked.decision === "approve"
      ? entered(one, "approved", now, { approver: asked.person })
      : entered(one, "refused", now, { refusedBy: asked.person });
  });
  if (!decided) return { kind: "unknown-run" };
  const { one, changed } = decided;
  return changed && one.state !== "expired" ? { kind: "done", one } : over(one);
}

function over<One extends Decidable>(one: One): Decided<One> {
  if (one.state === "requested") return { kind: "changed", one };
  return { kind: one.state === "expired" ? "expired" : "used", one };
}
