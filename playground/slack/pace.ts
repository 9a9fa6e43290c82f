import type { State } from "./state.ts";

/**
 * One message a second and channel (docs.slack.dev "Rate limits"). Answers the seconds to wait, or 0 when the message
 * may pass. A tenth of the interval is forgiven for jitter on the way; on the long run the pace holds exactly.
 */
export function waitForPace(state: State, channel: string): number {
  const { pacing, burst } = state.settings;
  if (pacing <= 0) return 0;
  const now = performance.now();
  const due = Math.max(state.pace.get(channel) ?? 0, now);
  const ahead = due - now - (burst - 1) * pacing - pacing / 10;
  if (ahead > 0) return Math.max(1, Math.ceil(ahead / 1000));
  state.pace.set(channel, due + pacing);
  return 0;
}

const window = 60_000;

/** Calls a minute, by method. Source: docs.slack.dev "Rate limits": tier 2 has 20, tier 3 has 50, tier 4 has 100. */
export function waitForTier(state: State, method: string, perMinute: number | undefined): number {
  if (!state.settings.tiers || perMinute === undefined) return 0;
  const now = performance.now();
  const recent = (state.recent.get(method) ?? []).filter((time) => time > now - window);
  state.recent.set(method, recent);
  if (recent.length >= perMinute) return Math.max(1, Math.ceil((recent[0]! + window - now) / 1000));
  recent.push(now);
  return 0;
}
