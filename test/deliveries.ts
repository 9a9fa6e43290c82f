import { z } from "zod";
import type { SlackOptions } from "../playground/slack/options.ts";
import { startSlack } from "../playground/slack/server.ts";
import type { SlackStandIn } from "../playground/slack/stand-in.ts";
import { exampleWorkspace } from "../playground/slack/workspace.ts";
import { type NotifierDefinition, notifier } from "../src/definitions/notifier.ts";
import type { RedisConnection } from "../src/redis/connection.ts";
import { chatPort } from "../src/slack/chat.ts";
import { pump } from "../src/slack/delivery/pump.ts";
import { refusedBlocks } from "../src/slack/delivery/refused-blocks.ts";
import { people } from "../src/slack/people.ts";
import { openStore } from "../src/store/store.ts";
import { quiet } from "./quiet.ts";
import type { TestRedis } from "./redis.ts";

/** What happened, and what of it a message carries besides its words. */
export type Happening = {
  id: string;
  text: string;
  again?: string;
  /** The event under whose message it is a reply: it's of another notifier then. */
  below?: string;
  rows?: number;
  lines?: number;
  file?: string;
};

const numbered = (word: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${word}-${index}-`);

const happenings = notifier<Happening>({
  texts: { en: { summary: "things that happen" }, ja: { summary: "出来事" } },
  topic: "alerts",
  event: z.custom<Happening>(),
  filters: [],
  key: ({ id }) => id,
  at: () => new Date().toISOString(),
  bundle: {
    over: 5,
    again: { key: ({ again }) => again ?? "", withinSeconds: 3600 },
    render: (events) => ({ headline: `${events[0]!.text}, ${events.length} times`, parts: [] }),
    joined: ([event]) => ({ headline: `also ${event!.text}`, parts: [] }),
  },
  render: ({ text, rows = 0, lines = 0, file }) => ({
    headline: text,
    parts: [
      ...numbered("line", lines).map((line) => ({ sentence: `${line} ${"x".repeat(250)}` })),
      ...(rows > 0
        ? [
            {
              table: {
                caption: "Rows",
                columns: [{ label: "Row" }],
                rows: numbered("row", rows).map((row) => [row]),
              },
            },
          ]
        : []),
      ...(file ? [{ file: { name: file, title: file, csv: [["a"], ["1"]] } }] : []),
    ],
  }),
  changed: (before, after) => ({ headline: `${before.text} became ${after.text}`, parts: [] }),
});

const replies = notifier<Happening>({
  texts: { en: { summary: "replies to what happens" }, ja: { summary: "返信" } },
  topic: "alerts",
  event: z.custom<Happening>(),
  filters: [],
  key: ({ id }) => id,
  at: () => new Date().toISOString(),
  below: ({ below = "" }) => ({ notifier: "happenings", key: below }),
  render: ({ text }) => ({ headline: `reply ${text}`, parts: [] }),
});

export type Delivery = {
  slack: SlackStandIn;
  store: ReturnType<typeof openStore>;
  /** What was reported to those who can fix it, by what it is about; `resolved` again by that. */
  reported: Map<string, string>;
  resolved: string[];
  /** Puts an event down for a channel, new or changed. */
  publish(channel: string, event: Happening): Promise<void>;
  /** Calls the pump until the channel's outbox is empty, or for so many calls. Its clock leaps over each wait. */
  drain(channel: string, calls?: number): Promise<number[]>;
  stop(): Promise<void>;
};

/** The pump on a real Redis against Slack's stand-in, with a clock that never waits. */
export async function startDelivery(redis: TestRedis, options: SlackOptions = {}): Promise<Delivery> {
  const slack = await startSlack({ workspace: exampleWorkspace, pacing: 0, ...options });
  return deliveryTo(slack, redis.connect(), redis.prefix());
}

/** The same for a Slack that is there, over a connection that may break. */
export function deliveryTo(slack: SlackStandIn, connection: RedisConnection, prefix: string): Delivery {
  const store = openStore(connection, prefix, []);
  const reported = new Map<string, string>();
  const resolved: string[] = [];
  let leapt = 0;
  const clock = { now: () => new Date(Date.now() + leapt).toISOString() };
  const settings = {
    slack: { botToken: slack.env.SLACK_BOT_TOKEN, apiUrl: slack.env.SLACK_API_URL },
    language: "en" as const,
  };
  const metrics = { count() {}, gauge() {}, observe() {} };
  const refused = refusedBlocks(store.once);
  const { chat, posting } = chatPort(settings as never, { log: quiet, metrics, refused, once: store.once });
  const deliver = pump({
    channels: store.channels,
    outbox: store.outbox,
    leases: store.leases,
    posting,
    notifiers: new Map([
      ["happenings", happenings as NotifierDefinition],
      ["replies", replies as NotifierDefinition],
    ]),
    refused,
    people: people(chat, quiet, "en"),
    trouble: {
      async tell({ what, kind }) {
        reported.set(what, kind);
      },
      async resolved(what) {
        resolved.push(what);
      },
    },
    clock,
    log: quiet,
    metrics,
    language: "en",
    timezone: "UTC",
  });
  return {
    slack,
    store,
    reported,
    resolved,
    async publish(channel, event) {
      const before = (await store.outbox.events([event.id])).get(event.id)?.event;
      const at = clock.now();
      const { id, again, below } = event;
      const notifier = below ? "replies" : "happenings";
      const about = { v: 1, notifier, key: id, at, severity: "high" } as const;
      const stored = { ...about, id, ...(again && { again }), ...(below && { below }), event };
      const row = { id: event.id, ...(before !== undefined && { before: JSON.stringify(before) }) };
      await store.outbox.record([stored], [{ channel, rows: [row] }], at);
    },
    async drain(channel, calls = 60) {
      const waits: number[] = [];
      for (let call = 0; call < calls; call++) {
        const seconds = await deliver(channel);
        if (seconds === undefined) return waits;
        waits.push(seconds);
        leapt += seconds * 1000 + 1;
      }
      return waits;
    },
    stop: () => slack.close(),
  };
}
