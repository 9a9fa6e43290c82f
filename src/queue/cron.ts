import { createTask, parse, validateDetailed } from "node-cron";

/** What is wrong with a cron line (five fields, or six with seconds first), or undefined. */
export function validCron(line: string): string | undefined {
  const { valid, errors } = validateDetailed(line);
  return valid ? undefined : errors.map(({ message }) => message).join("; ");
}

const quarter = 15 * 60_000;

/**
 * The latest time at which a cron line was due, in (`after`, `now`]; undefined where there was none.
 * @param line a valid cron line
 * @param timezone IANA name
 * @returns ISO time of the slot
 */
export function previousSlot(line: string, timezone: string, after: string, now: string): string | undefined {
  const fields = parse(line);
  const dayAndHour = `${fields.hour} ${fields.dayOfMonth} ${fields.month} ${fields.dayOfWeek}`;
  // node-cron only looks forward. A task is never started here: it is asked whether a time matches. No time zone
  // changes its hour within a quarter of an hour, so that whole quarters can be passed over.
  const due = createTask(line, () => undefined, { timezone });
  const hourDue = createTask(`* * ${dayAndHour}`, () => undefined, { timezone });
  const seconds = [...fields.second].sort((a, b) => b - a);
  const [from, to] = [Date.parse(after), Date.parse(now)];
  for (let start = Math.floor(to / quarter) * quarter; start + quarter > from; start -= quarter) {
    if (!hourDue.match(new Date(start))) continue;
    for (let minute = 14; minute >= 0; minute--) {
      for (const second of seconds) {
        const time = start + minute * 60_000 + second * 1000;
        if (time <= from) return undefined;
        if (time <= to && due.match(new Date(time))) return new Date(time).toISOString();
      }
    }
  }
  return undefined;
}
