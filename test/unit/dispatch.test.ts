import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { type CommandDefinition, command } from "../../src/definitions/command.ts";
import type { Ports } from "../../src/definitions/ports.ts";
import { UpstreamError, UserError } from "../../src/errors.ts";
import type { Message } from "../../src/message/message.ts";
import type { Rights } from "../../src/ports/slack.ts";
import { openStore } from "../../src/store/store.ts";
import { benchOf, definitions, last, linesOf, people, type Shown, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const plain = {
  texts: { en: { summary: "s" }, ja: { summary: "s" } },
  examples: ["x"],
  arguments: z.object({}),
} as const;
const effect = {
  changes: { en: "Changes it", ja: "変更します" },
  undo: { en: "back", ja: "戻す" },
  confirm: false,
};
const hello: Message = { headline: "hello", parts: [] };

/** Dispatch with commands of the test's own beside the real ones. */
function bench(own: Record<string, Partial<CommandDefinition>> = {}, ports: Partial<Ports> = {}) {
  const made = Object.entries(own).map(
    ([name, rest]) =>
      [
        name,
        command({
          ...plain,
          access: "anyone",
          effect: "none",
          run: async () => hello,
          ...rest,
        } as CommandDefinition),
      ] as const,
  );
  const commands = new Map([...definitions.commands, ...made]);
  const store = openStore(redis.connect(), redis.prefix(), []);
  return benchOf(store, { ports: { definitions: { ...definitions, commands }, ...ports } });
}
const privacy = (shown: Shown[]) => shown.map((one) => one.kind === "answer" && one.private);

describe("answers", () => {
  it("an empty line is answered with help, in the asker's language", async () => {
    const shown = await bench().say("", { language: "ja" });
    expect(textOf(last(shown))).toContain("/defender");
    expect(textOf(last(shown))).toMatch(/[ぁ-ん]/);
  });

  it("a slash command's answer carries a button that shares exactly what was shown", async () => {
    const { say } = bench();
    const [line] = linesOf(last(await say("subscriptions")));
    expect(line).toMatch(/^share /);
    const shown = await say(line!, { source: "button" });
    expect(shown.map(({ kind }) => kind)).toEqual(["post", "answer"]);
    const posted = shown[0] as { message: Message };
    expect(posted.message.headline).toBe("This channel receives nothing yet");
    expect(textOf(posted.message)).toContain("Shared by");
    expect(linesOf(posted.message)).toEqual([]);
  });

  it("a double press shares once, and another person's answer cannot be shared", async () => {
    const { say } = bench();
    const [line] = linesOf(last(await say("subscriptions")));
    expect(textOf(last(await say(line!, { source: "button", person: people.member })))).toContain(
      "no longer be shared",
    );
    const both = await Promise.all([say(line!, { source: "button" }), say(line!, { source: "button" })]);
    expect(both.flat().filter(({ kind }) => kind === "post")).toHaveLength(1);
  });

  it("people who got the same answer have one button, and each of them shares it with their own line", async () => {
    const same: Message = { headline: "the same for all", parts: [] };
    const one = bench({ ask: { run: async () => same } });
    const keep = vi.spyOn(one.ports.store.once, "keep");
    const [first, second] = [await one.say("ask"), await one.say("Ask", { person: people.member })];
    const [line] = linesOf(last(first));
    expect(linesOf(last(second))).toEqual([line]);
    expect(keep.mock.calls.filter(([, value]) => (value as { message?: Message }).message)).toHaveLength(1);
    const shown = await one.say(line!, { source: "button", person: people.member });
    expect(textOf((shown[0] as { message: Message }).message)).toContain("/defender Ask");
    expect(textOf(last(await one.say(line!, { source: "button", person: people.grouped })))).toContain(
      "no longer be shared",
    );
  });

  it("a share that failed is reported to who pressed, and can be tried again at once", async () => {
    const one = bench();
    const [line] = linesOf(last(await one.say("subscriptions")));
    one.postFails = new UpstreamError("Slack said fatal_error", {
      system: "slack",
      code: "fatal_error",
      retryable: true,
    });
    const failed = await one.say(line!, { source: "button" });
    expect(textOf(last(failed))).toContain("fatal_error");
    one.postFails = undefined;
    const again = await one.say(line!, { source: "button" });
    expect(again.map(({ kind }) => kind)).toEqual(["post", "answer"]);
    expect(textOf(last(again))).toContain("Shared in this channel");
  });

  it("a share of which a part is missing has no green check and says what is missing", async () => {
    const one = bench();
    const [line] = linesOf(last(await one.say("subscriptions")));
    one.notPosted = ["2 more messages couldn't be posted: thread_locked."];
    const message = last(await one.say(line!, { source: "button" }));
    expect(message.tone).toBe("warning");
    expect(textOf(message)).toContain("2 more messages couldn't be posted");
  });

  it("an answer that cannot be shared says why", async () => {
    const large = { headline: "Large", parts: [{ quote: "x".repeat(1_000_000) }] };
    const text = textOf(last(await bench({ say: { run: async () => large } }).say("say")));
    expect(text).toContain("too large to share");
    const one = bench();
    one.ports.store.once.keep = () => Promise.reject(new Error("Redis is away"));
    expect(textOf(last(await one.say("subscriptions")))).toContain("couldn't be stored");
  });

  it("a mention is answered for all, but for commands that not everybody may run", async () => {
    const { say } = bench();
    const open = await say("subscriptions", { source: "mention" });
    expect(privacy(open)).toEqual([false]);
    expect(linesOf(last(open))).toEqual([]);
    expect(privacy(await say("audit", { source: "mention" }))).toEqual([true]);
  });

  it("what takes over two seconds says that it is working, before its answer", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    try {
      let finish = (_: Message) => {};
      const work = new Promise<Message>((resolve) => {
        finish = resolve;
      });
      const { say } = bench({ slow: { run: () => work } }, { rights: open });
      const said = say("slow", { source: "mention" });
      await vi.advanceTimersByTimeAsync(2100);
      finish(hello);
      expect((await said).map(({ kind }) => kind)).toEqual(["working", "answer"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("a button's answer that is a modal opens a loading view first, and falls back to a message", async () => {
    const modal = { modal: { title: "Details", headline: "inside", parts: [] } };
    const { say } = bench({ open: { shows: "modal", run: async () => modal } });
    expect((await say("open", { source: "button" })).map(({ kind }) => kind)).toEqual(["loading", "modal"]);
    expect((await say("open", { source: "button", triggers: false })).map(({ kind }) => kind)).toEqual([
      "answer",
    ]);
    expect((await say("open", { source: "mention" })).map(({ kind }) => kind)).toEqual(["answer"]);
  });

  it("a form that cannot be opened becomes a line to type", async () => {
    const { say } = bench();
    expect((await say("subscribe")).map(({ kind }) => kind)).toEqual(["loading", "form"]);
    const typed = textOf(last(await say("subscribe", { source: "mention", triggers: false })));
    expect(typed).toContain("/defender subscribe --topic alerts|rescan");
  });

  it("the line is the same for each way in", async () => {
    for (const source of ["slash", "mention", "button", "modal", "shortcut"] as const) {
      expect(textOf(last(await bench().say("whoami", { source })))).toContain(people.operator);
    }
  });
});

describe("errors", () => {
  const failing = (error: unknown, rest: Partial<CommandDefinition> = {}) =>
    bench({ fail: { ...rest, run: () => Promise.reject(error) } });

  it("a person's own mistake is shown as it is, with an example", async () => {
    const { say } = failing(new UserError({ en: "Not so.", ja: "違います。" }, "help"));
    expect(textOf(last(await say("fail", { language: "ja" })))).toMatch(/違います。.*\/defender help/);
  });

  it("a system that failed is named, with what it said and when to try again", async () => {
    const about = {
      system: "azure",
      status: 429,
      code: "TooManyRequests",
      retryable: true,
      retryAfter: 30,
    } as const;
    const text = textOf(last(await failing(new UpstreamError("slow down", about)).say("fail")));
    expect(text).toMatch(/Azure.*429 TooManyRequests.*30 sec.*slow down/s);
  });

  it("a missing right points to doctor", async () => {
    const about = { system: "azure", status: 403, code: "AuthorizationFailed", retryable: false } as const;
    expect(textOf(last(await failing(new UpstreamError("no", about)).say("fail")))).toContain(
      "/defender doctor",
    );
  });

  it("a bug shows a reference only, and is logged whole under it", async () => {
    const one = failing(new TypeError("secret detail"));
    const text = textOf(last(await one.say("fail")));
    const reference = /Reference: +([0-9A-F]{4})/.exec(text)?.[1];
    expect(text).not.toContain("secret detail");
    expect(one.errors).toEqual([expect.objectContaining({ reference, err: expect.any(TypeError) })]);
    expect(one.counts).toEqual([{ command: "fail", outcome: "bug" }]);
  });

  it("an answer that cannot be given is logged and counted, and nothing is thrown", async () => {
    const one = bench({ say: { run: async () => ({ headline: "x", parts: [] }) } });
    const { dispatcher } = await import("../../src/dispatch/dispatch.ts");
    const broken = () => Promise.reject(new Error("Slack is gone"));
    const reply = {
      working: broken,
      answer: broken,
      post: broken,
      form: broken,
      modal: broken,
      openLoading: broken,
    };
    const caller = { person: "U1", team: "T", channel: "C", language: "en" as const };
    await dispatcher(one.ports)({ line: "say", source: "slash", caller, reply });
    expect(one.errors).toContainEqual(
      expect.objectContaining({ command: "say", err: new Error("Slack is gone") }),
    );
    expect(one.counts).toEqual([{ command: "say", outcome: "unanswered" }]);
  });
});

const open: Rights = {
  may: async () => ({ allowed: true, why: { en: "", ja: "" } }),
  same: async (a, b) => a === b,
  named: async () => false,
};

describe("somebody of another organisation", () => {
  it("gets nothing, whatever they may elsewhere, and it is on record", async () => {
    const run = vi.fn(async () => hello);
    const one = bench({ look: { run }, change: { effect, run } }, { rights: open });
    for (const line of ["look", "change", "alerts", "no such command"]) {
      const asked = { stranger: true, source: "mention", person: "U0CLARA0001" } as const;
      const shown = await one.say(line, asked);
      expect(shown).toHaveLength(1);
      expect(shown[0]).toMatchObject({ kind: "answer", private: true });
      expect(textOf(last(shown))).toContain("another organization");
    }
    expect(run).not.toHaveBeenCalled();
    const entries = await one.ports.store.audit.read("2026-01-01T00:00:00Z");
    expect(entries).toMatchObject([{ outcome: "refused", person: "U0CLARA0001", count: 4 }]);
    await one.say("look");
    expect(run).toHaveBeenCalledOnce();
  });

  it("is refused too where Slack does not say whether they are, with the reason", async () => {
    const run = vi.fn(async () => hello);
    const one = bench({ look: { run } });
    const shown = await one.say("look --wrong", { stranger: "unknown", person: "U0CLARA0001" });
    expect(shown).toHaveLength(1);
    expect(textOf(last(shown))).toContain("look up your organization");
    expect(run).not.toHaveBeenCalled();
  });

  it("is let in where the settings name them", async () => {
    const run = vi.fn(async () => hello);
    const one = bench({ look: { run } });
    await one.say("look", { stranger: true, person: people.operator });
    expect(run).toHaveBeenCalledOnce();
  });
});

describe("what has an effect", () => {
  const audit = (one: ReturnType<typeof bench>) => one.ports.store.audit.read("2026-01-01T00:00:00Z");

  it("is audited: done, refused, failed", async () => {
    const one = bench({
      change: { effect },
      deny: { effect, access: "operator" },
      slip: { effect, run: () => Promise.reject(new UserError({ en: "No.", ja: "いいえ。" })) },
      crash: { effect, run: () => Promise.reject(new Error("boom")) },
      look: {},
    });
    await one.say("change");
    await one.say("deny", { person: people.member });
    await one.say("slip");
    await one.say("crash");
    await one.say("look");
    const entries = (await audit(one))
      .map(({ command: name, outcome, person }) => [name, outcome, person])
      .sort();
    expect(entries).toEqual([
      ["change", "done", people.operator],
      ["crash", "failed", people.operator],
      ["deny", "refused", people.member],
      ["slip", "refused", people.operator],
    ]);
  });

  it("is put into the audit log before it happens, and refused where that fails; a form leaves no entry", async () => {
    const seen: string[] = [];
    const run = async () => {
      seen.push(...(await audit(one)).map(({ command: name, outcome }) => `${name} ${outcome}`));
      return hello;
    };
    const form = { title: "Form", line: "ask", submit: "Go", cancel: "No", fields: [] };
    const one = bench({
      change: { effect, run },
      ask: { effect, run: async () => ({ form }) },
      look: { run },
    });
    await one.say("change");
    expect(seen).toEqual(["change started"]);
    await one.say("ask");
    expect(await audit(one)).toMatchObject([{ command: "change", outcome: "done" }]);
    one.ports.store.audit.begin = async () => {
      throw new UpstreamError("Redis did not do what it was asked", {
        system: "redis",
        code: "OOM",
        retryable: true,
      });
    };
    for (const language of ["en", "ja"] as const) {
      const message = last(await one.say("change", { language }));
      expect(message.tone).toBe("bad");
      expect(textOf(message)).toMatch(/Nothing was changed: the audit log|何も変更していません/);
    }
    expect(seen).toHaveLength(1);
    expect(one.counts.at(-1)).toEqual({ command: "change", outcome: "upstream-error" });
    expect(textOf(last(await one.say("look")))).toContain("hello");
  });

  it("waits for a confirmation that works once, for the same person, line and channel", async () => {
    let runs = 0;
    const run = async () => {
      runs++;
      return hello;
    };
    const one = bench({
      drop: {
        effect: { ...effect, confirm: true },
        arguments: z.object({ csv: z.boolean().default(false) }),
        run,
      },
    });
    const asked = last(await one.say("drop"));
    expect(textOf(asked)).toMatch(/Changes it.*back/s);
    const [line] = linesOf(asked).filter((text) => text.startsWith("drop"));
    const press = (text: string, person?: string) => one.say(text, { source: "button", person });
    expect(textOf(last(await press(line!, people.member)))).toContain("Nothing was done");
    expect(textOf(last(await press(line!.replace("drop", "drop --csv"))))).toContain("Nothing was done");
    const elsewhere = await one.say(line!, { source: "button", channel: "C0ELSEWHERE" });
    expect(textOf(last(elsewhere))).toContain("Nothing was done");
    expect(textOf(last(await press("drop --confirmed 0000")))).toContain("Nothing was done");
    expect(runs).toBe(0);
    const twice = await Promise.all([press(line!), press(line!)]);
    expect(runs).toBe(1);
    expect(twice.map((shown) => textOf(last(shown)).trim()).sort()[1]).toBe("hello");
  });

  it("asks again for the right when the confirmation is pressed", async () => {
    let allowed = true;
    const rights: Rights = { ...open, may: async () => ({ allowed, why: { en: "Only Ann may.", ja: "" } }) };
    const one = bench({ drop: { effect: { ...effect, confirm: true } } }, { rights });
    const [line] = linesOf(last(await one.say("drop"))).filter((text) => text.startsWith("drop"));
    allowed = false;
    expect(textOf(last(await one.say(line!, { source: "button" })))).toContain("Only Ann may");
    expect((await audit(one))[0]).toMatchObject({ command: "drop", outcome: "refused" });
  });
});
