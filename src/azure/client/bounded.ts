/** A memory that forgets everything when what it holds weighs too much: what is met again is read again. */
export function bounded<T>(most: number) {
  let kept = new Map<string, T>();
  let weight = 0;
  return {
    get: (key: string): T | undefined => kept.get(key),
    /** Answers the value. */
    set(key: string, value: T, weighs: number): T {
      if (weight + weighs > most) {
        kept = new Map();
        weight = 0;
      }
      weight += weighs;
      kept.set(key, value);
      return value;
    },
  };
}

/**
 * A memory for long texts, two to a value, which are compared instead of hashed: a look at two places tells nearly all
 * apart, and comparing two equal texts is several times quicker than hashing one.
 */
export function textMemory<T>(most: number) {
  const kept = bounded<{ a: string; b: string; value: T }[]>(most);
  const keyOf = (a: string, b: string) => `${glance(a)}|${glance(b)}`;
  return {
    get: (a: string, b: string): T | undefined =>
      kept.get(keyOf(a, b))?.find((one) => one.a === a && one.b === b)?.value,
    /** Answers the value. */
    set(a: string, b: string, value: T): T {
      const key = keyOf(a, b);
      kept.set(key, [...(kept.get(key) ?? []), { a, b, value }], a.length + b.length + key.length);
      return value;
    },
  };
}

/** Its length, where a list of vulnerabilities names the first one, and where an id has its digest. */
function glance(text: string): string {
  return text.length <= 60 ? text : `${text.length} ${text.slice(10, 28)} ${text.slice(-12)}`;
}
