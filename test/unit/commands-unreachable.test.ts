import { expect, it } from "vitest";
import { openStore } from "../../src/store/store.ts";
import { assessmentOf } from "../dispatch-estate.ts";
import { benchOf, last, people, read, refused, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();

/**
 * Slash commands can be typed where the app is no member [docs.slack.dev "Implementing slash commands"], but
 * `chat.postMessage` answers `not_in_channel` or `channel_not_found` there: what promises a post looks first.
 */
const requests = [
  "enable sub:prod-east plan --reason x",
  "exempt k1 sub:prod-east --for 30d --reason x",
  "suppress K8S.NODE_ImdsCall sub:prod-east --for 7d --reason x",
  "simulate web-shell aks-demo --reason x",
  "simulate",
];
const posts = ["subscribe alerts", "subscribe", "mute K8S.NODE_ImdsCall --for 4h", "mute"];

async function said(line: string, channel: string, there: "absent" | "unseen") {
  const look = async (id: string) => {
    if (there === "unseen") throw refused("channel_not_found");
    return { id, name: "security", member: false, archived: false, private: false };
  };
  const bench = benchOf(openStore(redis.connect(), redis.prefix(), []), {
    azure: { assessments: async () => ({ ...read([assessmentOf("k1", "aks-demo")]), unassessed: [] }) },
    chat: { channel: look, direct: async () => "D0BOTANDME1" },
  });
  const message = last(await bench.say(line, { channel, person: people.operator }));
  return { message, published: bench.published };
}

it.each([...requests, ...posts])("%s promises no post where the bot can't post", async (line) => {
  for (const there of ["absent", "unseen"] as const) {
    const { message, published } = await said(line, "C0OUTSIDE01", there);
    expect(message.tone).toBe("warning");
    expect(textOf(message.headline)).toContain("/invite @Breakwater");
    expect(published).toEqual([]);
  }
});

it("takes a public channel without joining it where the token may post there", async () => {
  const open = { id: "C0OUTSIDE01", name: "security", member: false, open: true as const };
  const bench = benchOf(openStore(redis.connect(), redis.prefix(), []), {
    chat: { channel: async () => ({ ...open, archived: false, private: false }) },
  });
  await bench.say("subscribe alerts", { channel: open.id });
  expect(bench.published).toMatchObject([{ notifier: "test-message" }]);
});

it.each(requests)("%s is not requested where no approver can see it", async (line) => {
  for (const channel of ["D0BOTANDME1", "D0YOUANDME1"]) {
    const { message, published } = await said(line, channel, "absent");
    expect(textOf(message.headline)).toContain("Approvers must be able to see the request");
    expect(published).toEqual([]);
  }
});

it.each(posts)("%s takes the person's own direct messages with the bot, no other ones", async (line) => {
  const { message } = await said(line, "D0YOUANDME1", "absent");
  expect(textOf(message.headline)).toContain("isn't part of this conversation");
});
