import { execFileSync } from "node:child_process";
import { crc32, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zip } from "../../src/azure/simulations/zip.ts";
import { UpstreamError } from "../../src/errors.ts";
import { commandTransport } from "../../src/kubernetes/run-command/access.ts";
import { isRunning, journalRunner, waitingRunner } from "../../src/kubernetes/run-command/commands.ts";
import { execScript, partsOf, scriptOf } from "../../src/kubernetes/run-command/kubectl.ts";
import type { BegunCommand, CommandEnd, CommandState } from "../../src/ports/clusters.ts";
import { shellWord } from "../../src/text/shell-word.ts";
import { anyText } from "../any-text.ts";

/** Every text that an argument of a process can be. */
const word = anyText().map((text) => text.replaceAll("\0", "").toWellFormed());

describe("words for the shell of a run-command", () => {
  it("arrive as they are, whatever is in them", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const command = `printf '%s\\0' ${words.map(shellWord).join(" ")}`;
        expect(execFileSync("/bin/sh", ["-c", command]).toString("utf8").split("\0").slice(0, -1)).toEqual(
          words,
        );
      }),
      { numRuns: 60 },
    );
  });

  it("are the words of the command in a container, and nothing else is run", () => {
    const pod = { namespace: "a;reboot", name: "$(reboot)", container: "`reboot`" };
    const { command } = execScript(pod, ["sh", "-c", "echo 'x' > /y"], "MARK");
    // A shell whose kubectl only says what it was given.
    const shell = `kubectl() { printf '%s|' "$@"; return 3; }; ${command}`;
    expect(execFileSync("/bin/sh", ["-c", shell]).toString()).toBe(
      "exec|--namespace=a;reboot|$(reboot)|--container=`reboot`|--|sh|-c|echo 'x' > /y|MARK 3\n",
    );
  });

  it("stop after the first that fails where that is asked for", () => {
    const get = (path: string) => ({ kind: "get", path }) as const;
    const run = (stop: boolean) => {
      const { command } = scriptOf([get("/a"), get("/fails"), get("/b")], { stop }, "MARK");
      const shell = `kubectl() { printf '%s' "$3"; [ "$3" != /fails ]; }; ${command} || true`;
      try {
        return execFileSync("/bin/sh", ["-c", shell]).toString();
      } catch (error) {
        return String((error as { stdout: Buffer }).stdout);
      }
    };
    expect(partsOf(run(false), "MARK").map(({ output }) => output)).toEqual(["/a", "/fails", "/b"]);
    expect(partsOf(run(true), "MARK")).toEqual([
      { exitCode: 0, output: "/a" },
      { exitCode: 1, output: "/fails" },
    ]);
  });
});

describe("a cluster that is reached by run-command", () => {
  const answering = (say: (mark: string) => Partial<CommandEnd>) =>
    commandTransport(async (make) => {
      make("mark");
      return { end: { exitCode: 0, output: "", cut: false, ...say("mark") }, mark: "mark" };
    });
  const get = { kind: "get", path: "/version" } as const;

  it("answers each request on its own, warnings before the JSON left aside", async () => {
    const transport = answering((mark) => ({
      output: `Warning: old\n{"a":1}\n${mark} 0\nError from server (NotFound): pods "x" not found\n${mark} 1\n`,
    }));
    expect(await transport.ask([get, get])).toEqual([
      { body: { a: 1 } },
      {
        error: expect.objectContaining({
          status: 404,
          code: "NotFound",
          retryable: false,
          system: "kubernetes",
        }),
      },
    ]);
  });

  it("says that output was cut instead of taking half of it for the whole", async () => {
    const transport = answering(() => ({ output: `{"items":[${"1,".repeat(1000)}`, cut: true }));
    expect(await transport.ask([get])).toEqual([
      { error: expect.objectContaining({ code: "OutputCut", retryable: false }) },
    ]);
  });

  it("is not misled by output that looks like its marks", async () => {
    const transport = answering((mark) => ({
      output: `breakwater-end-000000000000 0\nlog line\n${mark} 0\n`,
    }));
    expect(await transport.read("/log", 1000)).toBe("breakwater-end-000000000000 0\nlog line\n");
  });

  it.each([
    [
      "admission",
      'Error from server (Forbidden): error when creating "f0.json": admission webhook "x" denied the request: no',
      403,
      false,
    ],
    [
      "admission without a reason",
      'Error from server: admission webhook "x" denied the request: no',
      403,
      false,
    ],
    [
      "a validating admission policy",
      `The pods "x" is invalid: : ValidatingAdmissionPolicy 'p' with binding 'b' denied request: only there`,
      422,
      false,
    ],
    [
      "an object that is not valid",
      'Warning: old\nThe Pod "x" is invalid: spec.containers[0].image: Required value',
      422,
      false,
    ],
    ["a request that is not valid", "The request is invalid: patch: Invalid value", 422, false],
    ["too many requests", "Error from server (TooManyRequests): please wait", 429, true],
    ["no API server", "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout", 0, true],
    ["no kubectl", "sh: kubectl: not found", 0, false],
  ])("tells %s by kubectl's words", async (_, output, status, retryable) => {
    const transport = answering((mark) => ({ output: `${output}\n${mark} 1\n` }));
    const [answer] = await transport.ask([get]);
    expect(answer?.error).toMatchObject({
      status,
      retryable,
      message: expect.stringContaining(output.split(": ").at(-1)!),
    });
  });

  it("takes a command's own exit code for what it is, and its output without kubectl's remark", async () => {
    const failing = answering((mark) => ({
      output: `error: mine\ncommand terminated with exit code 7\n${mark} 7\n`,
    }));
    const pod = { namespace: "a", name: "b", container: "c" };
    expect(await failing.exec(pod, ["x"])).toEqual({ exitCode: 7, output: "error: mine" });
    const absent = answering((mark) => ({
      output: `Error from server (NotFound): pods "b" not found\n${mark} 1\n`,
    }));
    await expect(absent.exec(pod, ["x"])).rejects.toMatchObject({ status: 404 });
    const denied = answering((mark) => ({
      output: `The pods "b" is invalid: : ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no\n${mark} 1\n`,
    }));
    await expect(denied.exec(pod, ["x"])).rejects.toMatchObject({ status: 422, code: "Invalid" });
  });
});

describe("a command that takes its time", () => {
  /** Azure as it is documented: each command is over after some looks; `forgotten`: it knows nothing of it any more. */
  const azureOf = (looks: number, retryAfter?: number) => {
    const commands: string[] = [];
    const asked: string[] = [];
    const azure = {
      async startCommand(_: string, { command }: { command: string }): Promise<CommandState> {
        commands.push(command);
        return { location: `/results/${commands.length - 1}`, retryAfter };
      },
      async commandState(location: string): Promise<CommandState> {
        asked.push(location);
        if (asked.filter((one) => one === location).length < looks) return { location, retryAfter };
        const command = commands[Number(location.split("/").at(-1))]!;
        const [mark] = /breakwater-end-\w+/.exec(command)!;
        return { ended: { exitCode: 0, output: `{"n":${commands.length}}\n${mark} 0\n`, cut: false } };
      },
    };
    return { azure, commands, asked };
  };
  const journalOf = () => {
    const begun: Record<string, BegunCommand> = {};
    return {
      begun,
      find: (key: string) => begun[key],
      async keep(key: string, one: BegunCommand) {
        begun[key] = one;
      },
    };
  };
  const deps = (azure: ReturnType<typeof azureOf>["azure"], at = 0) => ({
    azure,
    cluster: "/cluster",
    token: async () => undefined,
    now: () => new Date(at).toISOString(),
  });
  const get = (path: string) => ({ kind: "get", path }) as const;

  it("is waited for by whoever may wait", async () => {
    const { azure, commands } = azureOf(2, 0);
    const transport = commandTransport(waitingRunner(deps(azure)));
    expect(await transport.ask([get("/a")])).toEqual([{ body: { n: 1 } }]);
    expect(commands).toHaveLength(1);
  });

  it("is begun once, and known again to a process that knows nothing but the journal", async () => {
    const { azure, commands } = azureOf(2, 7);
    const journal = journalOf();
    // Two requests that need each other, as a step makes them: killed after any call, and called again.
    const step = async () => {
      const transport = commandTransport(journalRunner(deps(azure), journal));
      return [await transport.ask([get("/a")]), await transport.ask([get("/a")])];
    };
    const waits: (number | undefined)[] = [];
    for (let calls = 0; calls < 10; calls++) {
      try {
        expect(await step()).toHaveLength(2);
        break;
      } catch (error) {
        if (!isRunning(error)) throw error;
        waits.push(error.retryAfter);
      }
    }
    expect(waits).toEqual([7, 7, 7, 7]);
    expect(commands).toHaveLength(2);
    expect(Object.keys(journal.begun)).toHaveLength(2);
  });

  it("is given up where it is not over after three minutes", async () => {
    const { azure } = azureOf(Number.POSITIVE_INFINITY);
    const journal = journalOf();
    const ask = (at: number) => commandTransport(journalRunner(deps(azure, at), journal)).ask([get("/a")]);
    await expect(ask(0)).rejects.toMatchObject({ code: "CommandRuns" });
    await expect(ask(179_000)).rejects.toMatchObject({ code: "CommandRuns", retryAfter: 5 });
    await expect(ask(181_000)).rejects.toMatchObject({ code: "RunCommandTimeout", retryable: true });
  });
});

describe("a command whose result Azure no longer knows", () => {
  it("is begun anew at the next call", async () => {
    const gone = new UpstreamError("gone", {
      system: "azure",
      status: 404,
      code: "NotFound",
      retryable: false,
    });
    const run = journalRunner(
      {
        azure: {
          startCommand: async () => ({ location: "/results/1" }),
          commandState: () => Promise.reject(gone),
        },
        cluster: "/cluster",
        token: async () => undefined,
        now: () => "2026-11-25T00:00:00.000Z",
      },
      {
        find: () => ({ location: "/results/0", mark: "m", since: "2026-11-24T00:00:00.000Z" }),
        keep: async () => {},
      },
    );
    await expect(run(() => ({ command: "x", files: [], mark: "m" }))).rejects.toMatchObject({
      code: "CommandForgotten",
      retryable: true,
    });
  });
});

describe("the zip that goes along", () => {
  it("holds every file whole, with its name, size and sum, for whoever reads the directory at its end", () => {
    const file = fc.record({ name: fc.stringMatching(/^[a-z0-9.é日-]{1,20}$/), content: word });
    fc.assert(
      fc.property(fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 6 }), (files) => {
        expect(unzipped(zip(files))).toEqual(files);
      }),
    );
  });
});

/** Reads an archive as unzip does: from the record at its end over the directory to each file. */
function unzipped(archive: Buffer) {
  const end = archive.length - 22;
  expect(archive.readUInt32LE(end)).toBe(0x06054b50);
  const files: { name: string; content: string }[] = [];
  let at = archive.readUInt32LE(end + 16);
  expect(at + archive.readUInt32LE(end + 12)).toBe(end);
  for (let index = 0; index < archive.readUInt16LE(end + 10); index++) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50);
    const [sum, packed, size] = [16, 20, 24].map((offset) => archive.readUInt32LE(at + offset)) as [
      number,
      number,
      number,
    ];
    const length = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    expect(archive.readUInt32LE(local)).toBe(0x04034b50);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const content = inflateRawSync(archive.subarray(start, start + packed));
    expect([crc32(content), content.length]).toEqual([sum, size]);
    files.push({
      name: archive.toString("utf8", at + 46, at + 46 + length),
      content: content.toString("utf8"),
    });
    at += 46 + length;
  }
  return files;
}
