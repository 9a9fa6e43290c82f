import type { Ports } from "../../definitions/ports.ts";
import {
  type ActivityEntry,
  activityAsked,
  authorsOf,
  noteAuthors,
  withoutAuthor,
} from "../../domain/coverage/watch/authors.ts";
import type { Authorship, Incident, WatchState } from "../../domain/coverage/watch/watch-state.ts";
import { UpstreamError } from "../../errors.ts";

/** Asks the activity log who did what is new, and what it had no entry for yet. */
export async function findAuthors(
  state: WatchState,
  { azure, clock }: Pick<Ports, "azure" | "clock">,
): Promise<void> {
  const now = clock.now();
  for (const incident of withoutAuthor(state, now))
    noteAuthors(state, incident, await authorship(incident, now, azure));
}

async function authorship(incident: Incident, now: string, azure: Ports["azure"]): Promise<Authorship> {
  const asked = activityAsked(incident, now);
  const answers: { member: (typeof asked)[number]["member"]; entries: ActivityEntry[] }[] = [];
  let unknown: Authorship["unknown"] = { why: "absent" };
  for (const one of asked) {
    try {
      answers.push({ member: one.member, entries: await azure.activity(one.asked) });
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      unknown =
        error.status === 403 ? { why: "denied" } : { why: "failed", detail: error.message.slice(0, 200) };
    }
  }
  const authors = authorsOf(incident.sort, answers);
  return { authors, ...(authors.length === 0 && { unknown }) };
}
