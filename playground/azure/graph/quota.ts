/** Resource Graph's quota: requests in a window of seconds [Resource Graph docs, "Throttled requests": 15 in 5 s]. */
export type QuotaRule = { requests: number; seconds: number };
export type Quota = { take(at: number): { headers: Record<string, string>; refused: boolean } };

const two = (value: number) => String(value).padStart(2, "0");
const clock = (seconds: number) =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;

/** Counts requests; without a rule nothing is refused, but the headers are there all the same. */
export function quota(rule: QuotaRule | undefined): Quota {
  const { requests, seconds } = rule ?? { requests: 15, seconds: 5 };
  let began = Number.NEGATIVE_INFINITY;
  let used = 0;
  return {
    take(at) {
      if (at - began >= seconds * 1000 || at < began) [began, used] = [at, 0];
      const wait = Math.max(1, Math.ceil((began + seconds * 1000 - at) / 1000));
      const refused = rule !== undefined && used >= requests;
      if (rule && !refused) used++;
      const headers = {
        "x-ms-user-quota-remaining": String(requests - used),
        "x-ms-user-quota-resets-after": clock(wait),
        ...(refused ? { "Retry-After": String(wait) } : {}),
      };
      return { headers, refused };
    },
  };
}
