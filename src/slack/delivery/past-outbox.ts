import type { NotifierDefinition } from "../../definitions/notifier.ts";
import type { Language } from "../../locales/language.ts";
import type { Clock } from "../../ports/process.ts";
import { compile } from "../render/compile.ts";
import type { SlackPosting } from "./posting.ts";

/** Since when Redis could not be written, and why; `ended`: when it could again. ISO times. */
type About = { since: string; detail: string; ended?: string };

/**
 * Posts a trouble of Redis to the admin past the outbox, which is in Redis. Each process notices it; the time of the last
 * write that worked says that it is the same trouble, and Slack whether another process has reported it.
 */
export function pastOutbox(ports: {
  render: NotifierDefinition["render"] | undefined;
  admin: () => Promise<readonly string[]>;
  posting: Pick<SlackPosting, "post" | "find">;
  lastWrite: () => Promise<string | undefined>;
  clock: Clock;
  language: Language;
}): (about: About) => Promise<void> {
  const { render, admin, posting, lastWrite, clock, language } = ports;
  let trouble = "";
  return async (about) => {
    const now = clock.now();
    const event = { what: "redis", kind: "unwritable", name: "Redis", ...about };
    const message = render?.(event, { language, now, posted: now });
    if (!message) return;
    if (!about.ended) trouble = (await lastWrite().catch(() => undefined)) ?? about.since;
    const metadata = { key: `redis|${trouble}|${about.ended ? "ended" : "open"}`, part: 0 };
    for (const channel of await admin()) {
      const asked = { channel, ...metadata, since: about.ended ?? about.since };
      // Where Slack can't say, a second message is better than none.
      const there = await posting.find(asked).catch(() => undefined);
      if (!there) await posting.post({ channel, body: compile(message, { language }).head, metadata });
    }
  };
}
