import type { Access } from "../domain/access.ts";
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
