import { type Logger, LogLevel } from "@slack/web-api";
import type { Log } from "../ports/process.ts";

/** The Web API client says nothing that its errors do not say; on lower levels it would print message texts. */
export const quietLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** Bolt's and Socket Mode's warnings and errors as our log lines. Their lower levels print whole payloads. */
export function boltLogger(log: Log): Logger {
  const words = (parts: unknown[]) =>
    parts
      .map((part) => (part instanceof Error ? part.message : typeof part === "string" ? part : ""))
      .join(" ")
      .trim();
  return {
    ...quietLogger,
    warn: (...parts) => log.warn({ from: "bolt" }, words(parts)),
    error: (...parts) => log.error({ from: "bolt" }, words(parts)),
    getLevel: () => LogLevel.WARN,
  };
}
