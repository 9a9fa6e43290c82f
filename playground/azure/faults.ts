/** Which requests a fault meets; nothing given means all of Resource Manager's. */
export type FaultMatch = { path?: RegExp; subscription?: string; method?: string };
/**
 * What happens to them: an error status (with `Retry-After` where given), a late answer, a connection that breaks
 * before the request has any effect, half of the JSON, a proxy's HTML, an effect whose answer is lost, an empty body,
 * a 204 without any effect.
 */
export type Fault = { match?: FaultMatch; times?: number } & (
  | { kind: "status"; status: number; code?: string; message?: string; retryAfter?: number }
  | { kind: "slow"; ms: number }
  | { kind: "garbage"; status?: 200 | 502 }
  | { kind: "reset" | "truncate" | "lostAnswer" | "empty" | "unchanged" }
);
export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  /** How many requests came before the `Retry-After` of the answer before them was over. */
  early(): number;
  /** Takes the faults that a request meets, counting them down: for the server. */
  meet(method: string, path: string, body: string): Fault[];
};

const codes: Record<number, string> = {
  400: "BadRequest",
  401: "InvalidAuthenticationToken",
  403: "AuthorizationFailed",
  404: "SubscriptionNotFound",
  409: "MissingSubscriptionRegistration",
  429: "TooManyRequests",
  500: "InternalServerError",
  503: "ServiceUnavailable",
};

/** The error code that Resource Manager gives with a status where a fault names none. */
export const codeOf = (status: number) => codes[status] ?? "Error";

/** A timer may be early by so much. */
const timerMs = 2;

/** A set of faults that can be changed while the server runs. */
export function faultSet(): Faults {
  let faults: { fault: Fault; left: number; again: number }[] = [];
  let early = 0;
  return {
    add: (fault) => void faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, again: 0 }),
    clear: () => {
      faults = [];
    },
    early: () => early,
    meet: (method, path, body) => {
      const known = faults.filter(({ fault }) => matches(fault.match ?? {}, method, path, body));
      const now = performance.now();
      if (known.some(({ again }) => now < again)) early++;
      const met = known.filter(({ left }) => left > 0);
      for (const one of met) {
        one.left--;
        if (one.fault.kind === "status") one.again = now + (one.fault.retryAfter ?? 0) * 1000 - timerMs;
      }
      return met.map((one) => one.fault);
    },
  };
}

function matches(match: FaultMatch, method: string, path: string, body: string): boolean {
  if (match.method && match.method.toUpperCase() !== method) return false;
  if (match.path && !match.path.test(path)) return false;
  if (!match.subscription) return true;
  // A Resource Graph request names its subscriptions in the body.
  const wanted = match.subscription.toLowerCase();
  return path.toLowerCase().includes(`/subscriptions/${wanted}`) || body.toLowerCase().includes(wanted);
}
