/**
 * Takes secrets out of log lines before they are stored or shown. The attack prints the beginning of real tokens
 * (facts/defender.md, section 5): rather a harmless word too many is taken out than a token left in.
 */
const gone = "[redacted]";

/** Names of values that are secrets, in JSON, in queries and in environments: `access_token":"…`, `DB_PASSWORD=…`. */
const named =
  /((?:token|secret|passw(?:or)?d|pwd|credential|api[_-]?key|access[_-]?key|account[_-]?key|private[_-]?key|signature|authorization|cookie)s?\\?["']?\s*[:=]\s*\\?["']?(?:(?:bearer|basic)\s+)?)[^\s"'\\,;&]{4,}/gi;

/** What follows the word, as headers have it. */
const bearer = /\b(bearer|basic)\s+[^\s"',;]{4,}/gi;

/** What a JSON web token consists of. */
const joined = /[A-Za-z0-9+/_=.-]{5,}/g;

/** The beginning of a JSON web token: `{"` in base64. */
const webToken = /e[yw][A-Za-z0-9][A-Za-z0-9+/_=.-]{2}/;

/** Anything long of base64's alphabet; paths and names of objects are excluded below. */
const long = /[A-Za-z0-9+/_=-]{16,}/g;

/** The line without what is, or might be, a token. */
export function redact(line: string): string {
  return line
    .replace(named, `$1${gone}`)
    .replace(bearer, `$1 ${gone}`)
    .replace(joined, withoutWebToken)
    .replace(long, (run) => (random(run) ? gone : run));
}

/** Without the web token, and what precedes it up to a dot: a pattern for both takes quadratic time. */
function withoutWebToken(run: string): string {
  const start = run.search(webToken);
  return start < 0 ? run : `${run.slice(0, run.lastIndexOf(".", start) + 1)}${gone}`;
}

/** Letters of both cases with digits, or hexadecimal digits: no path, no name of an object, no word. */
function random(run: string): boolean {
  const digits = /[0-9]/.test(run);
  if (/[0-9a-f]{16,}/i.test(run) && digits) return true;
  if (/[A-Z]/.test(run) && /[a-z]/.test(run) && (digits || run.length >= 32)) return true;
  // The last resort for what is long and has no word boundaries at all: a key may happen to have no digit.
  return run.length >= 24 && !/[/_-]/.test(run);
}
