import { randomBytes } from "node:crypto";
import type { Clock, Queue } from "../ports/process.ts";
import type { RequestsPort } from "../ports/requests.ts";
import type { Publish, Rights } from "../ports/slack.ts";
import { type Undecided, undecided } from "./decide.ts";
import { approvableUntil } from "./expiry.ts";

/** A request that is kept until someone decides on it, and until what it asked for is over. */
export type KeptRequest = {
  id: string;
  revision: number;
  state: string;
  code: string;
  approvable: string;
  requester: string;
  at: Partial<Record<string, string>>;
};

/** One kind of request: where it is kept, the notifier that shows it, and the job that does what was approved. */
export type Kept<One extends KeptRequest> = {
  store: RequestsPort<One>;
  notifier: string;
  job: string;
  /** What the request's code must still be: an approval is bound to exactly what was shown. */
  codeOf(one: One): string;
  /** Whether the same person asked for the same. */
  isSame(one: One, other: One): boolean;
  entered(
    one: One,
    state: "approved" | "refused" | "expired",
    now: string,
    more?: { approver?: string; refusedBy?: string },
  ): One;
};

type Showing = { publish: Publish };

export type Decided<One> =
  | { kind: "unknown-run" }
  | ({ kind: "done" | "expired" | "used" | "changed" } & { one: One })
  | Undecided;

/** What every request begins with. @param letter the first one of its id */
export function begun(letter: string, code: string, now: string) {
  return {
    id: `${letter}-${randomBytes(8).toString("hex")}`,
    revision: 0,
    code,
    approvable: approvableUntil(now),
    state: "requested" as const,
    at: { requested: now },
  };
}

/**
 * Stores a request and posts it with its buttons; nothing is changed in Azure before someone else approves.
 * @returns the same that still waits for a decision (`again`), where there is one: asked twice, it is one
 */
export async function keep<One extends KeptRequest>(
  one: One,
  { store, ...kept }: Kept<One>,
  ports: Showing,
): Promise<{ one: One; again: boolean }> {
  const isOpen = ({ state, approvable }: One) =>
    state === "requested" && approvable >= (one.at.requested ?? "");
  const open = (await store.list()).find((other) => isOpen(other) && kept.isSame(other, one));
  if (open) return { one: open, again: true };
  await store.add(one);
  await announce(one, { store, ...kept }, ports);
  return { one, again: false };
}

/** Moves a request on by a pure function, unless someone else moved it meanwhile, and shows it. */
export async function move<One extends KeptRequest>(
  one: One,
  next: (one: One, now: string) => One | undefined,
  kept: Kept<One>,
  ports: Showing & { clock: Clock },
): Promise<One> {
  const now = ports.clock.now();
  const moved = await kept.store.change(one.id, (there) =>
    there.state === one.state ? next(there, now) : undefined,
  );
  if (moved?.changed) await announce(moved.one, kept, ports);
  return moved?.one ?? one;
}

/** So long a request is shown again after its last change: a process that died between the two is back by then. */
const shownAgainMs = 3_600_000;

/** Ends a request that no one decided on in time, and shows what changed lately, should its process have died before. */
export async function bringUpToDate<One extends KeptRequest>(
  one: One,
  kept: Kept<One>,
  ports: Showing & { clock: Clock },
): Promise<void> {
  const now = ports.clock.now();
  if (one.state === "requested" && now > one.approvable)
    return void (await move(one, (there, then) => kept.entered(there, "expired", then), kept, ports));
  const changed = Math.max(...Object.values(one.at).map((time) => Date.parse(time ?? "")));
  if (Date.parse(now) - changed < shownAgainMs) await announce(one, kept, ports);
}

/** Approves or refuses a request: of several who press at the same moment exactly one has decided. */
export async function decideKept<One extends KeptRequest>(
  asked: { id: string; code: string; decision: "approve" | "refuse"; person: string },
  kept: Kept<One>,
  ports: Showing & { queue: Queue; rights: Rights; clock: Clock },
): Promise<Decided<One>> {
  const { store, codeOf, entered } = kept;
  const there = await store.get(asked.id);
  if (!there) return { kind: "unknown-run" };
  if (there.state !== "requested") return over(there);
  if (there.code !== asked.code || codeOf(there) !== asked.code) return { kind: "changed", one: there };
  const not = await undecided(ports.rights, { ...asked, requester: there.requester });
  if (not) return not;
  const now = ports.clock.now();
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
  if (!changed || one.state === "expired") return over(one);
  if (one.state === "approved") await ports.queue.enqueue(kept.job, { id: one.id });
  await announce(one, kept, ports);
  return { kind: "done", one };
}

/** Brings the message of a request up to date; repeating it changes nothing. */
async function announce<One extends KeptRequest>(
  one: One,
  { notifier }: Kept<One>,
  { publish }: Showing,
): Promise<void> {
  await publish(notifier, [one], { revision: one.revision });
}

function over<One extends KeptRequest>(one: One): Decided<One> {
  if (one.state === "requested") return { kind: "changed", one };
  return { kind: one.state === "expired" ? "expired" : "used", one };
}
