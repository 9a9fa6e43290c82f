import { describe, expect, it } from "vitest";
import { troubleKinds } from "../../src/domain/trouble.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { Message } from "../../src/message/message.ts";
import { troubleFix } from "../../src/message/trouble.ts";
import type { Durability } from "../../src/ports/sizes.ts";
import { openStore } from "../../src/store/store.ts";
import { headOf } from "../digests.ts";
import { benchOf, last, linesOf, now, people, read, textOf } from "../dispatch-parts.ts";
import { redisForThisFile } from "../redis.ts";
import { findingsWith, snapshotOf } from "../snapshots.ts";

const redis = redisForThisFile();
const bench = (change: Parameters<typeof benchOf>[1] = {}) =>
  benchOf(openStore(redis.connect(), redis.prefix(), []), change);
const files = (message: Message) => message.parts.flatMap((part) => ("file" in part ? [part.file] : []));

describe("status", () => {
  it("answers in its first line, shows every cluster, the worst causes, and where the rest is", async () => {
    const message = last(await bench().say("status"));
    expect(message.headline).toBe("Not covered: 2 of 4 clusters; 1 unknown · 8 gaps");
    const text = textOf(message);
    for (const name of ["aks-shop", "aks-private", "aks-unread", "aks-開発", "prod-east", "開発"])
      expect(text).toContain(name);
    expect(text).toMatch(
      /Plan off : 開発.*K8S API access off : prod-east.*Sensor off : aks-private.*5 more causes/s,
    );
    expect(linesOf(message).slice(0, 3)).toEqual([
      "status-details fixes",
      "status-details features",
      "status-details clusters",
    ]);
    expect(text).toContain(now);
  });

  it("draws how coverage developed, with the reading of today, and names days that are incomplete", async () => {
    const store = openStore(redis.connect(), redis.prefix(), []);
    const { say } = benchOf(store);
    const charts = async (line: string) =>
      last(await say(line)).parts.flatMap((part) => ("chart" in part ? [part.chart] : []));
    expect(await charts("status")).toEqual([]);
    const clusters = { covered: 3, "not-covered": 1, unknown: 0 };
    const days = [new Date(Date.parse(now) - 86_400_000).toISOString().slice(0, 10), now.slice(0, 10)];
    for (const day of days) await store.coverage.noteDay({ day, clusters, unread: 1 });
    expect(await charts("status")).toEqual([
      {
        title: "Clusters by coverage",
        kind: "line",
        categories: days.map((day) => day.slice(5)),
        series: [
          { name: "Covered", values: [3, 1] },
          { name: "Not covered", values: [1, 2] },
          { name: "Unknown", values: [0, 1] },
        ],
        unit: "clusters",
      },
    ]);
    expect(textOf(last(await say("status")))).toContain("On 1 of these days, something couldn't be read");
    expect(await charts("status sub:prod-east")).toEqual([]);
  });

  it("in Japanese nothing is left in English but names and command lines", async () => {
    const message = last(await bench().say("status", { language: "ja" }));
    expect(message.headline).toBe("クラスター 4 個のうち 2 個が保護されていません、不明 1 個 · 不足 8 件");
  });

  it("cuts the scope out of the whole reading, and attaches clusters and gaps with their evidence", async () => {
    const { say } = bench();
    const one = files(last(await say("status cluster:aks-private --csv")));
    expect(one.map(({ csv }) => csv.length).slice(0, 2)).toEqual([2, 2]);
    const made = files(last(await say("status rg:rg-shop --csv")));
    expect(made.map(({ csv }) => csv.length)).toEqual([3, 5, 9, 99]);
    expect(made[2]?.csv.flat()).toContain("Microsoft.Security/pricings");
  });

  it("nothing in scope is said, and what was not read is named", async () => {
    const empty = { subscriptions: [], clusters: [], registries: [] };
    const unread = [{ id: "s3", name: "sales", why: "throttled" as const, detail: "429" }];
    const message = last(
      await bench({ azure: { coverage: async () => read(empty, { unread }) } }).say("status"),
    );
    expect(textOf(message)).toMatch(
      /No clusters in scope.*1 of 2 couldn't be read: rate limited by Azure \(sales\)/s,
    );
  });
});

describe("recommendations", () => {
  it("counts by severity and type, the worst first, with a way down to the resources", async () => {
    const { say } = bench();
    const message = last(await say("recommendations", { source: "button" }));
    expect(message.headline).toBe("2 open recommendations: 1 High, 1 Medium");
    const lines = linesOf(message);
    expect(lines.slice(0, 2)).toEqual(["recommendation k-sensor", "recommendation k-limits"]);
    const down = last(await say(lines[1]!, { source: "button" }));
    expect(textOf(down)).toMatch(/2 resources affected.*aks-private/s);
  });

  it("filters by type and severity, and keeps the scope on the way down", async () => {
    const { say } = bench();
    expect(last(await say("recommendations --type data-plane")).headline).toBe(
      "1 open recommendation: 1 Medium · filters: Data plane",
    );
    expect(last(await say("recommendations --severity high")).headline).toBe(
      "1 open recommendation: 1 High · filters: High or higher",
    );
    expect(linesOf(last(await say("recommendations sub:prod-*")))[0]).toBe(
      "recommendation k-sensor sub:prod-*",
    );
  });

  it("a CSV holds every affected resource", async () => {
    const [file] = files(last(await bench().say("recommendations --csv")));
    expect(file?.csv).toHaveLength(4);
  });

  it("a recommendation that was withdrawn is said to be gone", async () => {
    expect(textOf(last(await bench().say("recommendation k-gone")))).toContain("withdrawn");
  });
});

describe("whoami", () => {
  it.each([
    [people.operator, "a member of this workspace", /You can run.*audit/s],
    [people.guest, "a guest", /You can't run.*subscribe/s],
  ])("%s is %s", async (person, status, commands) => {
    const text = textOf(last(await bench().say("whoami", { person })));
    expect(text).toContain(status);
    expect(text).toMatch(commands);
  });

  it("names those who can as people, not by their ids", async () => {
    const message = last(await bench().say("whoami", { person: people.member }));
    const facts = message.parts.flatMap((part) => ("facts" in part ? part.facts : []));
    const [, operators] = facts.find(([label]) => label === "Operator")!;
    expect(operators).toContainEqual({ person: people.operator });
  });

  it("says so where Slack does not answer", async () => {
    const one = bench({ chat: { person: () => Promise.reject(new Error("down")) } });
    expect(textOf(last(await one.say("whoami")))).toMatch(/membership unknown because Slack didn't answer/);
  });
});

describe("doctor", () => {
  it("names each scheduled job that did not run, and how to find out why", async () => {
    const queue = {
      enqueue: async () => {},
      counts: async () => ({}),
      previousSlot: () => undefined,
      late: async () => [{ job: "poll-alerts", due: now, finished: now }],
    };
    const { say } = bench({ ports: { queue } });
    expect(textOf(last(await say("doctor")))).toMatch(/Schedule of poll-alerts\s*: due .* not finished/);
    expect(textOf(last(await say("doctor", { language: "ja" })))).toContain("poll-alerts のスケジュール");
  });

  it("says what the last scan had, which models answered, and what is wrong with it", async () => {
    const store = openStore(redis.connect(), redis.prefix(), []);
    const head = headOf({
      untagged: ["contosolab"],
      models: [
        { model: "individual", rows: 0, silent: 1, had: 12 },
        { model: "grouped-registry", rows: 0, error: "throttled" },
        { model: "grouped-nodes", rows: 0 },
      ],
    });
    const held = {
      slot: now,
      asOf: now,
      silent: [],
      before: 40_112,
      now: 0,
      scans: 2,
    };
    const findings = findingsWith(snapshotOf([], head), { held });
    const text = textOf(last(await benchOf({ ...store, findings }).say("doctor --verbose")));
    expect(text).toMatch(/far fewer findings \(40,112 → 0\) without an error.*2 scans in a row/);
    expect(text).toMatch(/individual.*returned no rows, but had findings before/);
    expect(text).toMatch(/registry images \(grouped\): 0 rows, then failed: throttled/);
    expect(text).toMatch(/contosolab.*AcrPull/);
    expect(text).toMatch(/Last scan.*812 findings in 40 images and node pools/s);
    expect(text).toMatch(/no rows: nodes \(grouped\)/);
    const none = textOf(last(await bench().say("doctor --verbose")));
    expect(none).toContain("none yet; scheduled at 0 8 * * * (UTC)");
  });

  it("misses a scan that is overdue by the intervals of those before", async () => {
    const store = openStore(redis.connect(), redis.prefix(), []);
    const days = ["2026-11-18", "2026-11-19"].map((day) => ({
      slot: `${day}T08:00:00.000Z`,
      open: {},
      fixed: 0,
      added: 0,
    }));
    const findings = findingsWith(snapshotOf([], headOf({ slot: days[1]!.slot })), { days });
    const text = textOf(last(await benchOf({ ...store, findings }).say("doctor")));
    expect(text).toMatch(/last scan 4 days ago; before that, they were 24 hrs? apart/);
  });

  it("says in Japanese too what was tried at the edges", async () => {
    const names = { en: "Azure permissions", ja: "営業での Azure の権限" };
    const checks = async (language: "en" | "ja") => [
      { name: names[language], state: "failed" as const, said: language, fix: "az …" },
    ];
    const one = bench({ azure: { checks } });
    expect(textOf(last(await one.say("doctor", { language: "ja" })))).toMatch(
      /営業での Azure の権限\s*: ja → az …/,
    );
    expect(textOf(last(await one.say("doctor")))).toMatch(/Azure permissions\s*: en → az …/);
  });

  it("asks for approvers only where simulations may run, or a role lets people request changes", async () => {
    const asked = async (clusters: string[], approvals?: true) => {
      const check = { name: "Azure", state: "ok" as const, said: "", ...(approvals && { approvals }) };
      const one = bench({ azure: { checks: async () => [check] } });
      one.ports.settings.access.approvers.length = 0;
      one.ports.settings.simulations.clusters = clusters;
      return textOf(last(await one.say("doctor")));
    };
    expect(await asked(["aks-*"])).toMatch(
      /no one can approve simulations.* → breakwater\.yaml → access: \{ approvers/,
    );
    expect(await asked([])).not.toContain("approve");
    expect(await asked([], true)).toMatch(/no one can approve suppressions, exemptions or enabling/);
    expect(await asked(["aks-*"], true)).toMatch(/approve simulations, suppressions, exemptions or enabling/);
  });

  it("says what Redis may lose, and the line that fixes it; what Redis does not report is no problem", async () => {
    const asked = async (durability: Durability) => {
      const one = bench();
      const store = {
        ...one.ports.store,
        sizes: { ...one.ports.store.sizes, durability: async () => durability },
      };
      return textOf(last(await benchOf(store).say("doctor")));
    };
    const lossy = await asked({ eviction: "allkeys-lru", appendOnly: false });
    expect(lossy).toMatch(/maxmemory-policy is allkeys-lru → redis\.conf → maxmemory-policy noeviction/);
    expect(lossy).toMatch(/appendonly is off → redis\.conf → appendonly yes/);
    const late = await asked({ appendOnly: true, sync: "everysec" });
    expect(late).toMatch(/appendfsync is everysec → redis\.conf → appendfsync always/);
    expect(await asked({ appendOnly: true, sync: "always" })).not.toContain("appendfsync");
    expect(await asked({})).not.toMatch(/append|maxmemory/);
  });

  it("says that a test write fails, in Redis' own words", async () => {
    const cause = new Error("OOM command not allowed when used memory > 'maxmemory'.");
    const about = { system: "redis", code: "OOM", retryable: true, cause } as const;
    const ping = () => Promise.reject(new UpstreamError("Redis did not do what it was asked", about));
    const message = last(await benchOf({ ...bench().ports.store, ping }).say("doctor"));
    expect(message.tone).toBe("bad");
    expect(textOf(message)).toMatch(/test write failed \(redis: OOM command not allowed.*raise maxmemory/s);
  });

  it("all is well: says so, with how things stand", async () => {
    const one = bench();
    const access = {
      how: "direct",
      refusedRights: async () => [],
      confined: async () => ({ state: "confined", said: "" }),
      nodes: async () => [],
    };
    one.ports.clusters = { reach: async () => access as never };
    await one.ports.store.alerts.setReading({
      at: now,
      ok: true,
      alerts: 3,
      subscriptions: 2,
      unread: [],
      failures: 0,
    });
    await one.ports.store.outbox.noteLag({ at: now, notifier: "alert", seconds: 75 });
    const message = last(await one.say("doctor"));
    expect(message.headline).toMatch(/^All \d+ checks passed$/);
    expect(textOf(message)).toMatch(/Last poll.*lag 75 secs · outbox: 0 waiting · queue: \d+ waiting/s);
    expect(message.parts.some((part) => "table" in part || "list" in part)).toBe(false);
    const all = textOf(last(await one.say("doctor --verbose")));
    expect(all).toMatch(/Lag from Azure to Slack.*75 secs for the last alert/);
    expect(all).toMatch(/alerts: 3 · subscriptions: 2/);
    expect(all).toMatch(/Check.*access\.operators.*Storage \(Redis\).*Keys/s);
  });

  it("each problem has the line that fixes it", async () => {
    const one = bench({
      chat: { channel: async (id) => ({ id, name: "lost", member: false, archived: false, private: false }) },
      azure: {
        checks: async () => [
          {
            name: "sales: alerts/read",
            state: "failed",
            said: "missing",
            fix: "az role assignment create …",
          },
        ],
      },
    });
    await one.ports.store.subscriptions.put({
      channel: "C9",
      topic: "alerts",
      scopes: [],
      origin: "command",
    });
    await one.ports.store.trouble.open("azure", {
      since: now,
      detail: "no answer",
      kind: "azure",
      name: "Azure",
      channels: [],
    });
    const unread = [{ id: "s3", name: "sales", why: "denied" as const, detail: "403" }];
    await one.ports.store.alerts.setReading({
      at: now,
      ok: true,
      alerts: 0,
      subscriptions: 2,
      unread,
      failures: 0,
    });
    const message = last(await one.say("doctor"));
    const text = textOf(message);
    expect(message.tone).toBe("bad");
    for (const part of [
      "az role assignment create",
      "/invite @Breakwater",
      "no answer → Check the credential, the network and Azure's status page.",
      "couldn't be read: sales",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("calls a poll late by its own schedule alone, and counts the subscriptions that it doesn't name", async () => {
    const one = bench();
    const unread = Array.from({ length: 12 }, (_, index) => ({
      ...{ id: `s${index}`, name: `sales-${index}`, why: "denied" as const, detail: "403" },
    }));
    const reading = { ok: true, alerts: 0, subscriptions: 12, failures: 0 };
    // Hourly polls: an old reading is none that is missing.
    await one.ports.store.alerts.setReading({ ...reading, at: "2026-11-23T07:00:00Z", unread });
    const text = textOf(last(await one.say("doctor")));
    expect(text).not.toContain("last poll was");
    expect(text).toMatch(/couldn't be read: sales-0, .*sales-9, \+2 →/);
  });

  it("names the channel that Slack says nothing of", async () => {
    const one = bench({ chat: { channel: () => Promise.reject(new Error("down")) } });
    await one.ports.store.subscriptions.put({
      channel: "C9",
      topic: "alerts",
      scopes: [],
      origin: "command",
    });
    expect(textOf(last(await one.say("doctor")))).toMatch(/Channel C9\s*: down/);
  });

  it("finds no fault with a public channel that may be posted to from outside", async () => {
    const open = { name: "alerts", member: false, open: true as const, archived: false, private: false };
    const one = bench({ chat: { channel: async (id) => ({ id, ...open }) } });
    await one.ports.store.subscriptions.put({
      channel: "C9",
      topic: "alerts",
      scopes: [],
      origin: "command",
    });
    expect(textOf(last(await one.say("doctor")))).not.toContain("Channel alerts");
    expect(textOf(last(await one.say("doctor --verbose")))).toMatch(/Channel alerts.*chat:write\.public/s);
  });

  it("shows the first problems, and every one with --verbose", async () => {
    const checks = Array.from({ length: 40 }, (_, index) => ({
      ...{ name: `subscription-${index}`, state: "failed" as const, said: "missing", fix: "az …" },
    }));
    const one = bench({ azure: { checks: async () => checks } });
    const listed = async (line: string) =>
      last(await one.say(line)).parts.flatMap((part) => ("list" in part ? part.list : [])).length;
    expect(await listed("doctor")).toBe(26);
    expect(await listed("doctor --verbose")).toBeGreaterThanOrEqual(40);
  });

  // Unreadable values have a line each; a Redis that can't be written is seen by the test write.
  it.each(troubleKinds.filter((kind) => kind !== "stored" && kind !== "unwritable"))(
    "an open trouble is a problem, with what fixes it: %s",
    async (kind) => {
      const one = bench();
      const about = { since: now, detail: "in its own words", kind, name: "Sales", channels: [] };
      await one.ports.store.trouble.open(`${kind}:x`, about);
      for (const language of ["en", "ja"] as const) {
        const message = last(await one.say("doctor", { language }));
        expect(message.tone).toBe("bad");
        expect(textOf(message)).toContain(`in its own words → ${troubleFix(kind, language)}`);
      }
    },
  );

  it("what cannot be looked at is unknown, and hides nothing else", async () => {
    const down = () => Promise.reject(new Error("down"));
    const one = bench({ azure: { checks: down }, chat: { checks: down } });
    const message = last(await one.say("doctor"));
    expect(textOf(message.headline)).toMatch(/3 unknown/);
    expect(textOf(message)).toMatch(/⚠️\s+Azure\s*: down → Run \/defender doctor again/);
    expect(textOf(message)).toMatch(/✅ \d+ checks? passed/);
  });

  it("a guest has no access", async () => {
    expect(textOf(last(await bench().say("doctor", { person: people.guest })))).toContain(
      "don't have permission",
    );
  });
});

describe("audit", () => {
  it("shows who did what, newest first, to operators only", async () => {
    const one = bench();
    await one.say("mute K8S.NODE_ImdsCall --scope cluster:aks-demo --for 1h");
    await one.say("mute K8S.NODE_ImdsCall --scope cluster:aks-demo --for 1h", { person: people.member });
    const message = last(await one.say("audit"));
    expect(message.headline).toBe("2 entries in the audit log of the last 7 days: 1 done, 1 refused");
    const entry = (person: string, what: string) =>
      new RegExp(`${person}\\s+· ${what.replaceAll(".", "\\.")} on cluster:aks-demo`);
    const text = textOf(message);
    expect(text).toMatch(entry(people.member, "tried to mute alerts K8S.NODE_ImdsCall"));
    expect(text).toMatch(/on cluster:aks-demo · refused — /);
    expect(text).toMatch(entry(people.operator, "muted alerts K8S.NODE_ImdsCall"));
    const ja = textOf(last(await one.say("audit", { language: "ja" })));
    expect(ja).toContain("cluster:aks-demo のアラート K8S.NODE_ImdsCall: ミュート");
    expect(textOf(last(await one.say("audit", { person: people.member })))).toContain(
      "don't have permission",
    );
  });

  it("names what was done in one line, and shows the command line where there are no words for it", async () => {
    const one = bench();
    const entry = { at: now, person: "U1", channel: "C1", source: "button", action: "a change" };
    const { audit } = one.ports.store;
    const run = { kind: "simulation", name: "web-shell", place: "aks-demo" } as const;
    const approval = { ...entry, command: "approval", line: "approval r-1 83b76 approve" };
    await audit.append({ ...approval, outcome: "done", audited: { verb: "approve", ...run } });
    const failed = { ...approval, outcome: "failed", detail: "no answer" } as const;
    await audit.append({ ...failed, audited: { verb: "cancel", ...run } });
    await audit.append({ ...entry, command: "x", line: "x y", outcome: "done" });
    const text = textOf(last(await one.say("audit")));
    expect(text).toMatch(/· approved simulation web-shell on aks-demo/);
    expect(text).toMatch(/· tried to cancel simulation web-shell on aks-demo · failed — no answer/);
    expect(text).toMatch(/·\s+x y/);
    expect(text).not.toContain("83b76");
  });

  it("a CSV holds every entry", async () => {
    const one = bench();
    for (let n = 0; n < 30; n++) await one.say("unmute");
    expect(textOf(last(await one.say("audit")))).toContain("5 older entries");
    expect(files(last(await one.say("audit --csv")))[0]?.csv).toHaveLength(31);
  });
});

describe("a parameter of a policy", () => {
  const id = "/subscriptions/s1/providers/Microsoft.Authorization/policyAssignments/SecurityCenterBuiltIn";
  const parameter = { name: "allowedServicePortsList", value: "443", default: "-1", assigned: "ports" };
  const assigned = (change: object = {}) => ({
    azure: {
      policyParameters: async () => [
        {
          id,
          name: "ASC Default",
          scope: "/subscriptions/s1",
          definition: "x",
          parameters: [{ ...parameter, ...change }],
        },
      ],
    },
  });
  it.each([
    [
      "its value, default and assignment",
      "allowed-ports",
      {},
      /in prod-east: 443.*Default.*-1.*ASC Default.*--value 80,443/s,
    ],
    ["the same, where it has the value", "allowed-ports --value 443", {}, /in prod-east: 443/],
    [
      "that the initiative fixes it",
      "allowed-ports",
      { assigned: undefined },
      /no assignment of it can change it/,
    ],
    [
      "why it can't be set",
      "allowed-ports --value 80",
      { assigned: undefined },
      /ASC Default fixes the value/,
    ],
    ["a value that is none", "allowed-ports --value http", {}, /Invalid value “http” for --value.*80,443/s],
    [
      "a value for what takes none",
      "plan --value 1",
      {},
      /--value sets a parameter of a policy.*allowed-registries/s,
    ],
  ])("answers with %s", async (_, words, change, wanted) => {
    expect(textOf(last(await bench(assigned(change)).say(`enable sub:prod-east ${words}`)))).toMatch(wanted);
  });

  it("answers that no assignment holds there", async () => {
    const none = { azure: { policyParameters: async () => [] } };
    expect(textOf(last(await bench(none).say("enable sub:prod-east cpu-limit")))).toContain(
      "no policy assignment",
    );
  });
});
