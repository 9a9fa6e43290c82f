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
