export type Headers = { get(name: string): string | undefined };

/** Statuses that may pass by themselves. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** Seconds from `Retry-After` in either of its forms, or from Azure's header in milliseconds. */
export function retryAfter(headers: Headers): number | undefined {
  const milliseconds = headers.get("retry-after-ms") ?? headers.get("x-ms-retry-after-ms");
  if (milliseconds !== undefined && Number(milliseconds) >= 0) return Number(milliseconds) / 1000;
  const said = headers.get("Retry-After");
  if (said === undefined || said.trim() === "") return undefined;
  if (!Number.isNaN(Number(said)))
    return Number.isFinite(Number(said)) ? Math.max(0, Number(said)) : undefined;
  const until = Date.parse(said);
  // Counted by the clock of whoever wrote the time: ours may be another.
  const sent = Date.parse(headers.get("Date") ?? "");
  const now = Number.isNaN(sent) ? Date.now() : sent;
  return Number.isNaN(until) ? undefined : Math.max(0, (until - now) / 1000);
}
