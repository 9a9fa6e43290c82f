import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { runOnce, stillRunning } from "../../src/domain/simulations/run-once.ts";
import { UpstreamError } from "../../src/errors.ts";
import { redisForThisFile } from "../redis.ts";
import { refusing, simulationBench } from "../simulation-bench.ts";

const redis = redisForThisFile();

describe("a command in a container, in a shell as every image has it", () => {
  const attempts: string[] = [];
  afterEach(() => {
    for (const one of attempts.splice(0)) rmSync(`/tmp/.breakwater-${one}`, { recursive: true, force: true });
  });
  const attempt = () => {
    const name = `test-${randomBytes(6).toString("hex")}`;
    attempts.push(name);
    return name;
  };
  const run = ([file = "", ...words]: string[]) =>
    new Promise<{ code: number; output: string }>((resolve) =>
      execFile(file, words, (error, output) => resolve({ code: Number(error?.code ?? 0), output })),
    );

  it("is run once however often it is called, and each call hears its output and exit code", async () => {
    const [name, other] = [attempt(), attempt()];
    const command = ["sh", "-c", 'echo "$1 $$"; exit 7', "sh", "a 'word'"];
    const first = await run(runOnce(name, command));
    expect(first).toEqual({ code: 7, output: expect.stringMatching(/^a 'word' \d+\n$/) });
    expect(await run(runOnce(name, command))).toEqual(first);
    expect((await run(runOnce(other, command))).output).not.toBe(first.output);
  });

  it("is not begun again while it runs", async () => {
    const name = attempt();
    const gate = `/tmp/.breakwater-${name}/gate`;
    const command = runOnce(name, ["sh", "-c", `while [ ! -e ${gate} ]; do sleep 0.05; done; echo over`]);
    const first = run(command);
    // Whoever came first: as long as the gate is closed, the other hears that it runs.
    const code = await Promise.race([first, run(command)]);
    expect(code).toEqual({ code: stillRunning, output: "" });
    await run(["touch", gate]);
    await first;
    await expect.poll(() => run(command), { timeout: 60_000 }).toEqual({ code: 0, output: "over\n" });
  });
});

describe("a step that must not be done twice", () => {
  const exec = { kind: "exec" as const, pod: "mdc-simulation-attacker", container: "c", command: ["attack"] };

  it("a command whose answer is lost is called again under the same name, and goes on with what it says", async () => {
    const here = simulationBench(redis, { steps: [exec], expects: [] });
    const { id } = await here.approved();
    const calls: string[][] = [];
    here.cluster.exec = async (_namespace, _pod, _container, command) => {
      calls.push([...command]);
      if (calls.length === 1) throw refusing("ECONNRESET", true);
      return { exitCode: calls.length === 2 ? stillRunning : 0, output: "done" };
    };
    const run = await here.drive(id);
    expect([run.state, run.log, calls.length]).toEqual(["reported", ["done"], 3]);
    expect(new Set(calls.map((words) => words.join(" "))).size).toBe(1);
    expect(calls[0]?.slice(-2)).toEqual([`breakwater-${id}-0`, "attack"]);
  });

  it("a command that never ends is reported as that", async () => {
    const here = simulationBench(redis, { steps: [exec], expects: [] });
    const { id } = await here.approved();
    here.cluster.exec = async () => ({ exitCode: stillRunning, output: "" });
    expect((await here.drive(id)).failure).toEqual({ what: "timeout", said: exec.pod });
  });

  const samples = () => {
    const here = simulationBench(redis);
    const asked: string[] = [];
    const answers: (UpstreamError | undefined)[] = [];
    here.azure.sampleAlerts = async () => {
      asked.push(here.ports.clock.now());
      const error = answers.shift();
      if (error) throw error;
    };
    const start = () => here.approved({ scenario: "sample-alerts", cluster: undefined });
    return { ...here, asked, answers, start };
  };
  const refused = (status: number, code: string) =>
    new UpstreamError(code, { system: "azure", status, code, retryable: true });
  const sighting = { id: "a1", resource: "", type: "", title: "[SAMPLE ALERT] x", severity: "high" as const };

  it("sample alerts whose answer was lost are waited for, and not asked for again once one came", async () => {
    const here = samples();
    here.answers.push(refused(0, "ECONNRESET"));
    const { id } = await here.start();
    await here.drive(id, () => here.asked.length > 0);
    here.pass(60);
    await here.drive(id, ({ troubled }) => troubled !== undefined);
    const seen = here.ports.clock.now();
    await here.ports.store.runs.change(id, (run) => ({ ...run, sightings: [{ ...sighting, seen }] }));
    const run = await here.drive(id, ({ state }) => state !== "running");
    expect([run.state, run.twice, here.asked.length]).toEqual(["verifying", undefined, 1]);
  });

  it("where none comes they are asked for once more, which the run remembers, and never a third time", async () => {
    const here = samples();
    here.answers.push(refused(504, "GatewayTimeout"), refused(0, "ETIMEDOUT"));
    const run = await here.drive((await here.start()).id);
    expect([run.state, run.twice, here.asked.length]).toEqual(["reported", true, 2]);
    expect(Date.parse(here.asked[1]!) - Date.parse(here.asked[0]!)).toBeGreaterThanOrEqual(600_000);
  });

  it("a refusal before anything was done is simply asked again", async () => {
    const here = samples();
    here.answers.push(
      refused(429, "TooManyRequests"),
      refused(503, "Busy"),
      refused(0, "ECONNREFUSED"),
      refused(0, "No token for Azure (temporarily_unavailable)"),
    );
    const run = await here.drive((await here.start()).id);
    expect([run.state, run.twice, here.asked.length]).toEqual(["reported", undefined, 5]);
    expect(Date.parse(here.asked.at(-1)!) - Date.parse(here.asked[0]!)).toBeLessThan(60_000);
  });

  it("killed between the intention and its record, it is as if the answer had been lost", async () => {
    const here = samples();
    const { id } = await here.start();
    await here.drive(id, ({ started }) => started !== undefined);
    await here.ports.store.runs.change(id, (run) => ({ ...run, asked: here.ports.clock.now() }));
    const run = await here.drive(id);
    expect([run.state, run.twice, here.asked.length]).toEqual(["reported", true, 1]);
  });
});
