import { inspect } from "node:util";
import { pino } from "pino";
import type { Settings } from "../domain/settings.ts";
import type { Log } from "../ports/process.ts";

/** Whatever a caller hands over: these never reach a log. */
const secretPaths = [
  "token",
  "botToken",
  "appToken",
  "signingSecret",
  "password",
  "authorization",
  "Authorization",
];

/** Anything in a text that looks like a Slack token, a bearer token or a password in a URL. */
const secretTexts = /xox[a-z]-[\w-]+|xapp-[\w-]+|Bearer\s+[\w.~+/-]+=*|(?<=:\/\/)[^\s:/@]*:[^\s/@]+(?=@)/gi;

/** JSON lines on standard output. */
export function jsonLog(level: Settings["logLevel"]): Log {
  const logger = pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: [...secretPaths, ...secretPaths.map((path) => `*.${path}`)], censor: "[redacted]" },
    serializers: { error: errorFields, err: errorFields },
    hooks: {
      logMethod(args, method) {
        method.apply(this, args.map((arg) => (typeof arg === "string" ? cleaned(arg) : arg)) as typeof args);
      },
    },
  });
  return {
    info: (about, message) => logger.info(about, message),
    warn: (about, message) => logger.warn(about, message),
    error: (about, message) => logger.error(about, message),
    debug: (about, message) => logger.debug(about, message),
  };
}

/** Name, message, stack and causes, without what libraries hang on errors: requests carry headers. */
function errorFields(error: unknown): unknown {
  if (!(error instanceof Error)) return cleaned(typeof error === "string" ? error : inspect(error));
  const { name, message, stack, cause } = error;
  return {
    name,
    message: cleaned(message),
    stack: cleaned(stack ?? ""),
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}

function cleaned(text: string): string {
  return text.replace(secretTexts, "[redacted]");
}
