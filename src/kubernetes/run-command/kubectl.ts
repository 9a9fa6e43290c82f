import { shellWord } from "../../text/shell-word.ts";
import { type Ask, fieldManager } from "../connection/transport.ts";

/** A command line, and what lies beside it as files. `mark`: what follows each output. */
export type Script = { command: string; files: { name: string; content: string }[]; mark: string };

/**
 * Requests as kubectl calls, one after the other; each one is followed by its exit code. `stop`: the first that fails is
 * the last. `--raw` sends a path
 * of the API as it is [kubectl docs, get/create/delete --raw].
 */
export function scriptOf(asks: readonly Ask[], { stop } = { stop: false }, mark: string): Script {
  const files: Script["files"] = [];
  const fileOf = (value: unknown) => {
    const name = `f${files.length}.json`;
    files.push({ name, content: JSON.stringify(value) });
    return name;
  };
  const after = stop ? `s=$?; echo ${mark} $s; [ $s = 0 ] || exit 1` : `echo ${mark} $?`;
  const command = asks.map((ask) => `${line(ask, fileOf)}; ${after}`).join("; ");
  return { command, files, mark };
}

function line(ask: Ask, fileOf: (value: unknown) => string): string {
  if (ask.kind === "get") return kubectl("get", "--raw", ask.path);
  if (ask.kind === "post") return kubectl("create", "--raw", ask.path, "-f", fileOf(ask.body));
  if (ask.kind === "delete") return kubectl("delete", "--raw", ask.path, "-f", fileOf(ask.body));
  const options = [
    ...(ask.force ? ["--force-conflicts"] : []),
    ...(ask.dryRun ? ["--dry-run=server"] : []),
    "-o",
    "name",
  ];
  const file = fileOf(ask.manifest);
  return kubectl("apply", "--server-side", `--field-manager=${fieldManager}`, ...options, "-f", file);
}

/** A command in a container. */
export function execScript(
  pod: { namespace: string; name: string; container: string },
  command: readonly string[],
  mark: string,
): Script {
  const place = [`--namespace=${pod.namespace}`, pod.name, `--container=${pod.container}`];
  return { command: `${kubectl("exec", ...place, "--", ...command)}; echo ${mark} $?`, files: [], mark };
}

function kubectl(...words: string[]): string {
  return ["kubectl", ...words].map(shellWord).join(" ");
}

export type Part = { exitCode: number; output: string };

/** The outputs between the marks; what no mark follows was cut. */
export function partsOf(output: string, mark: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  // An output need not end with a line of its own.
  for (let at = output.indexOf(`${mark} `); at >= 0; at = output.indexOf(`${mark} `, at + 1)) {
    const rest = output.slice(at + mark.length + 1);
    const ended = /^(\d+)[ \t\r]*(?:\n|$)/.exec(rest);
    if (!ended) continue;
    parts.push({ exitCode: Number(ended[1]), output: output.slice(from, at) });
    from = output.length - rest.length + ended[0].length;
  }
  return parts;
}
