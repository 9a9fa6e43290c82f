import { describe, expect, it } from "vitest";
import { refuseBlocks } from "../../playground/slack/blocks/validate.ts";
import type { HuntAnswer, HuntRow } from "../../src/domain/hunts/hunts.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Message } from "../../src/message/message.ts";
import { compile } from "../../src/slack/render/compile.ts";
import { openStore } from "../../src/store/store.ts";
import { benchOf, last, linesOf, people, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";

const redis = redisForThisFile();
const row = (name: string, cells: HuntRow["cells"] = {}): HuntRow => {
  const id = `/subscriptions/s1/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/${name}`;
  const place = { subscription: { id: "s1", name: "prod-east" }, resourceGroup: "rg", cluster: name };
  return { id, resource: id, place, cells };
};
const answerOf = (rows: HuntRow[], about: Partial<HuntAnswer> = {}): HuntAnswer => ({
  ...read(rows),
  columns: Object.keys(rows[0]?.cells ?? {}),
  listed: [],
  missing: 0,
  ...about,
});

async function ask(
  line: string,
  answer: HuntAnswer | Error = answerOf([]),
  language: "en" | "ja" = "en",
): Promise<Message> {
  const bench = benchOf(openStore(redis.connect(), redis.prefix(), []));
  bench.ports.azure.hunt = async () => {
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const message = last(await bench.say(line, { language }));
  const { head } = compile(message, { language });
  refuseBlocks(head.blocks ?? []);
  return message;
}

describe("hunt", () => {
  it("alone lists every hunt with its question, the worst first", async () => {
    const message = await ask("hunt");
    expect(message.headline).toBe("25 hunts");
    const table = message.parts.find((part) => "table" in part);
    expect(table && "table" in table && table.table.rows[0]?.[0]).toBe("🔴 Critical");
    expect(textOf(message)).toContain("Which clusters accept local accounts besides Microsoft Entra ID?");
    expect(textOf(await ask("hunt", answerOf([]), "ja"))).toContain("ローカル アカウントが有効");
  });

  it("answers in its first line, then the rows, what to do and when it was read", async () => {
    const message = await ask(
      "hunt api-server-open sub:prod-*",
      answerOf([row("aks-shop", { address: "x.azmk8s.io" })]),
    );
    expect(message.headline).toBe("1 match · High · API server open to the internet · filters: sub:prod-*");
    expect(message.tone).toBe("bad");
    expect(textOf(message)).toMatch(/aks-shop.*What to do: Restrict it.*Limits: Firewalls.*As of/s);
    expect(linesOf(message)[0]).toBe("hunt api-server-open sub:prod-* --csv");
  });

  it("is green only where everything was read", async () => {
    expect((await ask("hunt local-accounts")).tone).toBe("good");
    const unread = [{ id: "s2", name: "開発", why: "denied" as const, detail: "403" }];
    const partial = await ask("hunt local-accounts", answerOf([], { unread }));
    expect(partial.tone).toBe("warning");
    expect(partial.headline).toBe("No matches · Local accounts enabled · 1 of 2 couldn't be read");
    const blind = await ask("hunt exposed-exploitable", answerOf([], { unknown: "cve-details" }));
    expect(blind.tone).toBe("warning");
    expect(blind.headline).toBe("Unknown: Exposed to the internet, critical and exploitable");
    expect(textOf(blind)).toContain("/defender doctor");
  });

  it("says that it stopped at its limit, and which limits there are", async () => {
    const rows = Array.from({ length: 5000 }, (_, index) => row(`aks-${index}`, { location: "japaneast" }));
    const message = await ask("hunt local-accounts", answerOf(rows, { missing: 95_000 }));
    expect(message.headline).toBe("5,000+ matches · Medium · Local accounts enabled");
    expect(textOf(message)).toMatch(/95,000 or more rows are missing.*1,000 rows a page.*5,000/s);
  });

  it.each([
    ["ResponsePayloadTooLarge", /larger than 16 MB/],
    ["DisallowedMaxNumberOfOperators", /three of join, union and mv-expand/],
    ["InvalidQuery", /Resource Graph rejected the query as invalid/],
  ])("says what Resource Graph rejected: %s", async (code, expected) => {
    const error = new UpstreamError(`Azure answered 400 ${code}: no (line 7, character 8: x)`, {
      system: "azure",
      status: 400,
      code,
      retryable: false,
    });
    const message = await ask("hunt local-accounts", error);
    expect(message.headline).toBe("Resource Graph rejected the hunt local-accounts");
    expect(textOf(message)).toMatch(expected);
    expect(textOf(message)).toContain("line 7, character 8");
  });

  it("suggests the hunt that was meant, and asks for the CVE of one that takes it", async () => {
    expect(textOf(await ask("hunt local-acounts"))).toContain("Did you mean local-accounts?");
    expect(textOf(await ask("hunt cve-blast-radius"))).toContain(
      "hunt cve-blast-radius --cve CVE-2021-44228",
    );
    expect(textOf(await ask('hunt cve-blast-radius --cve "CVE-1\') or (1==1"'))).toContain("CVE-2021-44228");
  });

  it("hostile names change nothing but the text, and the CSV has every row", async () => {
    const hostile = "<!channel> *x* `y` =1+1 \u202Eexe";
    const message = await ask(
      "hunt default-namespace --csv",
      answerOf([row(hostile, { workload: hostile })]),
    );
    const { text, blocks = [] } = compile(message, { language: "en" }).head;
    const parsed = JSON.stringify(blocks).match(/"type":"mrkdwn","text":"(?:[^"\\]|\\.)*"/g) ?? [];
    expect([text, ...parsed].join()).not.toContain("<!channel>");
    const file = message.parts.find((part) => "file" in part);
    expect(file && "file" in file && file.file.csv).toHaveLength(2);
  });
});

describe("hunt --watch", () => {
  const line = "hunt api-server-open cluster:aks-* --watch";
  const answer = answerOf([row("aks-demo"), row("aks-shop")]);
  const benchWith = (one: HuntAnswer) => {
    const bench = benchOf(openStore(redis.connect(), redis.prefix(), []));
    bench.ports.azure.hunt = async () => one;
    return bench;
  };

  it("is for members, is audited, begins with what matches now, and is listed where the channel looks", async () => {
    const bench = benchWith(answer);
    expect(textOf(last(await bench.say(line, { person: people.guest })))).toContain("you're a guest");
    const begun = last(await bench.say(line, { person: people.member }));
    expect(begun.headline).toBe("This channel now watches api-server-open cluster:aks-*: 2 matches");
    expect(bench.published).toMatchObject([
      { notifier: "hunt", events: [{ channel: "C0CHANNEL01", news: { kind: "started", count: 2 } }] },
    ]);
    const { audit } = bench.ports.store;
    expect((await audit.read("2026-01-01")).map(({ outcome }) => outcome)).toEqual(["done", "refused"]);
    const listed = textOf(last(await bench.say("subscriptions")));
    expect(listed).toMatch(/1 watched hunt.*api-server-open cluster:aks-\*.*U0MEMBER001/s);
    expect(textOf(last(await bench.say("hunt")))).toContain("api-server-open cluster:aks-*");
    expect(textOf(last(await bench.say("subscriptions", { channel: "C0OTHER0001" })))).not.toContain(
      "api-server",
    );
  });

  it("is ended by anyone who may, after a question, for exactly this scope", async () => {
    const bench = benchWith(answer);
    await bench.say(line);
    const confirm = async (asked: string) => {
      const [button] = linesOf(last(await bench.say(asked)));
      return last(await bench.say(button!, { source: "button" })).headline;
    };
    expect(await confirm("hunt api-server-open --unwatch")).toMatch(/didn't watch api-server-open;/);
    expect(await confirm("hunt api-server-open cluster:aks-* --unwatch")).toMatch(/no longer watches/);
    expect(await bench.ports.store.hunts.list()).toEqual([]);
    await bench.say(line);
    expect(await confirm("unsubscribe")).toBe("This channel no longer receives 1 watched hunt");
  });

  it("refuses what can't be compared, what can't be posted, and more than a channel may have", async () => {
    const cut = benchWith({ ...answer, missing: 900 });
    expect(textOf(last(await cut.say(line)))).toMatch(
      /more rows than are read.*hunt api-server-open sub:NAME --watch/s,
    );
    const blind = benchWith({ ...answer, unknown: "cve-details" });
    expect(textOf(last(await blind.say(line)))).toContain("needs CVE details");
    const bench = benchWith(answer);
    bench.ports.chat.channel = async (id) => ({
      id,
      name: "x",
      member: false,
      archived: false,
      private: false,
    });
    expect(textOf(last(await bench.say(line)))).toContain("/invite @Breakwater");
    expect(textOf(last(await bench.say("hunt --watch")))).toContain("Name the hunt");
    const full = benchWith(answer);
    for (let n = 0; n < 20; n++) await full.say(`hunt api-server-open cluster:aks-${n}* --watch`);
    expect(textOf(last(await full.say(line)))).toContain("watches 20 hunts already");
    expect(textOf(last(await full.say("hunt api-server-open cluster:aks-3* --watch")))).toContain(
      "now watches",
    );
  });
});
