import { posix } from "node:path";
import { checked } from "../api/exec.ts";
import { handle } from "../api/handle.ts";
import type { ApiAnswer, ApiRequest } from "../api/request.ts";
import type { Cluster } from "../cluster.ts";
import { type Kind, kindNamed } from "../kinds.ts";
import { runIn } from "../node/containers.ts";
import { at, type Json, listAt } from "../object.ts";
import type { User } from "../rights.ts";
import type { Process } from "../shell/process.ts";
import { isRefusal } from "../status.ts";

type Options = { words: string[]; flags: Map<string, string>; command: string[] };
type Call = (method: string, path: string, body?: string, contentType?: string) => ApiAnswer;

const short: Record<string, string> = {
  n: "namespace",
  f: "filename",
  o: "output",
  c: "container",
};
/** Flags without a value of their own. */
const booleanFlags = ["server-side", "force-conflicts", "wait", "now", "stdin"];

function optionsOf(argv: readonly string[]): Options {
  const flags = new Map<string, string>();
  const words: string[] = [];
  for (let index = 1; index < argv.length; index++) {
    const word = argv[index]!;
    if (word === "--") return { words, flags, command: argv.slice(index + 1) };
    if (!word.startsWith("-")) words.push(word);
    else {
      const [, given = "", value] = /^--?([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
      const name = short[given] ?? given;
      flags.set(name, value ?? (booleanFlags.includes(name) ? "true" : (argv[++index] ?? "")));
    }
  }
  return { words, flags, command: [] };
}

/** The verbs of `kubectl` that the run-command API is used with, against the same API as everybody's. */
export async function kubectl(cluster: Cluster, user: User | undefined, process: Process): Promise<number> {
  const options = optionsOf(process.argv);
  if (!user) return say(process.err, "error: You must be logged in to the server (Unauthorized)", 1);
  const call: Call = (method, path, body = "", contentType = "application/json") => {
    const url = new URL(path, "https://127.0.0.1");
    const request = {
      method,
      path: url.pathname,
      query: url.searchParams,
      contentType,
      body,
      user,
      agent: "kubectl/v1.33.0",
    };
    return handle(cluster, request satisfies ApiRequest);
  };
  const verb = options.words[0] ?? "";
  const raw = options.flags.get("raw");
  const file = () => fileOf(process, options);
  if (raw !== undefined) {
    const method = { get: "GET", create: "POST", delete: "DELETE" }[verb];
    if (!method) return say(process.err, `error: unknown command "${verb}"`, 1);
    const body = options.flags.has("filename") ? file() : "";
    return body === undefined
      ? missing(process, options)
      : tell(process, call(method, raw, body), (text) => text);
  }
  if (verb === "apply") return apply(process, options, call, file());
  if (verb === "exec") return exec(cluster, user, process, options);
  return say(process.err, `error: unknown command "${verb}" for "kubectl"`, 1);
}

function say(out: (text: string) => void, text: string, code: number): number {
  out(`${text}\n`);
  return code;
}

const missing = (process: Process, { flags }: Options) =>
  say(process.err, `error: the path "${flags.get("filename")}" does not exist`, 1);

const fileOf = ({ files, cwd }: Process, { flags }: Options) =>
  files.read(posix.resolve(cwd, flags.get("filename") ?? ""))?.content;

/** Prints what the API says: a failure in kubectl's words, exit code 1. */
function tell(process: Process, answer: ApiAnswer, shown: (text: string) => string): number {
  if (answer.status < 400) {
    // A body is printed as it is; the API server ends its JSON with a newline, a log ends as it does.
    process.out("text" in answer ? shown(answer.text) : `${shown(JSON.stringify(answer.body))}\n`);
    return 0;
  }
  return say(process.err, refusalOf(at({ body: "body" in answer ? answer.body : {} }, "body")), 1);
}

/** A failure in kubectl's words; reason Invalid has its own form, with the causes [kubectl, cmd/util CheckErr]. */
function refusalOf({ reason, message, details }: Json): string {
  if (reason !== "Invalid") return `Error from server (${String(reason)}): ${String(message)}`;
  const { kind, name } = at({ details }, "details");
  const causes = listAt({ details }, "details", "causes").map(
    (one) => `${String(one.field ?? "")}: ${String(one.message)}`,
  );
  const said = causes.length > 1 ? `\n${causes.map((one) => `* ${one}`).join("\n")}` : (causes[0] ?? "");
  return `The ${String(kind)} "${String(name)}" is invalid: ${said}`;
}

function pathOf(kind: Kind, namespace: string, name = ""): string {
  const root = kind.group ? `/apis/${kind.group}/${kind.version}` : `/api/${kind.version}`;
  const space = kind.namespaced && namespace ? `/namespaces/${namespace}` : "";
  return `${root}${space}/${kind.plural}${name && `/${name}`}`;
}

function apply(process: Process, options: Options, call: Call, text: string | undefined): number {
  if (text === undefined) return missing(process, options);
  let object: Json;
  try {
    object = JSON.parse(text) as Json;
  } catch {
    return say(
      process.err,
      `error: error parsing ${options.flags.get("filename")}: error converting YAML to JSON`,
      1,
    );
  }
  const kind = kindNamed(String(object.apiVersion), String(object.kind));
  if (!kind)
    return say(
      process.err,
      `error: resource mapping not parsed: no matches for kind "${String(object.kind)}" in version "${String(object.apiVersion)}"`,
      1,
    );
  if (options.flags.get("server-side") !== "true")
    return say(process.err, "error: only --server-side is supported", 1);
  const meta = at(object, "metadata");
  const query = new URLSearchParams({ fieldManager: options.flags.get("field-manager") ?? "kubectl" });
  if (options.flags.get("force-conflicts") === "true") query.set("force", "true");
  if (options.flags.get("dry-run") === "server") query.set("dryRun", "All");
  const namespace = String(meta.namespace ?? options.flags.get("namespace") ?? "default");
  const answer = call(
    "PATCH",
    `${pathOf(kind, namespace, String(meta.name))}?${query}`,
    text,
    "application/apply-patch+yaml",
  );
  const singular = `${kind.kind.toLowerCase()}${kind.group ? `.${kind.group}` : ""}`;
  return tell(process, answer, () =>
    options.flags.get("output") === "name"
      ? `${singular}/${String(meta.name)}`
      : `${singular}/${String(meta.name)} serverside-applied`,
  );
}

async function exec(
  cluster: Cluster,
  user: User,
  process: Process,
  { words, flags, command }: Options,
): Promise<number> {
  const path = `/api/v1/namespaces/${flags.get("namespace") ?? "default"}/pods/${words[1] ?? ""}/exec`;
  const query = new URLSearchParams(command.map((word): [string, string] => ["command", word]));
  const container = flags.get("container");
  if (container) query.set("container", container);
  try {
    const request = { method: "POST", path, query, contentType: "", body: "", user, agent: "kubectl" };
    const parsed = checked(cluster, request);
    const code = await runIn(cluster, parsed.pod, parsed.container, command, {
      out: process.out,
      err: process.err,
      signal: process.signal,
    });
    if (code !== 0) process.err(`command terminated with exit code ${code}\n`);
    return code;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return say(process.err, refusalOf(error.refusal), 1);
  }
}
