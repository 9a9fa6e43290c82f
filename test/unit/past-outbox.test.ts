import { expect, it } from "vitest";
import { pastOutbox } from "../../src/slack/delivery/past-outbox.ts";

type Post = { channel: string; metadata: { key: string } };

/** Processes of the bot that share a Redis and a channel. */
function processes(count: number, find?: () => Promise<undefined>) {
  const posts: Post[] = [];
  let lastWrite: string | undefined = "2026-11-29T08:00:00.000Z";
  const tells = Array.from({ length: count }, () =>
    pastOutbox({
      render: () => ({ headline: "Can't write to Redis", parts: [] }),
      admin: async () => ["C0ADMIN0001"],
      posting: {
        post: async (one) => {
          posts.push(one);
          return { ts: "1.1" };
        },
        find:
          find ??
          (async ({ key }) =>
            posts.some(({ metadata }) => metadata.key === key) ? { ts: "1.1" } : undefined),
      },
      lastWrite: async () => lastWrite,
      clock: { now: () => "2026-11-29T08:01:00.000Z" },
      language: "en",
    }),
  );
  return {
    posts,
    wrote: (at: string | undefined) => {
      lastWrite = at;
    },
    async all(second: number, ended?: string) {
      const since = `2026-11-29T08:00:${String(second).padStart(2, "0")}.000Z`;
      for (const tell of tells) await tell({ since, detail: "OOM", ...(ended && { ended }) });
    },
  };
}

it("a Redis that can't be written is reported once by three processes, and so is its end", async () => {
  const { posts, all } = processes(3);
  await all(10);
  expect(posts).toHaveLength(1);
  await all(10, "2026-11-29T08:02:00.000Z");
  expect(posts).toHaveLength(2);
});

it("the next time is reported again, however soon it comes", async () => {
  const { posts, all, wrote } = processes(2);
  await all(10);
  await all(10, "2026-11-29T08:00:20.000Z");
  wrote("2026-11-29T08:00:21.000Z");
  await all(30);
  expect(posts).toHaveLength(3);
});

it("is reported by each process where Slack can't say whether another one has", async () => {
  const { posts, all } = processes(2, () => Promise.reject(new Error("missing_scope")));
  await all(10);
  expect(posts).toHaveLength(2);
});
