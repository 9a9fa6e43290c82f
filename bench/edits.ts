import { join } from "node:path";
import { type Channel, exampleWorkspace } from "../playground/slack/workspace.ts";
import { openBed } from "./bed.ts";
import { counted } from "./counted.ts";
import { eventually, type Figure } from "./figure.ts";
import type { AzureQuestion } from "./peers/azure.ts";
import { stateOf } from "./state.ts";

const alerts = 200;
const channels: Channel[] = Array.from({ length: 50 }, (_, index) => ({
  id: `C0EDITS${String(index).padStart(4, "0")}`,
  name: `edits-${index}`,
}));
const config = ["channels:", ...channels.map(({ id }) => `  - { channel: ${id}, topics: [alerts] }`)].join(
  "\n",
);

/** Edits in Slack after a burst in many channels, of which nothing changes while both readers of alerts read it again. */
export async function edits(): Promise<Figure[]> {
  const workspace = { ...exampleWorkspace, channels: [...exampleWorkspace.channels, ...channels] };
  const bed = await openBed({ estate: { subscriptions: 3, clusters: 6, alerts: 0 }, workspace });
  const dataDir = join(bed.directory, "bot");
  // A worker fires no schedule: it reads when it gets a job.
  const bot = await bed.bot({ config, dataDir, env: { BREAKWATER_ROLE: "worker" } });
  await bot.ready();
  const state = stateOf(dataDir);
  const calls = (method: string) => counted(bot, "slack_requests_total", `method="${method}",outcome="ok"`);
  const run = async (job: string) => {
    const done = () => counted(bot, "jobs_total", `job="${job}"`);
    const before = await done();
    await state.enqueue(job);
    await eventually(`a run of ${job}`, async () => (await done()) > before);
  };
  const delivered = async () => (await state.redis.scard("{breakwater}:outbox:busy")) === 0;
  try {
    await run("poll-alerts");
    await eventually("the first messages", delivered, { seconds: 120 });
    await bed.azure.ask({ newAlerts: alerts } satisfies AzureQuestion);
    await run("poll-alerts");
    await eventually("the burst in all channels", delivered, { seconds: 240, everyMs: 200 });
    const posted = await calls("chat.postMessage");
    for (let index = 0; index < 3; index++) {
      await run("reconcile-alerts");
      await run("poll-alerts");
    }
    await eventually("everything that follows", delivered, { seconds: 240, everyMs: 200 });
    return [
      {
        name: "edits-unchanged",
        goal: 0,
        values: [await calls("chat.update")],
        bound: `edits that change nothing after ${alerts} new alerts in ${channels.length} channels (${posted} posts): every alert is read again and is the same; absolute`,
      },
    ];
  } finally {
    await state.close();
    await bed.end();
  }
}
