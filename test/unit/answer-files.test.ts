import { expect, it } from "vitest";
import type { ReplyDeps } from "../../src/slack/reply/place.ts";
import { shareFile } from "../../src/slack/reply/post.ts";
import { fairTurns } from "../../src/text/fair-turns.ts";

it("files of many people go up two at a time, one of each person, and are written once", async () => {
  let [up, most, written] = [0, 0, 0];
  const sent: { bytes: Uint8Array; channel?: string }[] = [];
  const posting = {
    async reserveFile({ bytes }: { bytes: Uint8Array }) {
      most = Math.max(most, ++up);
      sent.push({ bytes });
      await new Promise(setImmediate);
      return { file: `F${sent.length}`, uploaded: true };
    },
    async shareFile() {
      up--;
    },
  };
  const deps = { posting, uploads: fairTurns({ total: 2, each: 1 }) } as unknown as ReplyDeps;
  const file = {
    name: "rows.csv",
    title: "Rows",
    get content() {
      written++;
      return "a,b\r\n";
    },
  };
  const people = ["U1", "U1", "U1", "U2", "U3", "U4"];
  await Promise.all(people.map((person) => shareFile({ channel: `D${person}`, person }, deps, file)));
  expect([sent.length, most, written]).toEqual([people.length, 2, 1]);
  expect(new Set(sent.map(({ bytes }) => bytes)).size).toBe(1);
});
