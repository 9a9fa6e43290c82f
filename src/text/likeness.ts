/**
 * How many letters must be added, dropped, changed or swapped with a neighbour to turn `a` into `b`
 * (Damerau–Levenshtein, optimal string alignment).
 */
export function editDistance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      row[j] = Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (swapped) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, above] = [above, row];
  }
  return above[to.length]!;
}

/** Names that are compared letter by letter: each costs up to 60 × 60 steps. */
const mostCompared = 500;

/** The candidate that was probably meant, or undefined where none is near: a third of the letters may differ. */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  // Nobody's typing error is longer than this; without the bound, a hostile word would cost its square.
  const wanted = word.toLowerCase().slice(0, 60);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const name = candidate.toLowerCase();
    const distance = name.startsWith(wanted) && wanted.length > 2 ? 1 : editDistance(wanted, name);
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, name.length) / 3));
    if (distance <= allowed && (!best || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** `nearest` among any number of names: of many, those that share the longest beginning are compared. */
export function nearestName(word: string, names: ReadonlySet<string>): string | undefined {
  return nearest(word, likeliest(word, names));
}

/** The names that share the longest beginning: who mistypes a name mostly gets its beginning right. */
function likeliest(word: string, names: ReadonlySet<string>): string[] {
  if (names.size <= mostCompared) return [...names];
  const wanted = word.toLowerCase();
  const shared = (name: string) => {
    const lower = name.toLowerCase();
    let count = 0;
    while (count < wanted.length && wanted[count] === lower[count]) count++;
    return count;
  };
  return [...names]
    .map((name) => ({ name, count: shared(name) }))
    .sort((a, b) => b.count - a.count)
    .slice(0, mostCompared)
    .map(({ name }) => name);
}
