export type Headers = { get(name: string): string | undefined };

/** Statuses that may pass by themselves. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Seconds from `Retry-After` in either of its forms, from Azure's header in milliseconds, or until a used-up quota is back. */
export function retryAfter(headers: Headers): number | undefined {
  const milliseconds = headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms");
  if (milliseconds !== undefined && Number(milliseconds) >= 0) return Number(milliseconds) / 1000;
  const said = headers.get("Retry-After");
  if (said === undefined || said.trim() === "") return quotaPause(headers);
  if (!Number.isNaN(Number(said)))
    return Number.isFinite(Number(said)) ? Math.max(0, Number(said)) : undefined;
  const until = Date.parse(said);
  // Counted by the clock of whoever wrote the time: ours may be another.
  const sent = Date.parse(headers.get("Date") ?? "");
  const now = Number.isNaN(sent) ? Date.now() : sent;
  return Number.isNaN(until) ? undefined : Math.max(0, (until - now) / 1000);
}

/** Resource Graph's own headers, which each of its answers has [docs, "Guidance for throttled requests"]. */
function quotaPause(headers: Headers): number | undefined {
  if (headers.get("x-ms-user-quota-remaining")?.trim() !== "0") return undefined;
  return duration(headers.get("x-ms-user-quota-resets-after")) / 1000;
}

/** Milliseconds of `hh:mm:ss`; a second where it says nothing that can be read. */
export function duration(text: string | undefined): number {
  const [, hours, minutes, seconds] = /^(\d+):(\d{1,2}):(\d{1,2}(?:\.\d+)?)$/.exec(text?.trim() ?? "") ?? [];
  return seconds === undefined
    ? 1000
    : (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
}
