import { expect, it } from "vitest";
import { parseScope } from "../../src/domain/scope/scope.ts";
import { ConfigError } from "../../src/errors.ts";
import { validCron } from "../../src/queue/cron.ts";
import { readRedisUrl, redisUrlProblem } from "../../src/redis/redis-url.ts";
import { readSettings } from "../../src/settings/read.ts";

const readers = { cron: validCron, redisUrl: redisUrlProblem, scope: parseScope };
const least = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "s3cret" };

function read(env: Record<string, string | undefined>, files: Record<string, string> = {}) {
  return readSettings(env, (path) => files[path], readers);
}

function problems(env: Record<string, string | undefined>, files: Record<string, string> = {}) {
  try {
    read(env, files);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  throw new Error("these settings were accepted");
}

const lines = (yaml: string) =>
  problems(least, { "breakwater.yaml": yaml }).map(({ line, problem }) => `${line}: ${problem}`);

it("needs two secrets only; everything else has a default", () => {
  expect(read(least)).toEqual({
    slack: { botToken: "xoxb-1", signingSecret: "s3cret", appToken: undefined, apiUrl: undefined },
    listen: {
      host: "0.0.0.0",
      port: 3000,
      keepAliveSeconds: 75,
      headersTimeoutSeconds: 80,
      maxConnections: 1000,
    },
    redis: { url: undefined, prefix: "{breakwater}" },
    azure: {
      cloud: "AzureCloud",
      resourceManager: "https://management.azure.com",
      audience: "https://management.azure.com/.default",
      authorityHost: "https://login.microsoftonline.com",
      portal: "https://portal.azure.com",
    },
    role: "all",
    dataDir: ".breakwater",
    logLevel: "info",
    scope: { managementGroups: [], subscriptions: [] },
    language: "en",
    schedules: {
      timezone: "UTC",
      alerts: "* * * * *",
      rescan: "0 8 * * *",
      coverage: "0 * * * *",
      hunts: "*/15 * * * *",
      recommendations: "0 9 * * *",
      compliance: "30 8 * * *",
      drills: [],
    },
    channels: [],
    access: { operators: [], approvers: [] },
    simulations: {
      clusters: [],
      refuseTags: ["environment=production"],
      namespace: "breakwater-simulation",
      verifyMinutes: 75,
      images: {
        attacker: "ghcr.io/microsoft/defender-for-cloud/attacksimulation/attacker:latest",
        victim: "ghcr.io/microsoft/defender-for-cloud/attacksimulation/victim:latest",
        busybox: "mcr.microsoft.com/cbl-mariner/busybox:2.0",
      },
    },
    hunts: {},
    retention: {},
  });
});

it("makes one subscription of each topic of a channel in the file, with its filters", () => {
  const { channels } = read(least, {
    "breakwater.yaml": `channels:
  - channel: C0123456789
    topics: [alerts, rescan]
    severity: medium
    scope: ["sub:prod-*", "cluster:aks-*"]
    language: ja`,
  });
  const scopes = [
    { kind: "sub", pattern: "prod-*" },
    { kind: "cluster", pattern: "aks-*" },
  ];
  const shared = { channel: "C0123456789", severity: "medium", scopes, language: "ja", origin: "file" };
  expect(channels).toEqual([
    { ...shared, topic: "alerts" },
    { ...shared, topic: "rescan" },
  ]);
});

it("tells newly pushed images at once where the file says so: with rescan, and only there", () => {
  const yaml = (topics: string, immediate = "critical") =>
    `channels:\n  - channel: C0123456789\n    topics: ${topics}\n    immediate: ${immediate}\n`;
  const { channels } = read(least, { "breakwater.yaml": yaml("[rescan, alerts]") });
  const shared = { channel: "C0123456789", scopes: [], origin: "file" };
  expect(channels).toEqual([
    { ...shared, topic: "rescan", immediate: "critical" },
    { ...shared, topic: "alerts" },
  ]);
  expect(problems(least, { "breakwater.yaml": yaml("[alerts]") })).toEqual([
    {
      where: "breakwater.yaml",
      line: 4,
      problem: "channels[0].immediate goes with rescan only",
      allowed: "only beside the topic rescan",
    },
  ]);
  expect(lines(yaml("[rescan]", "unknown"))).toEqual([
    "4: channels[0].immediate is none of the values that are allowed",
  ]);
});

it("posts what arrives dismissed where the file says so: with alerts, and only there", () => {
  const yaml = (topics: string) =>
    `channels:\n  - channel: C0123456789\n    topics: ${topics}\n    state: all\n`;
  const { channels } = read(least, { "breakwater.yaml": yaml("[rescan, alerts]") });
  expect(channels.map(({ topic, state }) => [topic, state])).toEqual([
    ["rescan", undefined],
    ["alerts", "all"],
  ]);
  expect(lines(yaml("[rescan]"))).toEqual(["4: channels[0].state goes with alerts only"]);
});

it("knows the endpoints of Azure Government, and keeps the cloud's audience with another endpoint", () => {
  const { azure } = read({
    ...least,
    AZURE_CLOUD: "AzureUSGovernment",
    AZURE_RESOURCE_MANAGER_URL: "https://127.0.0.1:8443/",
  });
  expect(azure).toEqual({
    cloud: "AzureUSGovernment",
    resourceManager: "https://127.0.0.1:8443",
    audience: "https://management.usgovcloudapi.net/.default",
    authorityHost: "https://login.microsoftonline.us",
    portal: "https://portal.azure.us",
  });
});

it("reads another file where it is asked to, and says so where there is none", () => {
  const env = { ...least, BREAKWATER_CONFIG: "other.yaml" };
  expect(read(env, { "other.yaml": "language: ja" }).language).toBe("ja");
  expect(problems(env)).toMatchObject([
    { where: "BREAKWATER_CONFIG", problem: expect.stringContaining("other.yaml") },
  ]);
});

it("tells every problem of the environment and of the file at once, and repeats no value", () => {
  const result = problems(
    {
      SLACK_BOT_TOKEN: "leaked-token",
      PORT: "99999",
      REDIS_URL: "http://user:leaked-password@redis:6379",
      REDIS_PREFIX: "plain",
      AZURE_CLOUD: "AzureMoonCloud",
      AZURE_RESOURCE_MANAGER_URL: "http://127.0.0.1",
      BREAKWATER_ROLE: "boss",
      LOG_LEVEL: "loud",
      SLACK_API_URL: "slack",
    },
    { "breakwater.yaml": "language: de\n" },
  );
  expect(result.map(({ where }) => where).sort()).toEqual([
    "AZURE_CLOUD",
    "AZURE_RESOURCE_MANAGER_URL",
    "BREAKWATER_ROLE",
    "LOG_LEVEL",
    "PORT",
    "REDIS_PREFIX",
    "REDIS_URL",
    "SLACK_API_URL",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "breakwater.yaml",
  ]);
  for (const { allowed } of result) expect(allowed).toBeTruthy();
  expect(JSON.stringify(result)).not.toContain("leaked");
});

it.each([
  ["HTTP mode", {}, ["SLACK_SIGNING_SECRET"]],
  ["HTTP mode in a web process", { BREAKWATER_ROLE: "web" }, ["SLACK_SIGNING_SECRET"]],
  ["Socket Mode", { SLACK_APP_TOKEN: "xapp-1" }, []],
  ["a worker", { BREAKWATER_ROLE: "worker" }, []],
])("asks for the signing secret where requests come in: %s", (_mode, env, missing) => {
  const all = { SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: "", ...env };
  if (missing.length === 0) expect(read(all).slack.signingSecret).toBeUndefined();
  else expect(problems(all).map(({ where }) => where)).toEqual(missing);
});

it("names the line of every mistake in the file, and what is allowed there", () => {
  const result = problems(least, {
    "breakwater.yaml": `langauge: en
schedules:
  timezone: Mars/Olympus
  alerts: "61 * * * *"
channels:
  - channel: general
    topics: [alerts, wether]
    severity: bad
    scope: ["planet:x"]
access:
  operators: alice
  admin: C0
simulations:
  verifyMinutes: -1
  namespace: Not_A_Namespace
  refuseTag: []
retention:
  alerts: 30
  audit: 9.5
`,
  });
  expect(result.map(({ line, problem, allowed }) => [line, problem, allowed ?? ""])).toEqual([
    [1, "langauge is no setting; did you mean language?", expect.stringContaining("schedules")],
    [3, "schedules.timezone is no time zone", expect.stringContaining("Asia/Tokyo")],
    [
      4,
      expect.stringMatching(/^schedules.alerts is no cron line: .*61/),
      expect.stringContaining("five fields"),
    ],
    [6, "channels[0].channel is no Slack channel id", expect.stringContaining("C0123456789")],
    [
      7,
      "channels[0].topics[1] is none of the values that are allowed",
      "alerts, rescan, coverage, recommendations, compliance, drills",
    ],
    [8, expect.stringContaining("severity"), "critical, high, medium, low, informational"],
    [9, "channels[0].scope[0] is no scope", expect.stringContaining("sub:")],
    [11, "access.operators is of the wrong kind", "a list"],
    [12, "access.admin is no Slack channel or user id", expect.any(String)],
    [14, expect.stringContaining("simulations.verifyMinutes"), ""],
    [15, "simulations.namespace is no Kubernetes namespace", expect.any(String)],
    [
      16,
      "simulations.refuseTag is no setting; did you mean refuseTags?",
      expect.stringContaining("clusters"),
    ],
    [18, "retention.alerts is too small (at least 90)", ""],
    [19, "retention.audit is of the wrong kind", "a whole number"],
  ]);
});

it("names the line where the file is no YAML, or says a thing twice", () => {
  expect(lines("language: en\nchannels: [\n")).toEqual([expect.stringMatching(/^[23]: is not YAML/)]);
  expect(lines("language: en\nlanguage: ja\n")).toEqual([expect.stringMatching(/^2: is not YAML.*unique/)]);
  expect(lines("- a\n- b\n")).toEqual([expect.stringMatching(/^1: the file is of the wrong kind/)]);
});

it.each([
  "simulations: { clusters: [*] }",
  "scope: { subscriptions: [*-prod] }",
  "schedules: { alerts: * * * * * }",
])("asks for quotes around a value that begins with a star, on its line: %s", (yaml) => {
  const [one, ...more] = problems(least, { "breakwater.yaml": `language: en\n${yaml}\n` });
  expect(more).toEqual([]);
  expect(one).toMatchObject({
    line: 2,
    problem: "has a value that begins with * and is not in quotes",
    allowed: expect.stringContaining('"*-prod"'),
  });
});

it("takes an alias of a value that is there", () => {
  const yaml = "access: { operators: &us [U0123456789], approvers: *us }";
  expect(read(least, { "breakwater.yaml": yaml }).access.approvers).toEqual(["U0123456789"]);
});

it("says of a list that it is empty, and of a number that nothing is not enough", () => {
  expect(lines("channels: [{ channel: C0123456789, topics: [] }]")).toEqual([
    "1: channels[0].topics is empty",
  ]);
  expect(lines("simulations: { verifyMinutes: 0 }")).toEqual([
    "1: simulations.verifyMinutes is too small (more than 0)",
  ]);
});

it("says which token is missing, and where it is described", () => {
  expect(problems({ SLACK_APP_TOKEN: "xapp-1" })).toEqual([
    {
      where: "SLACK_BOT_TOKEN",
      problem: "is missing",
      allowed: "the Bot User OAuth Token, xoxb-… (docs/install.md)",
    },
  ]);
});

it("takes a key without a value, and a file with nothing but comments, as not written", () => {
  const file = { "breakwater.yaml": "# nothing yet\naccess:\n  operators:\n  admin:\nchannels:\n" };
  expect(read(least, file).access).toEqual({ operators: [], approvers: [] });
});

it("takes images from a mirror and pinned by digest, and names an image that is none", () => {
  const digest = `sha256:${"a1".repeat(32)}`;
  const yaml = (image: string) => `simulations:\n  images:\n    attacker: ${image}`;
  const image = `registry.example.com:5000/mirror/attacker@${digest}`;
  expect(read(least, { "breakwater.yaml": yaml(image) }).simulations.images.attacker).toBe(image);
  expect(lines(yaml("'attacker; rm -rf /'"))).toEqual([
    "3: simulations.images.attacker is no image reference",
  ]);
});

it("a drill carries its permanent approval and its parameters", () => {
  const drill = (more: string) =>
    `schedules:\n  drills:\n    - { cron: "0 10 * * 1", scenario: node-malware, cluster: aks-demo${more} }`;
  const { drills } = read(least, {
    "breakwater.yaml": drill(", approvedBy: U0123456789, parameters: { node: n1 }"),
  }).schedules;
  expect(drills).toMatchObject([{ approvedBy: "U0123456789", parameters: { node: "n1" } }]);
  expect(lines(drill(", approvedBy: S0123456789"))).toEqual([
    "3: schedules.drills[0].approvedBy is no Slack user id",
  ]);
});

it("refuses a headers timeout that isn't longer than idle connections are kept", () => {
  const env = { ...least, KEEP_ALIVE_SECONDS: "75", HEADERS_TIMEOUT_SECONDS: "75" };
  expect(problems(env)).toEqual([
    {
      where: "HEADERS_TIMEOUT_SECONDS",
      problem: "is too small",
      allowed: "more than KEEP_ALIVE_SECONDS (75)",
    },
  ]);
  expect(read({ ...env, HEADERS_TIMEOUT_SECONDS: "76" }).listen.headersTimeoutSeconds).toBe(76);
});

it("drops whitespace around secrets, as files that hold them end with a line break", () => {
  const { slack, redis } = read({
    SLACK_BOT_TOKEN: "xoxb-1\n",
    SLACK_SIGNING_SECRET: " s3cret\r\n",
    SLACK_APP_TOKEN: "\txapp-1",
    REDIS_URL: "redis://:secret@redis:6379\n",
  });
  expect(slack).toMatchObject({ botToken: "xoxb-1", signingSecret: "s3cret", appToken: "xapp-1" });
  expect(redis.url).toBe("redis://:secret@redis:6379");
});

it.each([
  "SLACK_BOT_TOKEN",
  "SLACK_SIGNING_SECRET",
  "SLACK_APP_TOKEN",
  "REDIS_URL",
  "AZURE_CLIENT_ID",
  "AZURE_TENANT_ID",
  "AZURE_CLIENT_SECRET",
])("names %s where whitespace is inside, and repeats nothing of it", (name) => {
  for (const inside of ["leaked\nsecret", "leaked secret", "leaked\u00a0secret"]) {
    const result = problems({ ...least, [name]: inside });
    expect(result).toMatchObject([{ where: name, problem: expect.stringContaining("contains whitespace") }]);
    expect(JSON.stringify(result)).not.toContain("leaked");
  }
});

it.each([
  ["one server", "redis://redis:6379", "redis://:p%40ss%2Fw%C3%B6rd%24%26@redis:6379"],
  ["sentinels", "redis+sentinel://a:1,b:2/main", "redis+sentinel://:p%40ss%2Fw%C3%B6rd%24%26@a:1,b:2/main"],
])("takes the password of Redis from a file: %s", (_what, url, expected) => {
  const env = { ...least, REDIS_URL: url, REDIS_PASSWORD_FILE: "/run/secrets/redis-password" };
  const { redis } = read(env, { "/run/secrets/redis-password": "p@ss/wörd$&\n" });
  expect(redis.url).toBe(expected);
  expect(readRedisUrl(expected)).toMatchObject({ password: "p@ss/wörd$&" });
});

it.each([
  ["without a URL", {}, { file: "leaked" }],
  ["with credentials in the URL", { REDIS_URL: "redis://:leaked@redis:6379" }, { file: "leaked" }],
  ["where there is no such file", { REDIS_URL: "redis://redis:6379" }, {}],
  ["where the file is empty", { REDIS_URL: "redis://redis:6379" }, { file: " \n" }],
])("refuses REDIS_PASSWORD_FILE %s, and repeats no secret", (_why, more, files: Record<string, string>) => {
  const result = problems({ ...least, ...more, REDIS_PASSWORD_FILE: "file" }, files);
  expect(result).toMatchObject([{ where: "REDIS_PASSWORD_FILE" }]);
  expect(JSON.stringify(result)).not.toContain("leaked");
});
