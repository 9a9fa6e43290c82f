import { describe, expect, it } from "vitest";
import { decide } from "../../src/simulations/request.ts";
import { openStore } from "../../src/store/store.ts";
import { benchOf, last, people, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { runOf } from "../runs.ts";
import { simulationBench } from "../simulation-bench.ts";

const redis = redisForThisFile();
const bench = () => simulationBench(redis);
const lost = (cause?: "unread" | "deactivated") => ({
  allowed: false,
  why: { en: "No.", ja: "いいえ。" },
  cause,
});
const allowed = { allowed: true, why: { en: "", ja: "" } };

describe("requester and approver are two humans", () => {
  it("the same human under another id is the requester, and may neither approve nor refuse", async () => {
    const one = bench();
    const { id: run, code } = await one.requested();
    one.ports.rights.same = async () => true;
    for (const decision of ["approve", "refuse"] as const)
      expect(await decide(one.ports, { run, code, decision, person: "W0REQUESTER" })).toMatchObject({
        kind: "own",
      });
    expect((await one.run(run)).state).toBe("requested");
  });

  it("where Slack does not say whether they are two, it is not approved, and may be refused", async () => {
    const one = bench();
    const { id: run, code } = await one.requested();
    one.ports.rights.same = async () => undefined;
    const by = { run, code, person: "U0APPROVER1" };
    expect(await decide(one.ports, { ...by, decision: "approve" })).toMatchObject({
      kind: "requester-lost-right",
    });
    expect(await decide(one.ports, { ...by, decision: "refuse" })).toMatchObject({ kind: "done" });
  });
});

describe("a request may be cancelled", () => {
  const human = (id: string) => (id === people.member ? "W0REQUESTER" : id);
  const person = async (id: string) => ({ id, identity: human(id), name: id, member: true });
  const cancelled = async (by: string) => {
    const store = openStore(redis.connect(), redis.prefix(), []);
    await store.runs.add(runOf({ requester: "W0REQUESTER" }));
    const { say } = benchOf(store, { chat: { person } });
    const shown = await say(`cancel-simulation ${runOf().id}`, { source: "button", person: by });
    return { answer: textOf(last(shown)), state: (await store.runs.get(runOf().id))?.state };
  };

  it("by its requester under another id", async () => {
    expect((await cancelled(people.member)).state).toBe("cancelled");
  });

  it("by no other member", async () => {
    const { answer, state } = await cancelled("U0SOMEONE01");
    expect(state).toBe("requested");
    expect(answer).toContain("Only the requester, operators and approvers can");
  });
});

describe("when the approval is used, both people are looked up again", () => {
  it.each([
    ["approver", "U0APPROVER1"],
    ["requester", "U0REQUESTER"],
  ])("the %s lost the permission: the run ends before anything is created", async (_, person) => {
    const one = bench();
    const { id } = await one.approved();
    one.ports.rights.may = async (who) => (who === person ? lost("deactivated") : allowed);
    const run = await one.drive(id);
    expect(run).toMatchObject({ state: "failed", failure: { what: "approval" } });
    expect(run.at.running).toBeUndefined();
  });

  it("Slack does not say: the run waits, and goes on when it does", async () => {
    const one = bench();
    const { id } = await one.approved();
    const { may } = one.ports.rights;
    let looks = 0;
    one.ports.rights.may = async (...about) => (++looks <= 4 ? lost("unread") : may(...about));
    const run = await one.drive(id, ({ state }) => state === "running");
    expect(run.state).toBe("running");
    expect(looks).toBeGreaterThan(4);
  });

  it("Slack does not say for a moment, when the turn was waited for longer than an approval lives: it is asked again", async () => {
    const one = bench();
    const { id } = await one.approved();
    one.pass(40 * 60);
    const { may } = one.ports.rights;
    let looks = 0;
    one.ports.rights.may = async (...about) => (++looks <= 4 ? lost("unread") : may(...about));
    expect((await one.drive(id, ({ state }) => state === "running")).state).toBe("running");
  });

  it("Slack does not say for as long as an approval lives: the run ends", async () => {
    const one = bench();
    const { id } = await one.approved();
    one.ports.rights.may = async () => lost("unread");
    expect(await one.drive(id)).toMatchObject({
      state: "failed",
      failure: { what: "approval" },
    });
  });
});
