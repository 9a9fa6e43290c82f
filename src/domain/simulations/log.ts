import { redact } from "./redact.ts";
import type { LogReading, Run } from "./simulation.ts";

/** What is kept of a log: enough to see what happened, never the whole of it. */
const linesKept = 60;
const lineLength = 300;

/**
 * Reads on in the log of a step. The attack has happened only where each heading of the scenario was in the log with
 * a result line below it: the closing line alone is printed even when the victim was never reached (facts/defender.md,
 * section 5).
 * @param before how far the log was read
 * @param lines whole lines after that, as the log has them
 */
export function readLog(
  before: LogReading | undefined,
  lines: readonly string[],
  { headings, ends }: { headings: readonly string[]; ends: string },
): LogReading {
  const reading: LogReading = before
    ? { ...before, results: [...before.results] }
    : { lines: 0, results: headings.map(() => 0), ended: false };
  for (const line of lines) {
    reading.lines++;
    const heading = headings.findIndex((one) => line.includes(one));
    if (heading >= 0) reading.heading = heading;
    else if (ends !== "" && line.includes(ends)) reading.ended = true;
    // Another heading, of an attack that is not this scenario's.
    else if (/^\s*---+ .* ---+\s*$/.test(line)) reading.heading = undefined;
    else if (reading.heading !== undefined && isResult(line))
      reading.results[reading.heading] = (reading.results[reading.heading] ?? 0) + 1;
  }
  return reading;
}

/**
 * What the attacker announces before it asks the victim is no result [attack.sh], nor what its tools say of a victim that
 * they did not reach, nor a web server's page about an error.
 */
const noResult =
  /^\s*(?:Sending (?:command|payload)\b|curl: \(\d+\)|<)|could not resolve host|connection refused/i;

function isResult(line: string): boolean {
  return line.trim() !== "" && !noResult.test(line);
}

/** Headings without any result: empty where the attack happened. */
export function unproven(reading: LogReading | undefined, headings: readonly string[]): string[] {
  return headings.filter((_, index) => !reading?.results[index]);
}

/** The run with these lines, redacted, at the end of what is kept of its log. */
export function withLog(run: Run, lines: readonly string[]): Run {
  const added = lines.slice(-linesKept).map((line) => cut(redact(line.replace(/\r$/, ""))));
  return { ...run, log: [...run.log, ...added].slice(-linesKept), logged: run.logged + lines.length };
}

function cut(line: string): string {
  return line.length > lineLength ? `${line.slice(0, lineLength - 1)}…` : line;
}
