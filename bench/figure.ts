/** One figure of `npm run bench`: the median of its pairs against its goal. */
export type Figure = {
  name: string;
  goal: number;
  unit?: "MB" | "ms" | "B";
  /** One value for each pair of product and bound, or for each run of an absolute figure. */
  values: readonly number[];
  /** What was measured, and what it was compared with. */
  bound: string;
  /** What is worth knowing beside the figure. */
  notes?: readonly string[];
};

/** A group of figures. `large`: at the larger sizes that it may have, which take longer. */
export type Bench = (options: { large: boolean }) => Promise<Figure[]>;

/** `bench NAME: VALUE (goal ≤ GOAL) ok` or `… short`, and below it the spread, the bound and the notes. */
export function lines({ name, goal, unit, values, bound, notes = [] }: Figure): string[] {
  const value = median(values);
  const shown = (one: number) => `${number(one)}${unit ? ` ${unit}` : ""}`;
  const verdict = value <= goal ? "ok" : "short";
  const spread = `${number(Math.min(...values))}–${shown(Math.max(...values))}`;
  return [
    `bench ${name}: ${shown(value)} (goal ≤ ${goal}${unit ? ` ${unit}` : ""}) ${verdict}`,
    `    spread ${spread} over ${values.length} ${unit ? "runs" : "pairs"}; ${bound}`,
    ...notes.map((note) => `    ${note}`),
  ];
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value below which `share` of the values lie: 0.99 is the 99th percentile. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error("there is nothing to take a quantile of");
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const [low, high] = [sorted[Math.floor(place)]!, sorted[Math.ceil(place)]!];
  return low + (high - low) * (place - Math.floor(place));
}

/** Enough digits to tell a value from its goal. */
function number(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return String(Math.round(value));
  return value >= 0.1 ? value.toFixed(2) : value.toPrecision(2);
}

/** Milliseconds as a note shows them. */
export function ms(value: number): string {
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} ms`;
}

/** Resolves when the condition holds, which is looked at every so often; throws after so many seconds. */
export async function eventually(
  what: string,
  condition: () => boolean | Promise<boolean>,
  { seconds = 60, everyMs = 20 } = {},
): Promise<void> {
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await pause(everyMs)) {
    if (await condition()) return;
  }
  throw new Error(`${what}: not within ${seconds} s`);
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
