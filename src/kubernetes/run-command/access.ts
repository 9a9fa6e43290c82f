import { saidByKubectl, trouble } from "../connection/refusal.ts";
import type { Answered, Ask, Transport } from "../connection/transport.ts";
import { capped, parsed } from "../objects/read.ts";
import { mostOutput } from "../pods/exec.ts";
import type { CommandRunner } from "./commands.ts";
import { execScript, type Part, partsOf, type Script, scriptOf } from "./kubectl.ts";

/** What kubectl says of the command that it ran, on top of the command's own output [kubectl exec]. */
const terminated = /\n?command terminated with exit code \d+\s*$/;

/**
 * The way for clusters whose API server cannot be reached from here: Azure runs kubectl in a pod beside it. Slow (each
 * call is a pod), so several requests go together; and what is longer than 512 kB does not come back.
 */
export function commandTransport(run: CommandRunner): Transport {
  const parts = async (
    make: (mark: string) => Script,
  ): Promise<{ parts: Part[]; cut: boolean; left: string }> => {
    const { end, mark } = await run(make);
    return { parts: partsOf(end.output, mark), cut: end.cut, left: end.output };
  };
  const single = async (make: (mark: string) => Script): Promise<Part> => {
    const { parts: outputs, cut, left } = await parts(make);
    if (!outputs[0]) throw incomplete(cut, left);
    return outputs[0];
  };
  /** What the cut took away is asked for again, with less before it; alone if it must be. */
  const askAll = async (asks: readonly Ask[], options?: { stop: boolean }): Promise<Answered[]> => {
    if (asks.length === 0) return [];
    const { parts: outputs, cut, left } = await parts((mark) => scriptOf(asks, options, mark));
    const answers = asks.slice(0, outputs.length).map((ask, index) => answerOf(ask, outputs[index]!));
    const stopped = options?.stop && answers.some(({ error }) => error);
    if (answers.length === asks.length || stopped) return answers;
    if (!cut || asks.length === 1)
      return [...answers, ...asks.slice(outputs.length).map(() => ({ error: incomplete(cut, left) }))];
    const alone = outputs.length === 0 ? 1 : 0;
    return [
      ...answers,
      ...(await askAll(asks.slice(outputs.length, outputs.length + alone), options)),
      ...(await askAll(asks.slice(outputs.length + alone), options)),
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
      const { exitCode, output } = await single((mark) => scriptOf([{ kind: "get", path }], undefined, mark));
      if (exitCode !== 0) throw saidByKubectl(output);
      return output.slice(0, most);
    },
    async exec(pod, command) {
      const { exitCode, output } = await single((mark) => execScript(pod, command, mark));
      const own = /^(?:Error from server|error: |Unable to connect|The \S+ "[^"\n]*" is invalid)/m.test(
        output,
      );
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
