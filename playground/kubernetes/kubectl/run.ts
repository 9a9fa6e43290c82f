import type { Served } from "../clusters.ts";
import { filesOf } from "../node/disk.ts";
import { imageOf } from "../node/images.ts";
import type { User } from "../rights.ts";
import type { Process } from "../shell/process.ts";
import { runScript } from "../shell/run.ts";
import { kubectl } from "./kubectl.ts";
import { unzip } from "./unzip.ts";

export type GivenCommand = { command: string; context: string; token: string };

/**
 * What AKS's run-command does: a shell in a pod of the cluster, with `kubectl` and the files of the zip in its
 * directory [AKS documentation, "Access a private cluster with command invoke"]. Output and errors come together.
 */
export async function runKubectl(
  served: Served,
  { command, context, token }: GivenCommand,
): Promise<{ exitCode: number; output: string }> {
  const output: string[] = [];
  const say = (text: string) => void output.push(text);
  const image = imageOf("mcr.microsoft.com/aks/command/runtime");
  image.disk.set("/usr/bin/kubectl", { content: "\x7fELF", program: "main" });
  const files = filesOf(image.disk, [], false);
  files.write("/command-files", { content: "", directory: true });
  for (const [name, content] of unzip(Buffer.from(context, "base64"))) {
    const folders = name.split("/").slice(0, -1);
    folders.forEach((_, index) => {
      const folder = folders.slice(0, index + 1).join("/");
      files.write(`/command-files/${folder}`, { content: "", directory: true });
    });
    files.write(`/command-files/${name}`, { content });
  }
  const user = userOf(served, token);
  const process: Process = {
    argv: ["sh"],
    env: { HOME: "/root", PATH: "/usr/bin:/bin" },
    cwd: "/command-files",
    files,
    stdin: "",
    out: say,
    err: say,
    signal: new AbortController().signal,
    place: {
      hostname: "command",
      user: 0,
      pause: served.pause,
      now: served.now,
      drifted: () => undefined,
      main: (own) => kubectl(served, user, own),
    },
  };
  const exitCode = await runScript(process, command, ["sh"]);
  return { exitCode, output: output.join("") };
}

/** Without a token the command is the cluster's administrator, unless local accounts are off: then it is no one. */
function userOf(served: Served, token: string): User | undefined {
  if (token !== "") return served.who(`Bearer ${token}`);
  return served.who(`Bearer ${served.token}`);
}
