import { loadDefinitions } from "./definitions/load.ts";
import type { Ports } from "./definitions/ports.ts";
import { dispatcher } from "./dispatch/dispatch.ts";
import { rightsPort } from "./dispatch/rights.ts";
import type { Settings } from "./domain/settings.ts";
import type { Clock, Log } from "./ports/process.ts";
import { healthRoutes } from "./process/health.ts";
import { prometheus } from "./process/metrics.ts";
import { writeWatch } from "./process/write-watch.ts";
import { publisher } from "./publish/publish.ts";
import { shapeWatcher } from "./publish/shape-watch.ts";
import { troubleTeller } from "./publish/trouble.ts";
import { workQueue } from "./queue/queue.ts";
import { readingsPort } from "./readings/readings.ts";
import { connect, disconnect } from "./redis/connection.ts";
import { redisCli } from "./redis/redis-cli.ts";
import { chatPort } from "./slack/chat.ts";
import { pastOutbox } from "./slack/delivery/past-outbox.ts";
import { pump } from "./slack/delivery/pump.ts";
import { refusedBlocks } from "./slack/delivery/refused-blocks.ts";
import { slackApp } from "./slack/edge/app.ts";
import { routesServer } from "./slack/edge/routes.ts";
import { openStore } from "./store/store.ts";

export type Breakwater = {
  ports: Ports;
  /** Binds the listener; answers with its port, which the system picked where `PORT` is 0. */
  listen(): Promise<number>;
  /** Starts the workers and schedules of its role. */
  start(): Promise<void>;
  /** Stops taking work, finishes or returns what is held, and closes. */
  stop(): Promise<void>;
};

/** Work held at a stop is finished or returned within this time; the process has 25 s in all (design, section 8). */
const stopSeconds = 15;

/**
 * Puts everything together; opens no connection.
 * @param options.socket that of the private Redis, where `settings.redis.url` is not set
 * @param options.definitionsDir the folder whose `commands/`, `jobs/`, `notifiers/` and `scenarios/` are loaded
 * @throws ConfigError where a definition is not valid
 */
export async function build(
  settings: Settings,
  options: { log: Log; socket?: string; definitionsDir: string },
): Promise<Breakwater> {
  const { log } = options;
  const clock: Clock = { now: () => new Date().toISOString() };
  const { metrics, text } = prometheus();
  const definitions = await loadDefinitions(options.definitionsDir);
  const target = { url: settings.redis.url, socket: options.socket };
  const redis = connect(target, log);
  const { prefix } = settings.redis;
  const store = openStore(redis, prefix, settings.channels, settings.retention, {
    shapeOf: (notifier) => definitions.notifiers.get(notifier)?.event,
    cli: redisCli(target),
    failed: (error) =>
      log.warn({ err: error }, "an unreadable value in Redis could not be moved to quarantine"),
  });
  const azure = atFirstCall(async () => {
    const { azurePort } = await import("./azure/azure.ts");
    return azurePort(settings, { log, metrics, clock, shaped });
  });
  const readings = readingsPort({ azure, store, leases: store.leases, clock, log, metrics });
  const clusters = atFirstCall(async () => {
    const { clustersPort } = await import("./kubernetes/clusters.ts");
    const more = [...definitions.scenarios.values()].flatMap(({ rights }) => rights.filter(isCreated));
    return clustersPort({ azure, proxy: settings.proxy, log, now: clock.now, more });
  });
  const refused = refusedBlocks(store.once);
  const { call, chat, posting, people, directory } = chatPort(settings, {
    log,
    metrics,
    refused,
    once: store.once,
  });
  const admin = adminChannels(settings, chat, log);
  const work = workQueue({
    connect: (use) => connect(target, log, use),
    prefix: settings.redis.prefix,
    log,
    metrics,
    jobs: definitions.jobs,
    ports: () => ports,
    schedules: settings.schedules,
    slots: store.slots,
    clock,
  });
  const publish = publisher({
    notifiers: definitions.notifiers,
    store,
    queue: work.queue,
    clock,
    metrics,
    admin,
  });
  const trouble = troubleTeller({ store, publish, clock, admin });
  const shaped = shapeWatcher({ store, trouble }, (reader, error) =>
    log.warn({ err: error, reader }, "the shape of a reading could not be compared with the last one"),
  );
  const deliver = pump({
    channels: store.channels,
    outbox: store.outbox,
    leases: store.leases,
    posting,
    notifiers: definitions.notifiers,
    refused,
    people,
    trouble,
    clock,
    log,
    metrics,
    language: settings.language,
    timezone: settings.schedules.timezone,
  });
  const rights = rightsPort(settings.access, directory);
  const ports: Ports = {
    azure,
    readings,
    clusters,
    store,
    queue: work.queue,
    chat,
    publish,
    deliver,
    trouble,
    rights,
    clock,
    log,
    metrics,
    settings,
    definitions,
  };
  const watch = writeWatch({
    write: () => store.ping(),
    tell: pastOutbox({
      render: definitions.notifiers.get("trouble")?.render,
      admin,
      posting,
      lastWrite: () => store.lastPing(),
      clock,
      language: settings.language,
    }),
    log,
    now: clock.now,
    everyMs: 10_000,
  });
  const routes = healthRoutes({
    redis: () => store.ping(),
    slack: () => chat.identity(),
    azure: () => azure.subscriptions(),
    late: () => work.queue.late(),
    unreadable: () => store.quarantine.list(),
    metrics: text,
  });
  const web = settings.role !== "worker";
  const edge = web
    ? slackApp({
        settings,
        log,
        metrics,
        once: store.once,
        channels: store.channels,
        clock,
        refused,
        call,
        posting,
        chat,
        people,
        dispatch: dispatcher(ports),
        routes,
        trouble,
      })
    : routesServer(settings.listen, routes);
  return {
    ports,
    async listen() {
      await edge.start();
      return edge.port() ?? settings.listen.port;
    },
    async start() {
      watch.start();
      if (settings.role !== "web") await work.startWorkers();
      if (web) await work.startSchedules();
      for (const { file, line, problem } of (await azure.hunts()).problems)
        log.warn({ file, line }, `hunt ${file}:${line} can't be used: ${problem}`);
    },
    async stop() {
      watch.stop();
      await edge.stop();
      await work.stop(stopSeconds);
      await disconnect(redis);
    },
  };
}

/** A port of functions that answer promises. Its files are loaded at the first call: until then a start need not wait. */
function atFirstCall<Port extends object>(load: () => Promise<Port>): Port {
  let loaded: Promise<Port> | undefined;
  return new Proxy({} as Port, {
    get(_, name) {
      // A port is no promise, whoever awaits it.
      if (name === "then") return undefined;
      return async (...args: unknown[]) => {
        loaded ??= load();
        const port = (await loaded) as Record<PropertyKey, (...args: unknown[]) => unknown>;
        return port[name]!(...args);
      };
    },
  });
}

/** A kind that a scenario makes: orphans of it are looked for. */
function isCreated({ resource, verbs }: { resource: string; verbs: readonly string[] }): boolean {
  return verbs.includes("create") && !resource.includes("/");
}

/** Where trouble is reported: a channel, or a person's direct conversation; nowhere while Slack does not say which. */
function adminChannels(settings: Settings, chat: Ports["chat"], log: Log): () => Promise<readonly string[]> {
  let channels: string[] | undefined;
  return async () => {
    const { admin } = settings.access;
    if (!admin) return [];
    try {
      channels ??= [/^[UW]/.test(admin) ? await chat.direct(admin) : admin];
    } catch (error) {
      log.warn({ error }, "the direct conversation with the admin could not be opened");
    }
    return channels ?? [];
  };
}
