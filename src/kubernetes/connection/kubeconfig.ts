import { parse } from "yaml";
import type { UpstreamError } from "../../errors.ts";
import { items, text } from "../objects/read.ts";
import { trouble } from "./refusal.ts";

/** How one API server is reached, as its kubeconfig says. `entra`: with a token of the bot's own Azure identity. */
export type Way = {
  server: string;
  /** PEM; only this authority is trusted for this server. */
  authority?: string;
  serverName?: string;
  proxy?: string;
  user: { kind: "entra" } | { kind: "given"; token?: string; certificate?: string; key?: string };
};

/** Application id of the server side of AKS' Entra integration, the audience of its tokens [AKS docs, kubelogin]. */
export const aksServerId = "6dae42f8-4368-4678-94ff-3960e28e3630";

const mostCharacters = 1_000_000;

/**
 * Reads a kubeconfig: a text that others wrote. Nothing that it names is run (`exec`) and no file is read (`tokenFile`,
 * `certificate-authority`, …): the loader of the Kubernetes client would do both. An `exec` user of kubelogin or a user
 * of the old `azure` provider is answered as `entra`; any other is refused.
 * @throws UpstreamError code `InvalidKubeconfig`
 */
export function readKubeconfig(source: string): Way {
  const config = load(source);
  const context = named(config, "contexts", "context", text(config, ["current-context"]));
  const cluster = named(config, "clusters", "cluster", text(context, ["cluster"]));
  const user = named(config, "users", "user", text(context, ["user"]));
  return {
    server: serverOf(text(cluster, ["server"], 2000)),
    authority: pem(cluster, "certificate-authority-data", "CERTIFICATE"),
    serverName: text(cluster, ["tls-server-name"], 300) || undefined,
    proxy: proxyOf(text(cluster, ["proxy-url"], 2000)),
    user: userOf(user),
  };
}

function load(source: string): unknown {
  if (source.length > mostCharacters) throw invalid("is longer than a megabyte");
  try {
    // Aliases that multiply are a known way to fill the memory: a kubeconfig needs none.
    return parse(source, { maxAliasCount: 10, logLevel: "silent" });
  } catch {
    // The parser's message would quote the text, which holds secrets.
    throw invalid("is no YAML");
  }
}

/** The entry of a list by its name; without a current context, the only one. */
function named(config: unknown, list: string, field: string, name: string): unknown {
  const all = items(config, list);
  const entry = name
    ? all.find((one) => text(one, ["name"]) === name)
    : all.length === 1
      ? all[0]
      : undefined;
  const section = entry && typeof entry === "object" ? (entry as Record<string, unknown>)[field] : undefined;
  if (typeof section !== "object" || section === null)
    throw invalid(`has no ${field} that its context names`);
  return section;
}

function serverOf(address: string): string {
  if (!URL.canParse(address)) throw invalid("names no server");
  const { protocol, username, password, origin, pathname } = new URL(address);
  // Credentials would go over the line in the clear, or to whom the text in front of the @ hides.
  if (protocol !== "https:" || username || password) throw invalid("names a server that is not plain https");
  return `${origin}${pathname.replace(/(?<!\/)\/+$/, "")}`;
}

function proxyOf(address: string): string | undefined {
  if (address === "") return undefined;
  const protocol = URL.canParse(address) ? new URL(address).protocol : "";
  if (!["http:", "https:", "socks5:"].includes(protocol)) throw invalid("names a proxy of an unknown kind");
  return address;
}

function userOf(user: unknown): Way["user"] {
  const token = text(user, ["token"], 50_000) || undefined;
  const certificate = pem(user, "client-certificate-data", "CERTIFICATE");
  const key = pem(user, "client-key-data", "PRIVATE KEY");
  if (token || (certificate && key)) return { kind: "given", token, certificate, key };
  const command = text(user, ["exec", "command"], 300);
  if (command === "") {
    if (text(user, ["auth-provider", "name"]) === "azure") return { kind: "entra" };
    throw invalid("has a user without credentials");
  }
  if (!/^(?:.*[\\/])?kubelogin(?:\.exe)?$/i.test(command))
    throw invalid(`wants a program to be run (${command.slice(0, 100)}), which is never done`);
  const words = items(user, "exec", "args").map((word) => text(word));
  const audience = words[words.indexOf("--server-id") + 1];
  // A token for another audience would be a right of the bot handed to whoever wrote this text.
  if (words.includes("--server-id") && audience?.toLowerCase() !== aksServerId)
    throw invalid("wants a token for something else than the API servers of AKS");
  return { kind: "entra" };
}

function pem(value: unknown, field: string, kind: string): string | undefined {
  const data = text(value, [field], mostCharacters);
  if (data === "") return undefined;
  const pem = Buffer.from(data, "base64").toString("utf8");
  if (!pem.includes("-----BEGIN ") || !pem.includes(`${kind}-----`))
    throw invalid(`has a ${field} that is no PEM text`);
  return pem;
}

function invalid(what: string): UpstreamError {
  return trouble("InvalidKubeconfig", `The kubeconfig that Azure handed out ${what}`);
}
