import { UpstreamError } from "../errors.ts";

export function codeOf(error: Error): string {
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

const passing = new Set(
  "LOADING READONLY CLUSTERDOWN TRYAGAIN MASTERDOWN BUSY MOVED ASK NOREPLICAS OOM MISCONF EXECABORT".split(
    " ",
  ),
);

/**
 * The first word of an error reply. Redis 6.2 and older wrap what a command within a script answered:
 * "ERR Error running script (call to f_…): @user_script:1: @user_script: 1: -READONLY You can't write …".
 */
export function replyWord({ message }: Error): string {
  const inner = message.startsWith("ERR Error running script") ? message.indexOf(": -") : -1;
  return message.slice(inner < 0 ? 0 : inner + 3).split(" ", 1)[0] ?? "";
}

/** ioredis gives these no name or code of their own. */
const lostMessages = new Set([
  "Connection is closed.",
  "Command timed out",
  "None of startup nodes is available",
  "Cluster is ended.",
]);

/** Any error of ioredis as an `UpstreamError` of the system `redis`; other errors stay what they are. */
export function redisError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UpstreamError) return error;
  const code = codeOf(error);
  const word = error.name === "ReplyError" ? replyWord(error) : code;
  const ours = ["ReplyError", "MaxRetriesPerRequestError", "ClusterAllFailedError", "AbortError"].includes(
    error.name,
  );
  const lost = lostMessages.has(error.message) || /^E[A-Z]+$/.test(code);
  if (!ours && !lost) return error;
  const retryable = error.name !== "ReplyError" || passing.has(word);
  return new UpstreamError("Redis did not do what it was asked", {
    system: "redis",
    code: word,
    retryable,
    cause: error,
  });
}
