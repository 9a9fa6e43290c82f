export type HttpRoute = { path: string; handle(): Promise<{ status: number; type: string; body: string }> };

/** How long a connection that was tried is taken for good, or for bad, in milliseconds. */
const goodMs = 15_000;
const badMs = 2000;

/**
 * `GET /healthz`: the process lives. `GET /readyz`: Redis, Slack and Azure answer; 503 and the names of those that do
 * not. `GET /metrics`: Prometheus.
 */
export function healthRoutes(ports: {
  redis: () => Promise<unknown>;
  slack: () => Promise<unknown>;
  azure: () => Promise<unknown>;
  metrics: () => Promise<{ type: string; body: string }>;
}): HttpRoute[] {
  const tried = {
    redis: remembered(ports.redis),
    slack: remembered(ports.slack),
    azure: remembered(ports.azure),
  };
  return [
    { path: "/healthz", handle: async () => ({ status: 200, type: "text/plain", body: "ok\n" }) },
    {
      path: "/readyz",
      async handle() {
        const answers = await Promise.all(
          Object.entries(tried).map(async ([name, works]) => [name, await works()] as const),
        );
        const ready = answers.every(([, works]) => works);
        const body = JSON.stringify({ ready, ...Object.fromEntries(answers) });
        return { status: ready ? 200 : 503, type: "application/json", body: `${body}\n` };
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
    running ??= attempt()
      .then(() => true)
      .catch(() => false)
      .then((works) => {
        last = { works, at: Date.now() };
        running = undefined;
        return works;
      });
    return running;
  };
}
