/** One figure: what was measured in each pair, and what it is held against. */
export type Figure = { name: string; values: number[]; goal?: number; unit?: string; about: string };

/** The middle of some numbers; of an even count the lower one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}

/** The value below which this share of the numbers lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Prints `bench NAME: VALUE (goal ≤ GOAL) ok` or `short`, then the spread and what the bound was. */
export function print({ name, values, goal, unit = "", about }: Figure): void {
  const value = median(values);
  const judged =
    goal === undefined ? "(for information)" : `(goal ≤ ${goal}${unit}) ${value <= goal ? "ok" : "short"}`;
  const [least, most] = [Math.min(...values), Math.max(...values)].map((one) => one.toFixed(2));
  process.stdout.write(`bench ${name}: ${value.toFixed(2)}${unit} ${judged}\n`);
  process.stdout.write(`  ${values.length} pairs, ${least} to ${most}${unit}; ${about}\n`);
}
