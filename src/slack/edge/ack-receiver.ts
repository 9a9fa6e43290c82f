import type { App, Receiver, ReceiverEvent } from "@slack/bolt";
import type { Log, Metrics } from "../../ports/process.ts";

/**
 * A receiver whose every request is acknowledged. Bolt leaves those without an answer that it has no listener for, so
 * that Slack waits three seconds, sends them again, and in the end stops sending events at all (docs.slack.dev "The
 * Events API", "Failure conditions").
 */
export function acknowledged(receiver: Receiver, about: { log: Log; metrics: Metrics }): Receiver {
  return {
    init: (app) => receiver.init(attentive(app, about)),
    start: (...given: unknown[]) => receiver.start(...given),
    stop: (...given: unknown[]) => receiver.stop(...given),
  };
}

function attentive(app: App, { log, metrics }: { log: Log; metrics: Metrics }): App {
  const processEvent = async (event: ReceiverEvent): Promise<void> => {
    let answered = false;
    const ack: ReceiverEvent["ack"] = (response) => {
      answered = true;
      return event.ack(response);
    };
    const named = (event.body as { type?: unknown } | undefined)?.type;
    const type = typeof named === "string" ? named : "none";
    if (type === "app_rate_limited") {
      // Source: docs.slack.dev "app_rate_limited": more than 30,000 events in an hour; those over it are not sent.
      metrics.count("slack_ratelimited_total", { method: "events" });
      log.error({}, "Slack sends no more events for a while: there were too many");
    } else await app.processEvent({ ...event, ack });
    if (answered) return;
    if (type !== "app_rate_limited")
      log.info({ type }, "a request that nothing here listens to was acknowledged");
    await event.ack();
  };
  return Object.assign(Object.create(app) as App, { processEvent });
}
