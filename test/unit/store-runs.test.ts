import { expect, it } from "vitest";
import { enter } from "../../src/domain/simulations/transitions.ts";
import { openStore } from "../../src/store/store.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf, time } from "../runs.ts";

const redis = redisForThisFile();
const stores = (count: number) => {
  const prefix = redis.prefix();
  return Array.from({ length: count }, () => openStore(redis.connect(), prefix, []).runs);
};

it("of two approvers and a canceller who press at the same moment, exactly one wins", async () => {
  const [one, two, three] = stores(3) as [
    ReturnType<typeof stores>[0],
    ReturnType<typeof stores>[0],
    ReturnType<typeof stores>[0],
  ];
  for (let round = 0; round < 20; round++) {
    const id = `r-race${round}`;
    await one.add(runOf({ id }));
    const press = (runs: typeof one, state: "approved" | "cancelled" | "refused", person: string) =>
      runs.change(id, (run) => enter(run, state, time(1), { approver: person }));
    const answers = await Promise.all([
      press(one, "approved", "U0ONE"),
      press(two, "approved", "U0TWO"),
      press(three, "refused", "U0THREE"),
    ]);
    expect(answers.filter((answer) => answer?.changed)).toHaveLength(1);
    const winner = answers.find((answer) => answer?.changed)!.run;
    expect(await two.get(id)).toEqual(winner);
  }
});

it("changes made at the same moment by many are all made, one on top of the other", async () => {
  const many = stores(5);
  await many[0]!.add(runOf({ id: "r-many" }));
  await Promise.all(
    many.map((runs, n) => runs.change("r-many", (run) => ({ ...run, log: [...run.log, `line ${n}`] }))),
  );
  const run = await many[0]!.get("r-many");
  expect(run?.log.toSorted()).toEqual(["line 0", "line 1", "line 2", "line 3", "line 4"]);
});

it("an id is given once", async () => {
  const [runs] = stores(1);
  expect(await runs!.add(runOf({ id: "r-once" }))).toBe(true);
  expect(await runs!.add(runOf({ id: "r-once", reason: "another" }))).toBe(false);
  expect((await runs!.get("r-once"))?.reason).not.toBe("another");
});

it("runs of one cluster have their turn in the order of their approval, others do not wait for them", async () => {
  const [runs] = stores(1);
  const approve = async (id: string, at: string, about = {}) => {
    await runs!.add(runOf({ id, ...about }));
    return (await runs!.change(id, (run) => enter(run, "approved", at)))!.run;
  };
  const second = await approve("r-second", time(2));
  const first = await approve("r-first", time(1));
  const elsewhere = await approve("r-elsewhere", time(3), {
    cluster: { ...runOf().cluster!, id: "/subscriptions/s1/resourceGroups/g/providers/x/aks-other" },
  });
  expect(await Promise.all([first, second, elsewhere].map((run) => runs!.before(run)))).toEqual([0, 1, 0]);
  expect((await runs!.open()).map(({ id }) => id).sort()).toEqual(["r-elsewhere", "r-first", "r-second"]);
  const over = await runs!.change("r-first", (run) => enter(run, "cancelled", time(4)));
  expect(await runs!.next(over!.run)).toBe("r-second");
  expect(await runs!.before(second)).toBe(0);
});

it("the newest run is listed first, by scenario, cluster and time", async () => {
  const [runs] = stores(1);
  for (const [id, minute, scenario] of [
    ["r-a", 1, "web-shell"],
    ["r-b", 2, "reconnaissance"],
    ["r-c", 3, "web-shell"],
  ] as const)
    await runs!.add(runOf({ id, scenario, at: { requested: time(minute) } }));
  const ids = async (filter?: Parameters<NonNullable<typeof runs>["list"]>[0]) =>
    (await runs!.list(filter)).map(({ id }) => id);
  expect(await ids()).toEqual(["r-c", "r-b", "r-a"]);
  expect(await ids({ scenario: "web-shell" })).toEqual(["r-c", "r-a"]);
  expect(await ids({ since: time(2) })).toEqual(["r-c", "r-b"]);
  expect(await ids({ cluster: runOf().cluster!.id.toUpperCase() })).toHaveLength(3);
});

it("a run is watched for its alerts until a day after its end, and is then forgotten by the watch alone", async () => {
  const [runs] = stores(1);
  await runs!.add(runOf({ id: "r-watched", state: "running", started: time(0), verifySeconds: 60 }));
  expect((await runs!.watched(time(60))).map(({ id }) => id)).toEqual(["r-watched"]);
  expect(await runs!.watched(time(25 * 60))).toEqual([]);
  await runs!.trim(time(25 * 60));
  expect(await runs!.get("r-watched")).toBeDefined();
});

it("the slot of a drill is taken once, and never goes back", async () => {
  const [one, two] = stores(2);
  const taken = await Promise.all([one!.takeSlot("d", time(5)), two!.takeSlot("d", time(5))]);
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await one!.takeSlot("d", time(4))).toBe(false);
  expect(await two!.lastSlot("d")).toBe(time(5));
});

it("which run caused an alert is remembered after the run is no longer watched", async () => {
  const [runs] = stores(1);
  await runs!.claim("a1", { run: "r-1", scenario: "web-shell" });
  expect(await runs!.claims(["a0", "a1"])).toEqual(new Map([["a1", { run: "r-1", scenario: "web-shell" }]]));
  expect(await runs!.claims([])).toEqual(new Map());
});
