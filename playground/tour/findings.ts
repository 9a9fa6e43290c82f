import { setTimeout } from "node:timers/promises";
import { type Day, demoDays, type Expected, lost } from "../estate/days.ts";
import { botRole } from "../estate/estate.ts";
import type { Message, SlackFile } from "../slack/message.ts";
import type { World } from "../world.ts";
import { topLevel } from "./feed.ts";
import { channels, people, type Step, stepMs } from "./tour.ts";

/** What is new, fixed and gone in the images, day after day, and who is affected by what. */
export const findingSteps: Step[] = [
  {
    title: "Subscribe to the digest of the image scans: what was there before is not called new",
    async run({ type, check, show, world }) {
      await type(people.olivia, channels.platform, "subscribe rescan --immediate critical");
      const first = await world.slack.until(() => digests(world)[0], stepMs);
      show("#platform receives:", first);
      check(
        /^(First scan|Nothing changed).*\b61 open findings/.test(first.text),
        "61 open findings, none is new",
      );
    },
  },
  ...demoDays.map(dayStep),
  {
    title: "Is anybody affected by CVE-2024-3094?",
    async run({ type, check, world }) {
      const answer = await type(people.olivia, channels.security, "vulnerabilities CVE-2024-3094");
      const text = JSON.stringify(answer.blocks);
      check(/affects 1 image/.test(answer.text), "one image is, and it runs");
      check(
        /shop\/payments:3\.1/.test(text) && /aks-prod-payments/.test(text),
        "image and cluster are named",
      );
      check(/Critical/.test(text) && /EPSS 85%/.test(text), "how severe it is, and how likely its exploit");
      check(/5\.6\.1 → 5\.6\.2/.test(text), "and the version that fixes it");
      check(text.includes('"vulnerabilities sha256:'), "a menu leads to the image");
      const partial = await type(people.olivia, channels.security, "vulnerabilities CVE-2014-0160");
      const name = lost(world.azure.estate).displayName;
      check(
        /not found in what could be read/.test(partial.text) && JSON.stringify(partial.blocks).includes(name),
        "“not found” is not said of what could not be read",
      );
    },
  },
  {
    title: "What do we have, and what runs where?",
    async run({ type, check }) {
      const all = await type(people.olivia, channels.security, "inventory");
      check(
        /^\d+ clusters, \d+ registries, \d+ images, \d+ running workloads/.test(all.text),
        "every kind is counted",
      );
      const line = 'inventory --kind images --search "payments aks-prod"';
      const images = JSON.stringify((await type(people.olivia, channels.security, line)).blocks);
      check(/shop\/payments/.test(images), "a search finds an image by the cluster that runs it");
      check(images.includes('"vulnerabilities sha256:'), "a menu leads to its findings");
    },
  },
  {
    title: "What can be fixed now, where it runs?",
    async run({ type, check }) {
      const line = "vulnerabilities cluster:aks-prod-web --running --fixable --severity high --csv";
      const answer = await type(people.olivia, channels.security, line);
      check(
        /shop\/frontend:1\.8/.test(JSON.stringify(answer.blocks)),
        "the image that runs there is in the list",
      );
      await type(people.olivia, channels.platform, "subscribe rescan --preview");
    },
  },
  {
    title: "The role is given back, and everything was scanned: one line says that nothing changed",
    async run({ check, show, world }) {
      const { estate } = world.azure;
      estate.permissions[lost(estate).subscriptionId] = [botRole()];
      for (const image of estate.contents.images) image.scanned = new Date().toISOString();
      estate.revision++;
      const before = digests(world).length;
      const quiet = await world.slack.until(
        () =>
          digests(world)
            .slice(before)
            .find(({ text }) => /^Nothing changed/.test(text)),
        2 * stepMs,
      );
      show("#platform receives:", quiet);
      check((quiet.blocks ?? []).length === 1, "one line");
    },
  },
];

function dayStep(day: Day, index: number): Step {
  return {
    title: day.title,
    async run({ check, show, world }) {
      const { slack, azure } = world;
      await scanEnds(world);
      const seen = new Set(digests(world).map(({ ts }) => ts));
      day.happens(azure.estate, new Date());
      // Digests of the scans before may still be on their way, and say again that something was not scanned.
      const digest = await slack.until(
        () => digests(world).find((one) => !seen.has(one.ts) && isAbout(day, csvOf(world, one))),
        stepMs,
      );
      show("#platform receives:", digest);
      const counted = kindsIn(csvOf(world, digest)!.content.toString());
      for (const kind of new Set([...Object.keys(day.expects), ...Object.keys(counted)])) {
        const wanted = day.expects[kind] ?? 0;
        check(counted[kind] === wanted, `${wanted} ${kind}, and ${counted[kind] ?? 0} in the file`);
      }
      const blocks = JSON.stringify(digest.blocks);
      check(blocks.includes('"data_visualization"'), "the trend is Slack's own chart");
      if (index > 0) return;
      check(blocks.includes('"data_table"'), "the worst are Slack's own table");
      const pushed = /^New image juchu\/web:1: 2 fixable/;
      const early = await slack.until(
        () => topLevel(world, channels.platform).find(({ text }) => pushed.test(text)),
        stepMs,
      );
      show("#platform received before that, because of --immediate:", early);
    },
  };
}

/** Waits for the end of a scan: what happens then is seen by the next one as a whole, and by none in part. */
export async function scanEnds({ bot }: World): Promise<void> {
  const ended = async () => {
    const lines = (await bot.metrics()).match(/^breakwater_jobs_total\{[^}]*job="rescan"[^}]*\} \d+/gm) ?? [];
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  };
  const before = await ended();
  for (const until = Date.now() + stepMs; (await ended()) === before; await setTimeout(20))
    if (Date.now() > until) throw new Error("no scan ended");
}

/** The digests that #platform has, in order. */
function digests(world: World): Message[] {
  return topLevel(world, channels.platform).filter(({ text }) =>
    /^First scan| since |^Nothing changed/.test(text),
  );
}

/** The file below a digest, when it is there. */
function csvOf({ slack }: World, digest: Message): SlackFile | undefined {
  return slack
    .thread(digest)
    .flatMap(({ files }) => files ?? [])
    .find(({ filetype }) => filetype === "csv");
}

function isAbout({ expects }: Day, file: SlackFile | undefined): boolean {
  return file !== undefined && Object.keys(kindsIn(file.content.toString())).some((kind) => kind in expects);
}

/** How many rows the file has of each kind of change. */
function kindsIn(csv: string): Expected {
  const counts: Expected = {};
  for (const line of csv.trim().split("\r\n").slice(1)) {
    const kind = line.split(",", 1)[0]!;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
