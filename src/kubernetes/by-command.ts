import type { ClusterAzure } from "../simulation-ports.ts";
import { mostOutput } from "./exec.ts";
import { execScript, type Part, partsOf, type Script, scriptOf } from "./kubectl.ts";
import { capped, parsed } from "./read.ts";
import { saidByKubectl, trouble } from "./refusal.ts";
import type { Answered, Ask, Transport } from "./transport.ts";

/** What kubectl says of the command that it ran, on top of the command's own output [kubectl exec]. */
const terminated = /\n?command terminated with exit code \d+\s*$/;

/**
 * The way for clusters whose API server cannot be reached from here: Azure runs kubectl in a pod beside it. Slow (each
 * call is a pod), so several requests go together; and what is longer than 512 kB does not come back.
 * @param token of the Entra identity that runs it; undefined where the cluster knows none
 */
export function commandTransport(
  run: ClusterAzure["runCommand"],
  cluster: string,
  token: () => Promise<string | undefined>,
): Transport {
  const parts = async ({
    command,
    files,
    mark,
  }: Script): Promise<{ parts: Part[]; cut: boolean; left: string }> => {
    const { output, cut } = await run(cluster, { command, files, token: await token() });
    return { parts: partsOf(output, mark), cut, left: output };
  };
  const single = async (script: Script): Promise<Part> => {
    const { parts: found, cut, left } = await parts(script);
    if (!found[0]) throw incomplete(cut, left);
    return found[0];
  };
  /** What the cut took away is asked for again, with less before it; alone if it must be. */
  const askAll = async (asks: readonly Ask[], options?: { stop: boolean }): Promise<Answered[]> => {
    if (asks.length === 0) return [];
    const { parts: found, cut, left } = await parts(scriptOf(asks, options));
    const answers = asks.slice(0, found.length).map((ask, index) => answerOf(ask, found[index]!));
    const stopped = options?.stop && answers.some(({ error }) => error);
    if (answers.length === asks.length || stopped) return answers;
    if (!cut || asks.length === 1)
      return [...answers, ...asks.slice(found.length).map(() => ({ error: incomplete(cut, left) }))];
    const alone = found.length === 0 ? 1 : 0;
    return [
      ...answers,
      ...(await askAll(asks.slice(found.length, found.length + alone), options)),
      ...(await askAll(asks.slice(found.length + alone), options)),
    ];
  };
  return {
    how: "run-command",
    async ask(asks, options) {
      const answers = await askAll(asks, options);
      const failed = options?.stop ? answers.findIndex(({ error }) => error) : -1;
      return failed < 0 ? answers : answers.slice(0, failed + 1);
    },
    async read(path, most) {
      const { exitCode, output } = await single(scriptOf([{ kind: "get", path }]));
      if (exitCode !== 0) throw saidByKubectl(output);
      return output.slice(0, most);
    },
    async exec(pod, command) {
      const { exitCode, output } = await single(execScript(pod, command));
      const own = /^(?:Error from server|error: |Unable to connect)/m.test(output);
      if (exitCode !== 0 && own && !terminated.test(output)) throw saidByKubectl(output);
      return { exitCode, output: output.replace(terminated, "").slice(0, mostOutput) };
    },
  };
}

function answerOf(ask: Ask, { exitCode, output }: Part): Answered {
  if (exitCode !== 0) return { error: saidByKubectl(output) };
  if (ask.kind === "apply") return { body: {} };
  // Warnings of the API server stand before the answer.
  const body = parsed(output) ?? parsed(output.slice(Math.max(0, output.indexOf("{"))));
  return typeof body === "object" && body !== null
    ? { body }
    : { error: trouble("InvalidBody", "kubectl put out what is no JSON", true, 200) };
}

function incomplete(cut: boolean, output: string) {
  return cut
    ? trouble(
        "OutputCut",
        "The output of the run-command is longer than Azure hands out (512 kB)",
        false,
        200,
      )
    : trouble(
        "InvalidBody",
        `The run-command ended early: ${capped(output.replace(/\s+/g, " ").trim(), 300) || "no output"}`,
        true,
      );
}
