import { describe, expect, it } from "vitest";
import { hiddenReader } from "../../src/azure/permissions/hidden-rows.ts";
import type { Unread } from "../../src/domain/reading/reading.ts";

const query = {
  name: "clusters",
  text: "resources | where type =~ 'microsoft.containerservice/managedclusters'",
};
const subscriptions = Array.from({ length: 10 }, (_, index) => ({
  ...{ id: `s${index}`, name: `s${index}`, state: "Enabled" },
}));

function readerWith(lacking: readonly string[]) {
  const asked: string[][] = [[]];
  const reader = hiddenReader(async (some) => {
    asked.at(-1)!.push(...some.map(({ id }) => id));
    const denied = some.filter(({ id }) => lacking.includes(id));
    return denied.map(({ id, name }): Unread => ({ id, name, why: "denied", detail: "missing" }));
  });
  const read = async (silent = subscriptions, present: string[] = []) => {
    asked.push([]);
    const unread = await reader(query, silent, present);
    return { unread: unread.map(({ id }) => id), asked: asked.at(-1)! };
  };
  return read;
}

describe("subscriptions without a row", () => {
  it("are asked some at a time, and all of them in turn", async () => {
    const read = readerWith([]);
    const asked = [await read(), await read(), await read(), await read()].map((one) => one.asked);
    expect(asked.every(({ length }) => length === 3)).toBe(true);
    expect(new Set(asked.flat()).size).toBe(10);
  });

  it("are found where only one of many can't be seen, and from then on said at each reading", async () => {
    const read = readerWith(["s4"]);
    const unread = [await read(), await read(), await read(), await read()].map((one) => one.unread);
    expect(unread).toEqual([[], ["s4"], ["s4"], ["s4"]]);
  });

  it("are said in the order in which they are listed", async () => {
    const read = readerWith(["s1", "s5", "s8"]);
    expect((await read()).unread).toEqual(["s1", "s5", "s8"]);
    expect((await read()).unread).toEqual(["s1", "s5", "s8"]);
  });

  it("are asked first where they had rows before", async () => {
    const read = readerWith(["s9"]);
    await read(subscriptions.slice(0, 9), ["s9"]);
    expect((await read()).unread).toEqual(["s9"]);
  });
});
