import pTimeout from "p-timeout";

export type HttpRoute = {
  path: string;
  handle(query: URLSearchParams): Promise<{ status: number; type: string; body: string }>;
};

/** For how long the outcome of a check counts, in milliseconds. */
const goodMs = 15_000;
const badMs = 2000;
/** A check that takes longer failed: probes of Kubernetes and of load balancers wait 5 s at most. */
const timeoutMs = 4000;

/**
 * `GET /healthz`: the process is alive. `GET /readyz`: 503 while Redis does not answer; `?verbose` also says whether Slack
 * and Azure do, and whether every scheduled job ran: they make no process unready, because restarting or leaving it out
 * would not help. `GET /metrics`: Prometheus.
 */
export function healthRoutes(ports: {
  redis: () => Promise<unknown>;
  slack: () => Promise<unknown>;
  azure: () => Promise<unknown>;
  /** Scheduled jobs that are late. */
  late: () => Promise<readonly unknown[]>;
  /** Stored values that could not be read. */
  unreadable: () => Promise<readonly unknown[]>;
  metrics: () => Promise<{ type: string; body: string }>;
}): HttpRoute[] {
  const redis = remembered(ports.redis);
  const others = {
    slack: remembered(ports.slack),
    azure: remembered(ports.azure),
    schedules: remembered(async () => {
      if ((await ports.late()).length > 0) throw new Error("a scheduled job is late");
    }),
    stored: remembered(async () => {
      if ((await ports.unreadable()).length > 0) throw new Error("stored values could not be read");
    }),
  };
  return [
    { path: "/healthz", handle: async () => ({ status: 200, type: "text/plain", body: "ok\n" }) },
    {
      path: "/readyz",
      async handle(query) {
        const asked = Object.entries(query.has("verbose") ? { redis, ...others } : { redis });
        const answers = await Promise.all(asked.map(async ([name, works]) => [name, await works()] as const));
        const checks: Record<string, boolean> = Object.fromEntries(answers);
        const body = JSON.stringify({ ready: checks.redis, ...checks });
        return { status: checks.redis ? 200 : 503, type: "application/json", body: `${body}\n` };
      },
    },
    { path: "/metrics", handle: async () => ({ status: 200, ...(await ports.metrics()) }) },
  ];
}

/** Tries a connection, and remembers the outcome for a while: probes come every few seconds. */
function remembered(attempt: () => Promise<unknown>): () => Promise<boolean> {
  let last: { works: boolean; at: number } | undefined;
  let running: Promise<boolean> | undefined;
  return async () => {
    if (last && Date.now() - last.at < (last.works ? goodMs : badMs)) return last.works;
    running ??= answeredInTime(attempt).then((works) => {
      last = { works, at: Date.now() };
      running = undefined;
      return works;
    });
    return running;
  };
}

async function answeredInTime(attempt: () => Promise<unknown>): Promise<boolean> {
  try {
    await pTimeout(attempt(), { milliseconds: timeoutMs });
    return true;
  } catch {
    return false;
  }
}
