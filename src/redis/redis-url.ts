/** Where a Redis is, read from one of the forms of `REDIS_URL` (design, section 3). */
export type RedisPlace = {
  kind: "single" | "sentinel" | "cluster";
  tls: boolean;
  hosts: { host: string; port: number }[];
  username?: string;
  password?: string;
  /** The master's name, for Sentinel. */
  name?: string;
  db?: number;
  /** Credentials of the sentinels themselves: `?sentinelUsername=…&sentinelPassword=…`. */
  sentinel?: { username?: string; password?: string };
};

export const redisUrlForms =
  "redis://HOST:PORT[/DB], rediss://HOST:PORT[/DB], redis+sentinel://HOST:PORT,HOST:PORT/NAME[/DB], redis+cluster://HOST:PORT,HOST:PORT; USER:PASSWORD@ before the first host; rediss+… for TLS";

const form =
  /^(redis|rediss)(?:\+(sentinel|cluster))?:\/\/(?:([^@/?#]*)@)?([^/?#]+)(?:\/([^/?#]*))?(?:\/([^/?#]*))?\/?(?:\?(.*))?$/i;

/**
 * Reads a Redis URL. The answer is a sentence that says what is wrong where it has none of the forms; it never
 * repeats the URL, which may hold a password.
 */
export function readRedisUrl(url: string): RedisPlace | string {
  if (/\s/.test(url.trim())) return "contains whitespace (write a space in a password as %20)";
  const [, scheme = "", kindWord, credentials, hostList = "", first = "", second = "", query = ""] =
    form.exec(url.trim()) ?? [];
  if (scheme === "") return "is none of the forms that are understood";
  const kind = (kindWord?.toLowerCase() ?? "single") as RedisPlace["kind"];
  const hosts = hostList.split(",").map((text) => hostOf(text, kind === "sentinel" ? 26379 : 6379));
  const wrong = hosts.indexOf(undefined);
  if (wrong >= 0) return `host number ${wrong + 1} is not HOST:PORT`;
  if (kind === "single" && hosts.length > 1)
    return "several hosts need redis+sentinel:// or redis+cluster://";
  if (kind === "sentinel" && first === "") return "the name of the master is missing after the hosts";
  if (kind === "cluster" && first !== "" && first !== "0") return "a cluster has no databases";
  if (kind !== "sentinel" && second !== "") return "there is more than one part after the host";
  const dbText = kind === "sentinel" ? second : first;
  if (!/^\d*$/.test(dbText)) return "the database is not a number";
  const [username, password] = credentialsOf(credentials);
  const options = new URLSearchParams(query);
  const sentinel = {
    username: options.get("sentinelUsername") ?? undefined,
    password: options.get("sentinelPassword") ?? undefined,
  };
  return {
    kind,
    tls: scheme.toLowerCase() === "rediss",
    hosts: hosts as RedisPlace["hosts"],
    ...(username && { username }),
    ...(password && { password }),
    ...(kind === "sentinel" && { name: decoded(first), sentinel }),
    ...(dbText !== "" && kind !== "cluster" && { db: Number(dbText) }),
  };
}

/** What is wrong with a Redis URL, or undefined. */
export function redisUrlProblem(url: string): string | undefined {
  const read = readRedisUrl(url);
  return typeof read === "string" ? read : undefined;
}

function hostOf(text: string, usualPort: number): { host: string; port: number } | undefined {
  const [, v6, name, portText] = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+))(?::(\d+))?$/i.exec(text) ?? [];
  const host = v6 ?? name;
  const port = Number(portText ?? usualPort);
  return host && port > 0 && port < 65536 ? { host, port } : undefined;
}

function credentialsOf(text: string | undefined): [string | undefined, string | undefined] {
  if (!text) return [undefined, undefined];
  const colon = text.indexOf(":");
  return colon < 0
    ? [decoded(text), undefined]
    : [decoded(text.slice(0, colon)), decoded(text.slice(colon + 1))];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
