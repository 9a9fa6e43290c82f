import { z } from "zod";
import type { Settings } from "../domain/settings.ts";
import type { ConfigProblem } from "../errors.ts";
import type { Readers } from "./readers.ts";
import { allowedBy, problemOf, textLike, textWhere } from "./rule.ts";

export type FromEnvironment = Pick<
  Settings,
  "slack" | "listen" | "redis" | "azure" | "proxy" | "role" | "dataDir" | "logLevel"
> & { configFile?: string };

type Env = Record<string, string | undefined>;

const roles = ["all", "web", "worker"] as const satisfies readonly Settings["role"][];
const levels = [
  "fatal",
  "error",
  "warn",
  "info",
  "debug",
  "trace",
] as const satisfies readonly Settings["logLevel"][];

/**
 * Reads the environment (design, section 4). Whitespace around a value is dropped: secrets read from files end with a line
 * break. A variable set to nothing counts as not set. No problem repeats a value:
 * it may be a secret.
 */
export function readEnvironment(
  env: Env,
  readers: Pick<Readers, "redisUrl">,
): { settings?: FromEnvironment; problems: ConfigProblem[] } {
  const set = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const read = schema(readers).safeParse(set);
  if (!read.success) {
    const problems = read.error.issues.map((issue) => ({
      where: String(issue.path[0] ?? "environment"),
      problem: problemOf(issue),
      allowed: allowedBy(issue),
    }));
    return { problems: [...problems, ...modeProblems(set)] };
  }
  const more = [...modeProblems(set), ...timeoutProblems(read.data)];
  if (more.length > 0) return { problems: more };
  const known = read.data;
  const cloud = clouds[known.AZURE_CLOUD];
  const settings: FromEnvironment = {
    slack: {
      botToken: known.SLACK_BOT_TOKEN,
      signingSecret: known.SLACK_SIGNING_SECRET,
      appToken: known.SLACK_APP_TOKEN,
      apiUrl: known.SLACK_API_URL && `${withoutSlash(known.SLACK_API_URL)}/`,
    },
    listen: {
      host: known.HOST,
      port: known.PORT,
      keepAliveSeconds: known.KEEP_ALIVE_SECONDS,
      headersTimeoutSeconds: known.HEADERS_TIMEOUT_SECONDS ?? known.KEEP_ALIVE_SECONDS + 5,
      maxConnections: known.MAX_CONNECTIONS,
    },
    redis: { url: known.REDIS_URL, prefix: known.REDIS_PREFIX },
    azure: {
      ...cloud,
      cloud: known.AZURE_CLOUD,
      // The audience stays the cloud's own: an endpoint in front of Resource Manager takes the same tokens.
      resourceManager: withoutSlash(known.AZURE_RESOURCE_MANAGER_URL ?? cloud.resourceManager),
      authorityHost: withoutSlash(known.AZURE_AUTHORITY_HOST ?? cloud.authorityHost),
    },
    proxy: proxyOf(set),
    role: known.BREAKWATER_ROLE,
    dataDir: known.BREAKWATER_DATA_DIR,
    logLevel: known.LOG_LEVEL,
    configFile: known.BREAKWATER_CONFIG,
  };
  return { settings, problems: [] };
}

function schema({ redisUrl }: Pick<Readers, "redisUrl">) {
  return z.object({
    SLACK_BOT_TOKEN: secret(
      "the Bot User OAuth Token, xoxb-… (docs/install.md)",
      /^(xoxe\.)?xoxb-/,
      "is no bot token",
    ).prefault(""),
    SLACK_SIGNING_SECRET: secret("the Signing Secret, one word").optional(),
    SLACK_APP_TOKEN: secret(
      "a token with connections:write, xapp-…",
      /^xapp-/,
      "is no app-level token",
    ).optional(),
    SLACK_API_URL: url(["https:", "http:"]).optional(),
    HOST: z.string().default("0.0.0.0"),
    PORT: textWhere(
      (text) => (/^\d{1,5}$/.test(text) && Number(text) < 65536 ? undefined : "is no port"),
      "a whole number from 0 (any free port) to 65535",
    )
      .default("3000")
      .transform(Number),
    KEEP_ALIVE_SECONDS: wholeNumber(1, 3600).prefault("75"),
    HEADERS_TIMEOUT_SECONDS: wholeNumber(2, 3700).optional(),
    MAX_CONNECTIONS: wholeNumber(10, 100_000).prefault("1000"),
    REDIS_URL: textWhere(
      redisUrl,
      "redis://, rediss://, redis+sentinel://HOST:PORT,…/NAME, redis+cluster://HOST:PORT,…",
    ).optional(),
    REDIS_PREFIX: textLike(
      /^[^\s{}]*\{[^\s{}]+\}[^\s{}]*$/,
      "prefix with a part in braces, which keeps the keys in one slot of a cluster",
      "for example {breakwater}",
    ).default("{breakwater}"),
    AZURE_CLIENT_ID: secret("the application (client) ID").optional(),
    AZURE_TENANT_ID: secret("the directory (tenant) ID").optional(),
    AZURE_CLIENT_SECRET: secret("the value of a client secret, one word").optional(),
    AZURE_CLOUD: z.enum(["AzureCloud", "AzureUSGovernment"]).default("AzureCloud"),
    AZURE_RESOURCE_MANAGER_URL: url(["https:"]).optional(),
    AZURE_AUTHORITY_HOST: url(["https:"]).optional(),
    BREAKWATER_CONFIG: z.string().optional(),
    BREAKWATER_ROLE: z.enum(roles).default("all"),
    BREAKWATER_DATA_DIR: z.string().default(".breakwater"),
    LOG_LEVEL: z.enum(levels).default("info"),
  });
}

function wholeNumber(least: number, most: number) {
  const fits = (text: string) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most;
  const wrong = (text: string) => (fits(text) ? undefined : "is no number that is allowed here");
  return textWhere(wrong, `a whole number from ${least} to ${most}`).transform(Number);
}

/** A value that holds no whitespace: a space or line break inside comes from a wrong copy, and fails later unexplained. */
function secret(allowed: string, pattern = /./, problem = "") {
  const wrong = (text: string) => {
    if (text === "") return "is missing";
    if (/\s/.test(text)) return "contains whitespace";
    return pattern.test(text) ? undefined : problem;
  };
  return textWhere(wrong, allowed);
}

/** Else a kept connection is closed while a request is on its way (nodejs.org, http, `server.headersTimeout`). */
function timeoutProblems(read: {
  KEEP_ALIVE_SECONDS: number;
  HEADERS_TIMEOUT_SECONDS?: number;
}): ConfigProblem[] {
  const { KEEP_ALIVE_SECONDS: keep, HEADERS_TIMEOUT_SECONDS: headers } = read;
  if (headers === undefined || headers > keep) return [];
  const allowed = `more than KEEP_ALIVE_SECONDS (${keep})`;
  return [{ where: "HEADERS_TIMEOUT_SECONDS", problem: "is too small", allowed }];
}

/** Asked apart from the schema, which would not look at it where another variable is wrong. */
function modeProblems({ SLACK_SIGNING_SECRET, SLACK_APP_TOKEN, BREAKWATER_ROLE }: Env): ConfigProblem[] {
  if (SLACK_SIGNING_SECRET || SLACK_APP_TOKEN || BREAKWATER_ROLE === "worker") return [];
  const problem = "is missing: without it, requests from Slack can't be verified";
  const allowed = "the Signing Secret (HTTP mode), or SLACK_APP_TOKEN instead (Socket Mode)";
  return [{ where: "SLACK_SIGNING_SECRET", problem, allowed }];
}

/** Either spelling counts, as everywhere [curl, environment variables]. */
function proxyOf(env: Env): Settings["proxy"] {
  const address = env.https_proxy ?? env.HTTPS_PROXY;
  return address ? { url: address, except: env.no_proxy ?? env.NO_PROXY ?? "" } : undefined;
}

function url(protocols: string[]) {
  const usable = (text: string) => {
    const read = URL.parse(text);
    if (!read) return "is no URL";
    return protocols.includes(read.protocol) ? undefined : `must begin with ${protocols[0]}//`;
  };
  return textWhere(usable, protocols.map((protocol) => `${protocol}//HOST…`).join(" or "));
}

function withoutSlash(text: string): string {
  return text.replace(/(?<!\/)\/+$/, "");
}

type Cloud = Settings["azure"]["cloud"];

/**
 * Endpoints of the clouds, as in `az cloud show` and "Compare Azure Government and global Azure"
 * (learn.microsoft.com/azure/azure-government/compare-azure-government-global-azure).
 */
const clouds: Record<Cloud, Omit<Settings["azure"], "cloud">> = {
  AzureCloud: {
    resourceManager: "https://management.azure.com",
    audience: "https://management.azure.com/.default",
    authorityHost: "https://login.microsoftonline.com",
    portal: "https://portal.azure.com",
  },
  AzureUSGovernment: {
    resourceManager: "https://management.usgovcloudapi.net",
    audience: "https://management.usgovcloudapi.net/.default",
    authorityHost: "https://login.microsoftonline.us",
    portal: "https://portal.azure.us",
  },
};
